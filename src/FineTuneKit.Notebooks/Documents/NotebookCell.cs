using System.Text.Json.Nodes;

namespace FineTuneKit.Notebooks.Documents;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Code that runs.</summary>
    Code,

    /// <summary>Text.</summary>
    Markdown,

    /// <summary>Neither; kept as it is.</summary>
    Raw,
}

/// <summary>A cell: a view of its JSON in nbformat 4, so that what the kit does not know stays in the file.</summary>
public sealed class NotebookCell
{
    /// <summary>The language of cells that name none.</summary>
    public const string CSharp = "csharp";

    private const string SourceKey = "source", MetadataKey = "metadata", OutputsKey = "outputs", CountKey = "execution_count";

    /// <summary>A cell as it stands in a file.</summary>
    internal NotebookCell(JsonObject json) => Json = json;

    /// <summary>A new cell.</summary>
    public NotebookCell(CellKind kind, string source, string language = CSharp)
    {
        Json = new JsonObject { ["cell_type"] = kind.ToString().ToLowerInvariant(), [MetadataKey] = new JsonObject(), [SourceKey] = Lines(source) };
        if (kind != CellKind.Code) return;
        Json[CountKey] = null;
        Json[OutputsKey] = new JsonArray();
        Metadata["dotnet_interactive"] = new JsonObject { ["language"] = language };
        Metadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = language };
    }

    /// <summary>Code, text or raw.</summary>
    public CellKind Kind => (string?)Json["cell_type"] switch { "code" => CellKind.Code, "markdown" => CellKind.Markdown, _ => CellKind.Raw };

    /// <summary>The text, lines ended by \n.</summary>
    public string Source => Text(Json[SourceKey]);

    /// <summary>The language that .NET Interactive's metadata names; C# where it names none.</summary>
    public string Language =>
        (string?)(Metadata["polyglot_notebook"] as JsonObject)?["kernelName"] ?? (string?)(Metadata["dotnet_interactive"] as JsonObject)?["language"] ?? CSharp;

    /// <summary>The tags, as Jupyter keeps them.</summary>
    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags ? [.. tags.Select(t => (string?)t ?? "")] : [];

    /// <summary>The outputs, in nbformat 4; empty for text.</summary>
    public JsonArray Outputs
    {
        get => Json[OutputsKey] as JsonArray ?? [];
        set => Json[OutputsKey] = value;
    }

    /// <summary>The number of the run in its session; null where it has not run.</summary>
    public int? ExecutionCount
    {
        get => (int?)Json[CountKey];
        set => Json[CountKey] = value;
    }

    /// <summary>The metadata.</summary>
    public JsonObject Metadata
    {
        get
        {
            if (Json[MetadataKey] is not JsonObject) Json[MetadataKey] = new JsonObject();
            return (JsonObject)Json[MetadataKey]!;
        }
    }

    internal JsonObject Json { get; }

    /// <summary>Text that nbformat keeps either as one string or as its lines.</summary>
    internal static string Text(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(l => (string?)l)) : (string?)node ?? "";

    /// <summary>The text as its lines, each with its line end, as Jupyter writes it.</summary>
    internal static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }
}
