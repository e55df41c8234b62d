using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using FineTuneKit.Notebooks.Directives;
using FineTuneKit.Notebooks.Display;
using FineTuneKit.Notebooks.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>Runs cells one after another, each knowing what those before it declared.</summary>
public sealed class ScriptSession : IDisposable
{
    /// <summary>The namespaces that every cell knows: those of .NET Interactive, and the kit's for display.</summary>
    internal static readonly ImmutableArray<string> Imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(Kernel).Namespace!, typeof(Formatter).Namespace!, typeof(Kernel).FullName!,
    ];

    private const int ImportDepth = 16;

    // Nothing that a cell could see, but most of what the compiler has to load for one.
    private const string WarmUp = """
        {
            var squares = new[] { 1, 2, 3 }.Select(n => n * n).ToList();
            await Task.Yield();
            string text = $"{squares.Count}";
        }
        """;

    private readonly Dictionary<string, string> _sources = [], _values = [];
    private readonly List<PackageRequest> _packages = [];
    private readonly List<string> _packageSources = [];
    private readonly CellErrors _errors;
    private readonly long _outputLimit;
    private readonly Lock _running = new();
    private readonly Task<ScriptState<object>> _warm;
    private ScriptOptions _options;
    private ScriptState<object>? _state;
    private InterruptibleRun? _run;
    private int _cells;

    /// <summary>A new session; the compiler warms up while the notebook is read.</summary>
    /// <param name="outputLimit">Characters of output that a cell keeps.</param>
    public ScriptSession(long outputLimit = LimitedOutputs.DefaultLimit)
    {
        _outputLimit = outputLimit;
        _errors = new CellErrors(_sources.GetValueOrDefault);
        CellConsole.Install();
        _options = ScriptOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14).WithAllowUnsafe(true)
            .WithReferences(KitReferences.Framework).WithImports(Imports)
            .WithMetadataResolver(KitReferences.Here())
            // A search path, not a base: that would become a part of the cells' names in stack traces.
            .WithSourceResolver(ScriptSourceResolver.Default.WithSearchPaths(Environment.CurrentDirectory))
            .WithEmitDebugInformation(true).WithFileEncoding(Encoding.UTF8)
            // Loops that a cell writes out should run as fast as they can.
            .WithOptimizationLevel(OptimizationLevel.Release);
        ScriptOptions first = _options;
        _warm = Task.Run(() => CSharpScript.RunAsync(WarmUp, first));
    }

    /// <summary>The variables declared so far, the newest of each name.</summary>
    internal IEnumerable<ScriptVariable> Variables => (_state?.Variables ?? []).Reverse().DistinctBy(v => v.Name).OrderBy(v => v.Name, StringComparer.Ordinal);

    /// <summary>The code that ran so far, in order, with what it could refer to; for completion.</summary>
    internal List<string> Submissions { get; } = [];

    /// <summary>What code refers to at present.</summary>
    internal ScriptOptions Options => _options;

    /// <summary>Runs a cell.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="outputs">Where its outputs go.</param>
    /// <param name="name">Its name in messages; null gives "cell N".</param>
    /// <param name="language">Its language.</param>
    /// <param name="limit">Its time; null means without limit.</param>
    /// <param name="cancel">Ends it, as <see cref="Interrupt"/> does.</param>
    public CellResult Run(string source, ICellOutputs outputs, string? name = null, string language = NotebookCell.CSharp, TimeSpan? limit = null, CancellationToken cancel = default)
    {
        _cells++;
        name ??= string.Create(CultureInfo.InvariantCulture, $"cell {_cells}");
        _sources[name] = source;
        var limited = new LimitedOutputs(outputs, _outputLimit);
        // The compiler's start is not the cell's time.
        _warm.Wait(CancellationToken.None);
        var clock = Stopwatch.StartNew();
        using var run = new InterruptibleRun();
        lock (_running) _run = run;
        using CancellationTokenRegistration registration = cancel.Register(run.Interrupt);
        try
        {
            RunEnd end = run.Run(() => RunSegments(CellDirectives.Cut(source, language), name, limited, clock, 0, run.Token), limit);
            CellError? error = end == RunEnd.Completed ? null : Stopped(end, limit, run);
            return new CellResult(end switch { RunEnd.Completed => CellStatus.Done, RunEnd.TimedOut => CellStatus.TimedOut, _ => CellStatus.Interrupted }, error, clock.Elapsed);
        }
        catch (Exception e)
        {
            return new CellResult(CellStatus.Failed, Describe(e, name), clock.Elapsed);
        }
        finally
        {
            lock (_running) _run = null;
            limited.Close();
        }
    }

    /// <summary>Interrupts the cell that runs: a training run ends after its step with a checkpoint, a loop at once. The second time nothing is waited for.</summary>
    public void Interrupt()
    {
        lock (_running) _run?.Interrupt();
    }

    /// <inheritdoc/>
    public void Dispose() => _warm.Wait();

    private CellError Describe(Exception e, string name) => e switch
    {
        DirectiveException directive => _errors.Of(directive, name),
        CompilationErrorException compilation => _errors.Of([.. compilation.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)]),
        _ => _errors.Of(e),
    };

    private static CellError Stopped(RunEnd end, TimeSpan? limit, InterruptibleRun run)
    {
        string message = end == RunEnd.TimedOut ? string.Create(CultureInfo.InvariantCulture, $"the cell ran longer than its limit of {limit!.Value.TotalSeconds:0.###} seconds and was ended") : "the cell was interrupted";
        if (run.Notice is { } notice) message += $". {notice}";
        if (run.StillRuns) message += ". It did not stop: what it started goes on in the background until the session is restarted";
        string name = end == RunEnd.TimedOut ? "CellTimeout" : "Interrupted";
        return new CellError(name, message, [$"{name}: {message}"]);
    }

    private async Task RunSegments(IReadOnlyList<Segment> segments, string name, LimitedOutputs outputs, Stopwatch clock, int depth, CancellationToken cancel)
    {
        KernelInvocationContext.Current = new KernelInvocationContext(outputs, cancel);
        await RestorePackages(segments, outputs, cancel);
        TimeSpan? timedFrom = null;
        foreach (Segment segment in segments)
        {
            switch (segment)
            {
                case CodeSegment code:
                    await RunCode(code.Code, name, outputs, cancel);
                    break;
                case MarkupSegment markup:
                    outputs.Display(new MimeBundle(markup.MimeType, markup.Text), NewId());
                    break;
                case ValueSegment value:
                    _values[value.Name] = value.Text;
                    break;
                case SetSegment set:
                    await RunCode(Assignment(set), name, outputs, cancel);
                    break;
                case TimeSegment:
                    timedFrom ??= clock.Elapsed;
                    break;
                case ImportSegment import:
                    await Import(import, outputs, clock, depth, cancel);
                    break;
                case VariablesSegment variables:
                    outputs.Display(Describe(variables), NewId());
                    break;
                case AboutSegment about:
                    outputs.Display(new MimeBundle(MimeBundle.Text, About(about)), NewId());
                    break;
            }
        }
        if (timedFrom is { } from) outputs.Display(new MimeBundle(MimeBundle.Text, string.Create(CultureInfo.InvariantCulture, $"Wall time: {(clock.Elapsed - from).TotalMilliseconds:0.###}ms")), NewId());
    }

    private async Task RunCode(string code, string name, LimitedOutputs outputs, CancellationToken cancel)
    {
        ScriptState<object> before = _state ?? await _warm;
        Script<object> script = before.Script.ContinueWith<object>(InterruptibleLoops.In(code), _options.WithFilePath(name));
        List<Diagnostic> errors = [.. script.Compile(cancel).Where(d => d.Severity == DiagnosticSeverity.Error)];
        if (errors.Count > 0) throw new CompilationErrorException(errors[0].ToString(), [.. errors]);
        cancel.ThrowIfCancellationRequested();
        ScriptState<object> after = await script.RunFromAsync(before, catchException: _ => true, cancel);
        // What the cell had declared before it threw stays declared.
        _state = after;
        Submissions.Add(code);
        if (after.Exception is { } thrown) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(thrown).Throw();
        if (after.ReturnValue is { } value) outputs.Result(Formatter.Format(value));
        else if (EndsWithValue(script)) outputs.Result(Formatter.Format(null));
    }

    private static bool EndsWithValue(Script script)
    {
        Compilation compilation = script.GetCompilation();
        SyntaxTree tree = compilation.SyntaxTrees.Last();
        return tree.GetRoot() is CompilationUnitSyntax { Members: [.., GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }] }
            && compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type is { SpecialType: not SpecialType.System_Void };
    }

    private async Task RestorePackages(IReadOnlyList<Segment> segments, LimitedOutputs outputs, CancellationToken cancel)
    {
        _packageSources.AddRange(segments.OfType<PackageSourceSegment>().Select(s => s.Source));
        List<PackageSegment> wanted = [.. segments.OfType<PackageSegment>()];
        if (wanted.Count == 0) return;
        foreach (PackageSegment package in wanted)
        {
            _packages.RemoveAll(p => string.Equals(p.Name, package.Name, StringComparison.OrdinalIgnoreCase));
            _packages.Add(new PackageRequest(package.Name, package.Version));
        }
        RestoredPackages restored;
        try
        {
            restored = await Task.Run(() => PackageRestore.Run(_packages, _packageSources, cancel), cancel);
        }
        catch
        {
            _packages.RemoveAll(p => wanted.Exists(w => string.Equals(w.Name, p.Name, StringComparison.OrdinalIgnoreCase)));
            throw;
        }
        NativeLibraries.Add(restored.NativeFiles);
        HashSet<string> known = [.. _options.MetadataReferences.OfType<PortableExecutableReference>().Select(r => r.FilePath ?? "")];
        _options = _options.AddReferences(restored.Assemblies.Where(a => !known.Contains(a)).Select(a => KitReferences.Reference(a)));
        string[] names = [.. wanted.Select(w => restored.Installed.FirstOrDefault(i => i.StartsWith(w.Name + " ", StringComparison.OrdinalIgnoreCase)) ?? w.Name)];
        outputs.Display(new MimeBundle(MimeBundle.Text, $"Installed packages: {string.Join(", ", names)}"), NewId());
    }

    private async Task Import(ImportSegment import, LimitedOutputs outputs, Stopwatch clock, int depth, CancellationToken cancel)
    {
        if (depth >= ImportDepth) throw new DirectiveException(import.Line, $"{import.File} is imported {ImportDepth} files deep; files that import each other do not end");
        if (!File.Exists(import.File)) throw new DirectiveException(import.Line, $"{import.File}: no such file in {Environment.CurrentDirectory}");
        if (Path.GetExtension(import.File) is not (NotebookFile.Ipynb or NotebookFile.Dib))
        {
            await RunImported(File.ReadAllText(import.File), NotebookCell.CSharp, import.File);
            return;
        }
        int number = 0;
        foreach (NotebookCell cell in NotebookFile.Read(import.File).Cells)
        {
            number++;
            if (cell.Kind == CellKind.Code) await RunImported(cell.Source, cell.Language, string.Create(CultureInfo.InvariantCulture, $"{import.File}, cell {number}"));
        }

        async Task RunImported(string source, string language, string name)
        {
            _sources[name] = source;
            await RunSegments(CellDirectives.Cut(source, language), name, outputs, clock, depth + 1, cancel);
        }
    }

    private string Assignment(SetSegment set)
    {
        if (!SyntaxFacts.IsValidIdentifier(set.Name)) throw new DirectiveException(set.Line, $"\"{set.Name}\" is no name of a variable");
        string lead = new('\n', set.Line - 1);
        if (!set.Value.StartsWith('@')) return $"{lead}string {set.Name} = {SymbolDisplay.FormatLiteral(set.Value, quote: true)};";
        (string kernel, string name) = set.Value[1..].Split(':', 2) is [var k, var n] ? (k, n) : (NotebookCell.CSharp, set.Value[1..]);
        switch (kernel)
        {
            case "value":
                string text = _values.TryGetValue(name, out string? kept) ? kept : throw new DirectiveException(set.Line, $"no #!value has the name \"{name}\"; known are {string.Join(", ", _values.Keys.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}");
                return $"{lead}string {set.Name} = {SymbolDisplay.FormatLiteral(text, quote: true)};";
            case NotebookCell.CSharp:
                if (!Variables.Any(v => v.Name == name)) throw new DirectiveException(set.Line, $"no variable has the name \"{name}\"");
                return name == set.Name ? "" : $"{lead}var {set.Name} = {name};";
            default:
                throw new DirectiveException(set.Line, $"\"{kernel}\" holds no values here; csharp and value do");
        }
    }

    private MimeBundle Describe(VariablesSegment segment) => new(MimeBundle.Text, string.Join('\n', Variables.Select(v =>
        segment.WithValues ? $"{v.Name} ({v.Type.Name}): {ValueText.Of(v.Value, depth: 2)}" : v.Name)));

    private static string About(AboutSegment about) => about.Directives
        ? string.Join('\n', CellDirectives.Known.Select(d => $"{d.Key,-30} {d.Value}"))
        : $"FineTuneKit {typeof(ScriptSession).Assembly.GetName().Version!.ToString(3)}, C# 14, .NET {Environment.Version}";

    private static string NewId() => Guid.NewGuid().ToString("N");
}
