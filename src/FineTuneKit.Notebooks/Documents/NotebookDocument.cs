using System.Text.Json.Nodes;

namespace FineTuneKit.Notebooks.Documents;

/// <summary>A notebook in memory: its cells and its metadata.</summary>
public sealed class NotebookDocument
{
    internal NotebookDocument(JsonObject json, IEnumerable<NotebookCell> cells)
    {
        Json = json;
        Cells.AddRange(cells);
    }

    /// <summary>A new notebook of C# with the metadata that .NET Interactive uses, so that it opens there as well.</summary>
    public NotebookDocument(IEnumerable<NotebookCell> cells)
        : this(new JsonObject { ["metadata"] = CSharpMetadata(), ["nbformat"] = 4, ["nbformat_minor"] = 4 }, cells)
    {
    }

    /// <summary>The cells in order.</summary>
    public List<NotebookCell> Cells { get; } = [];

    /// <summary>The notebook's metadata.</summary>
    public JsonObject Metadata
    {
        get
        {
            if (Json["metadata"] is not JsonObject) Json["metadata"] = new JsonObject();
            return (JsonObject)Json["metadata"]!;
        }
    }

    internal JsonObject Json { get; }

    private static JsonObject CSharpMetadata() => new()
    {
        ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
        ["language_info"] = new JsonObject { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#", ["pygments_lexer"] = "csharp", ["version"] = "14.0" },
        ["polyglot_notebook"] = new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = NotebookCell.CSharp,
                ["items"] = new JsonArray(new JsonObject { ["aliases"] = new JsonArray(), ["languageName"] = NotebookCell.CSharp, ["name"] = NotebookCell.CSharp }),
            },
        },
    };
}
