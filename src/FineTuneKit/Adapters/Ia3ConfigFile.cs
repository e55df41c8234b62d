using System.Text.Json.Nodes;

namespace FineTuneKit.Adapters;

/// <summary>The fields of <c>peft_type</c> IA3.</summary>
internal sealed class Ia3ConfigFile : PeftKind
{
    public override string Name => "IA3";

    public override IReadOnlySet<string> OwnFields { get; } = new HashSet<string>(StringComparer.Ordinal) { "feedforward_modules", "init_ia3_weights" };

    public override AdapterOptions Read(JsonObject fields) => new Ia3Options
    {
        Feedforward = fields["feedforward_modules"] is JsonValue ? [] : List(fields["feedforward_modules"]),
        FeedforwardPattern = fields["feedforward_modules"] is JsonValue pattern ? (string?)pattern : null,
    };

    public override void Write(AdapterOptions options, IDictionary<string, JsonNode?> fields)
    {
        var ia3 = (Ia3Options)options;
        fields["feedforward_modules"] = ia3.FeedforwardPattern is { } pattern ? pattern : Names(ia3.Feedforward);
        fields["init_ia3_weights"] = true;
    }
}
