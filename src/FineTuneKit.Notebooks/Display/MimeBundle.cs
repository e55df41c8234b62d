using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Documents;

namespace FineTuneKit.Notebooks.Display;

/// <summary>One value in several media types, richest first; a front end shows the first that it can.</summary>
public sealed class MimeBundle
{
    /// <summary>Media types.</summary>
    public const string Text = "text/plain", Html = "text/html", Markdown = "text/markdown", JavaScript = "application/javascript", Svg = "image/svg+xml";

    private readonly List<KeyValuePair<string, string>> _entries = [];

    /// <summary>A bundle of one.</summary>
    public MimeBundle(string mimeType, string content) => Add(mimeType, content);

    /// <summary>An empty bundle.</summary>
    public MimeBundle()
    {
    }

    /// <summary>The media types with their content, richest first.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Entries => _entries;

    /// <summary>Characters of all contents.</summary>
    public long Length => _entries.Sum(e => (long)e.Value.Length);

    /// <summary>The plain text, or the first content where there is none.</summary>
    public string PlainText => _entries.Exists(e => e.Key == Text) ? _entries.Find(e => e.Key == Text).Value : _entries.Count > 0 ? _entries[0].Value : "";

    /// <summary>Adds a content.</summary>
    public void Add(string mimeType, string content) => _entries.Add(KeyValuePair.Create(mimeType, content));

    /// <summary>The bundle as nbformat keeps it: JSON media types as JSON, the others as lines of text.</summary>
    internal JsonObject ToJson(bool asLines)
    {
        var json = new JsonObject();
        foreach ((string type, string content) in _entries)
            json[type] = IsJson(type) ? JsonNode.Parse(content) : asLines ? NotebookCell.Lines(content) : content;
        return json;
    }

    private static bool IsJson(string type) => type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal);
}
