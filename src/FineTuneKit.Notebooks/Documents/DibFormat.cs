using System.Text;
using System.Text.RegularExpressions;

namespace FineTuneKit.Notebooks.Documents;

/// <summary>.NET Interactive's text format: a line <c>#!language</c> begins a cell; <c>#!meta</c> begins the metadata, JSON.</summary>
internal static partial class DibFormat
{
    private const string Meta = "meta", Markdown = "markdown";

    public static NotebookDocument Parse(string text)
    {
        var cells = new List<NotebookCell>();
        string language = NotebookCell.CSharp;
        var source = new List<string>();
        foreach (string line in text.TrimStart('\uFEFF').Split('\n').Select(l => l.TrimEnd('\r')))
        {
            if (CellStart().Match(line) is { Success: true } start)
            {
                Add(cells, language, source);
                language = Canonical(start.Groups[1].Value);
                source.Clear();
            }
            else
            {
                source.Add(line);
            }
        }
        Add(cells, language, source);
        return new NotebookDocument(cells);
    }

    public static string Write(NotebookDocument notebook)
    {
        var text = new StringBuilder("""
            #!meta

            {"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":[],"languageName":"csharp","name":"csharp"}]}}

            """);
        foreach (NotebookCell cell in notebook.Cells.Where(c => c.Kind != CellKind.Raw))
            text.Append("\n#!").Append(cell.Kind == CellKind.Markdown ? Markdown : cell.Language).Append("\n\n").Append(cell.Source.Trim('\n')).Append('\n');
        return text.ToString();
    }

    private static void Add(List<NotebookCell> cells, string language, List<string> source)
    {
        string text = string.Join('\n', source).Trim('\n');
        if (text.Length == 0 || language == Meta) return;
        cells.Add(language == Markdown ? new NotebookCell(CellKind.Markdown, text) : new NotebookCell(CellKind.Code, text, language));
    }

    private static string Canonical(string name) => name switch { "c#" or "C#" => NotebookCell.CSharp, "md" => Markdown, _ => name };

    // Other directives, such as #!time, belong to the cell.
    [GeneratedRegex(@"^#!(meta|markdown|md|csharp|c#|C#|fsharp|f#|F#|pwsh|powershell|javascript|js|html|mermaid|sql|kql|http)\s*$")]
    private static partial Regex CellStart();
}
