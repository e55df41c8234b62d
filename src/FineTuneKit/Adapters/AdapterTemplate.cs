using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Records;
using FineTuneKit.Text;

namespace FineTuneKit.Adapters;

/// <summary>
/// The chat template that an adapter was trained with, as its hash in <c>chat_template.sha256.json</c> beside the adapter:
/// under another template the model is given texts unlike those it learned.
/// </summary>
public static class AdapterTemplate
{
    /// <summary>The file name.</summary>
    public const string FileName = "chat_template.sha256.json";

    /// <summary>Notes the template beside an adapter; null removes the note of an older one.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Save(string folder, ChatTemplate? template)
    {
        string file = Path.Combine(folder, FileName);
        if (template is not null) AtomicFile.WriteJson(file, new JsonObject { ["sha256"] = template.Hash });
        else if (File.Exists(file)) File.Delete(file);
    }

    /// <summary>Checks that the template is the one that the adapter was trained with, where that is noted.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="template">The template that is to be used; null checks nothing.</param>
    /// <exception cref="InputException">It is another one, or the note cannot be read.</exception>
    public static void RequireSame(string folder, ChatTemplate? template)
    {
        string file = Path.Combine(folder, FileName);
        if (template is null || !File.Exists(file)) return;
        string? required;
        try
        {
            required = (string?)JsonNode.Parse(File.ReadAllText(file))?["sha256"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{file}: {{\"sha256\": \"…\"}} is required: {e.Message}", e);
        }
        if (required is not null && required != template.Hash)
            throw new InputException($"{folder}: the adapter was trained with the chat template of SHA-256 {required}; this one has {template.Hash}. Its answers would be unlike what it learned");
    }
}
