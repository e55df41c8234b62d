using System.Text;
using System.Text.RegularExpressions;
using FineTuneKit.Notebooks.Display;
using FineTuneKit.Notebooks.Documents;

namespace FineTuneKit.Notebooks.Directives;

/// <summary>Cuts a cell at its directives: the lines that begin with <c>#!</c>, and references to packages.</summary>
internal static partial class CellDirectives
{
    /// <summary>The directives, each with what it does, for <c>#!lsmagic</c> and completion.</summary>
    public static readonly IReadOnlyDictionary<string, string> Known = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["#!about"] = "what runs this notebook",
        ["#!csharp"] = "C# from here on",
        ["#!html"] = "HTML from here on, displayed",
        ["#!import FILE"] = "runs a .cs, .csx, .ipynb or .dib",
        ["#!javascript"] = "JavaScript from here on, for the front end",
        ["#!lsmagic"] = "this list",
        ["#!markdown"] = "Markdown from here on, displayed",
        ["#!set --name N --value V"] = "sets a variable; @csharp:M or @value:M takes another's value",
        ["#!share N --from K [--as M]"] = "makes K's value N known here",
        ["#!time"] = "how long the rest of the cell takes",
        ["#!value --name N"] = "keeps the text that follows under a name",
        ["#!who"] = "the variables",
        ["#!whos"] = "the variables with their values",
    };

    private static readonly Dictionary<string, string> Markup = new()
    {
        ["markdown"] = MimeBundle.Markdown,
        ["md"] = MimeBundle.Markdown,
        ["html"] = MimeBundle.Html,
        ["javascript"] = MimeBundle.JavaScript,
        ["js"] = MimeBundle.JavaScript,
    };

    /// <summary>The segments of a cell in order.</summary>
    /// <param name="source">The cell's text.</param>
    /// <param name="language">The cell's language, by its metadata.</param>
    /// <exception cref="DirectiveException">A directive or language that is not known, or wrongly written.</exception>
    public static IReadOnlyList<Segment> Cut(string source, string language = NotebookCell.CSharp)
    {
        var cutter = new Cutter();
        if (!IsCSharp(language)) cutter.Switch(language, "", 1);
        string[] lines = source.Replace("\r\n", "\n").Split('\n');
        for (int i = 0; i < lines.Length; i++) cutter.Line(lines[i], i + 1);
        return cutter.End();
    }

    private static bool IsCSharp(string name) => name is NotebookCell.CSharp or "c#" or "C#" or "cs";

    [GeneratedRegex(@"^\s*#!(?<name>[\w#-]+)\s*(?<rest>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex DirectiveLine();

    [GeneratedRegex("""^\s*#(?<kind>[ri])\s+"nuget:\s*(?<what>[^"]+)"\s*(//.*)?;?\s*$""", RegexOptions.ExplicitCapture)]
    private static partial Regex PackageLine();

    // Their names are known in every cell already, and a runner of its own has no such namespace.
    [GeneratedRegex(@"^\s*using\s+Microsoft\.DotNet\.Interactive(\.[\w.]+)?\s*;\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex InteractiveUsing();

    private sealed class Cutter
    {
        private readonly List<Segment> _segments = [];
        private readonly StringBuilder _text = new();
        private Func<string, Segment>? _markup;
        private int _start = 1;

        public void Line(string line, int number)
        {
            if (DirectiveLine().Match(line) is { Success: true } directive)
                Directive(directive.Groups["name"].Value, directive.Groups["rest"].Value.Trim(), number);
            else if (_markup is null && PackageLine().Match(line) is { Success: true } package)
                Package(package.Groups["kind"].Value, package.Groups["what"].Value, number);
            else
                _text.Append(_markup is null && InteractiveUsing().IsMatch(line) ? "" : line).Append('\n');
        }

        public IReadOnlyList<Segment> End()
        {
            Flush();
            return _segments;
        }

        public void Switch(string name, string rest, int number)
        {
            Flush();
            _start = number;
            if (IsCSharp(name)) return;
            if (Markup.TryGetValue(name, out string? mimeType)) _markup = text => new MarkupSegment(number, mimeType, text);
            else if (name == "value") _markup = text => new ValueSegment(number, Required(Options.Parse(rest, number), "name", "#!value", number), text);
            else throw new DirectiveException(number, $"#!{name} is neither a directive nor a language that runs here: C#, Markdown, HTML and JavaScript do. #!lsmagic lists the directives");
        }

        private void Directive(string name, string rest, int number)
        {
            if (IsCSharp(name) || name == "value" || Markup.ContainsKey(name))
            {
                Switch(name, rest, number);
                if (_markup is null) Blank(number);
                return;
            }
            Segment segment = name switch
            {
                "time" => new TimeSegment(number),
                "import" => new ImportSegment(number, rest.Trim('"') is { Length: > 0 } file ? file : throw new DirectiveException(number, "#!import names no file; a .cs, .csx, .ipynb or .dib is required")),
                "set" => Set(Options.Parse(rest, number), number),
                "share" => Share(Options.Parse(rest, number), number),
                "who" => new VariablesSegment(number, WithValues: false),
                "whos" => new VariablesSegment(number, WithValues: true),
                "about" => new AboutSegment(number, Directives: false),
                "lsmagic" => new AboutSegment(number, Directives: true),
                _ => throw new DirectiveException(number, $"#!{name} is neither a directive nor a language that runs here: C#, Markdown, HTML and JavaScript do. #!lsmagic lists the directives"),
            };
            Flush();
            _segments.Add(segment);
            Blank(number);
        }

        // References are taken before the code, and the code keeps its line numbers.
        private void Package(string kind, string what, int number)
        {
            string[] parts = what.Split(',', StringSplitOptions.TrimEntries);
            _segments.Insert(_segments.Count, kind == "i" ? new PackageSourceSegment(number, what) : new PackageSegment(number, parts[0], parts.Length > 1 ? parts[1] : null));
            _text.Append('\n');
        }

        private void Blank(int number) => _start = number + 1;

        private void Flush()
        {
            string text = _text.ToString();
            _text.Clear();
            if (_markup is not null) _segments.Add(_markup(text.Trim('\n')));
            else if (!string.IsNullOrWhiteSpace(text)) _segments.Add(new CodeSegment(_start, new string('\n', _start - 1) + text.TrimEnd('\n')));
            _markup = null;
        }

        private static SetSegment Set(Options options, int line) =>
            new(line, Required(options, "name", "#!set", line), Required(options, "value", "#!set", line));

        private static SetSegment Share(Options options, int line)
        {
            string name = options.Argument ?? throw new DirectiveException(line, "#!share names no value; \"#!share NAME --from KERNEL\" is required");
            return new SetSegment(line, options["as"] ?? name, $"@{Required(options, "from", "#!share", line)}:{name}");
        }

        private static string Required(Options options, string name, string directive, int line) =>
            options[name] ?? throw new DirectiveException(line, $"{directive} has no --{name}, which is required");
    }
}
