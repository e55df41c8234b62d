using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Display;
using FineTuneKit.Notebooks.Documents;
using FineTuneKit.Notebooks.Scripting;

namespace FineTuneKit.Notebooks.Running;

/// <summary>Outputs as nbformat 4 keeps them.</summary>
internal static class OutputJson
{
    public const string TypeKey = "output_type", StreamType = "stream", DataKey = "data", TextKey = "text", NameKey = "name";

    public static JsonObject Stream(string name, string text) => new() { [NameKey] = name, [TypeKey] = StreamType, [TextKey] = NotebookCell.Lines(text) };

    public static JsonObject Display(MimeBundle bundle) => new() { [DataKey] = bundle.ToJson(asLines: true), ["metadata"] = new JsonObject(), [TypeKey] = "display_data" };

    public static JsonObject Result(MimeBundle bundle, int executionCount) => new()
    {
        [DataKey] = bundle.ToJson(asLines: true),
        ["execution_count"] = executionCount,
        ["metadata"] = new JsonObject(),
        [TypeKey] = "execute_result",
    };

    public static JsonObject Error(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        [TypeKey] = "error",
        ["traceback"] = new JsonArray([.. error.Traceback.Select(l => (JsonNode)l)]),
    };
}
