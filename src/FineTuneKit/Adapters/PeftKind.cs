using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Adapters;

/// <summary>
/// One <c>peft_type</c>: which fields its <c>adapter_config.json</c> has, and what they mean. A new kind is a class of
/// this type beside its options, and its line in <see cref="All"/>.
/// </summary>
internal abstract class PeftKind
{
    private static readonly string[] SharedFields =
    [
        "peft_type", "auto_mapping", "base_model_name_or_path", "revision", "inference_mode", "task_type", "peft_version",
        "target_modules", "exclude_modules", "modules_to_save", "fan_in_fan_out", "runtime_config",
    ];

    /// <summary>Every kind that is read and written.</summary>
    public static IReadOnlyList<PeftKind> All { get; } = [new LoraConfigFile(), new Ia3ConfigFile(), new BottleneckConfigFile()];

    /// <summary>PEFT's name.</summary>
    public abstract string Name { get; }

    /// <summary>The fields beside the shared ones that are read, or without effect on what the adapter computes.</summary>
    public abstract IReadOnlySet<string> OwnFields { get; }

    /// <summary>Whether a field has a meaning here; one that has none and is set is refused.</summary>
    public bool Knows(string field) => SharedFields.Contains(field) || OwnFields.Contains(field);

    /// <summary>The options of a configuration, with those fields that the kind has alone.</summary>
    public abstract AdapterOptions Read(JsonObject fields);

    /// <summary>Adds the fields that the kind has alone, all of them, in PEFT's values.</summary>
    public abstract void Write(AdapterOptions options, IDictionary<string, JsonNode?> fields);

    /// <summary>The kind of this name.</summary>
    /// <exception cref="InputException">None is.</exception>
    public static PeftKind Of(string? name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new InputException(PromptLearningFolder.Kinds.Contains(name)
            ? $"peft_type is {name}: virtual tokens, which are no adapters beside projections and are used by themselves"
            : $"peft_type is {name ?? "missing"}; supported are {string.Join(", ", All.Select(kind => kind.Name).Concat(PromptLearningFolder.Kinds))}");

    /// <summary>Names given as a list, one name or not at all.</summary>
    protected internal static List<string> List(JsonNode? value) => value switch
    {
        null => [],
        JsonArray many => [.. many.Select(name => (string?)name ?? throw Null("a list of names"))],
        _ => [(string)value!],
    };

    /// <summary>A list of names.</summary>
    protected internal static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    /// <summary>A list that holds null.</summary>
    protected static FormatException Null(string field) => new($"{field} holds null");

    /// <summary>Whether a field that is not known asks for something.</summary>
    public static bool IsSet(JsonNode? value) => value switch
    {
        null => false,
        JsonArray list => list.Count > 0,
        JsonObject map => map.Count > 0,
        _ => value.GetValueKind() is not JsonValueKind.False,
    };
}
