using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FineTuneKit.Notebooks.Directives;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>Says what went wrong in a cell: which cell and line, the line itself, and the exceptions within.</summary>
internal sealed partial class CellErrors(Func<string, string?> sourceOf)
{
    private const int ShownErrors = 10, ShownFrames = 12;

    /// <summary>Errors of the compiler, the place underlined.</summary>
    public CellError Of(IReadOnlyList<Diagnostic> diagnostics)
    {
        List<string> lines = [.. diagnostics.Take(ShownErrors).SelectMany(Describe)];
        if (diagnostics.Count > ShownErrors) lines.Add($"... and {diagnostics.Count - ShownErrors} more errors");
        Diagnostic first = diagnostics[0];
        return new CellError("CompilationError", $"{Place(first.Location.GetLineSpan())}: {first.Id}: {first.GetMessage(CultureInfo.InvariantCulture)}", lines);
    }

    /// <summary>A directive that cannot be followed.</summary>
    public CellError Of(DirectiveException e, string cell)
    {
        string place = $"{cell}, line {e.Line}";
        return new CellError("DirectiveError", $"{place}: {e.Message}", [$"{place}: {e.Message}", "    " + Line(cell, e.Line)]);
    }

    /// <summary>An exception with those within it.</summary>
    public CellError Of(Exception e)
    {
        var lines = new List<string>();
        Describe(e, lines, "");
        return new CellError(e.GetType().FullName ?? e.GetType().Name, e.Message, lines);
    }

    private IEnumerable<string> Describe(Diagnostic diagnostic)
    {
        FileLinePositionSpan span = diagnostic.Location.GetLineSpan();
        yield return $"{Place(span)}, column {span.StartLinePosition.Character + 1}: {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
        string source = Line(span.Path, span.StartLinePosition.Line + 1);
        if (source.Length == 0) yield break;
        int start = Math.Min(span.StartLinePosition.Character, source.Length);
        int end = span.EndLinePosition.Line == span.StartLinePosition.Line ? Math.Min(span.EndLinePosition.Character, source.Length) : source.Length;
        yield return "    " + source;
        // Tabs stay tabs, so that the squiggle stands under its text.
        yield return "    " + string.Concat(source[..start].Select(c => c == '\t' ? '\t' : ' ')) + new string('~', Math.Max(1, end - start));
    }

    private void Describe(Exception e, List<string> lines, string lead)
    {
        lines.Add($"{lead}{e.GetType().FullName}: {e.Message}");
        int shown = 0;
        foreach (StackFrame frame in new StackTrace(e, fNeedFileInfo: true).GetFrames())
        {
            string? where = Frame(frame);
            if (where is null) continue;
            if (++shown > ShownFrames) break;
            lines.Add(where);
        }
        IEnumerable<Exception> within = e is AggregateException several ? several.InnerExceptions : e.InnerException is { } one ? [one] : [];
        foreach (Exception inner in within) Describe(inner, lines, "caused by ");
    }

    private string? Frame(StackFrame frame)
    {
        if (frame.GetFileName() is { } file && sourceOf(file) is not null)
            return $"   {file}, line {frame.GetFileLineNumber()}: {Line(file, frame.GetFileLineNumber()).Trim()}";
        string name = DiagnosticMethodInfo.Create(frame) is { } method ? $"{method.DeclaringTypeName}.{method.Name}" : "?";
        return Machinery().IsMatch(name) ? null : $"   at {name}";
    }

    private static string Place(FileLinePositionSpan span) => $"{span.Path}, line {span.StartLinePosition.Line + 1}";

    private string Line(string cell, int line)
    {
        if (sourceOf(cell) is not { } source) return "";
        TextLineCollection lines = SourceText.From(source).Lines;
        return line >= 1 && line <= lines.Count ? lines[line - 1].ToString() : "";
    }

    // What stands between the cell and the runner says nothing about the cell.
    [GeneratedRegex(@"^(Submission#|Microsoft\.CodeAnalysis\.Scripting\.|FineTuneKit\.Notebooks\.Scripting\.|System\.Runtime\.(CompilerServices|ExceptionServices)|System\.Threading\.|System\.ThrowHelper)")]
    private static partial Regex Machinery();
}
