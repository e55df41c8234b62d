using System.Text.Json.Nodes;

namespace FineTuneKit.Adapters;

/// <summary>
/// The fields of <c>peft_type</c> BOTTLENECK, which is the kit's own: PEFT has no bottleneck adapters and refuses the name.
/// The folder is laid out as its folders are. <c>adapter_config.json</c> has the shared fields (<c>target_modules</c>: the
/// projections after which adapters stand) and <c>bottleneck_size</c>; <c>adapter_model.safetensors</c> has for each
/// projection P of the base, as <c>base_model.model.P.</c> and in float32, <c>bottleneck_down.weight</c> (size, out),
/// <c>bottleneck_down.bias</c> (size), <c>bottleneck_up.weight</c> (out, size) and <c>bottleneck_up.bias</c> (out) of
/// y = h + up(relu(down(h))).
/// </summary>
internal sealed class BottleneckConfigFile : PeftKind
{
    /// <summary>The name of the kind.</summary>
    public const string Kind = "BOTTLENECK";

    private const string SizeField = "bottleneck_size";

    public override string Name => Kind;

    public override IReadOnlySet<string> OwnFields { get; } = new HashSet<string>(StringComparer.Ordinal) { SizeField };

    public override AdapterOptions Read(JsonObject fields) =>
        new BottleneckOptions { Size = (int?)fields[SizeField] ?? throw new InputException($"{SizeField} is missing") };

    public override void Write(AdapterOptions options, IDictionary<string, JsonNode?> fields) => fields[SizeField] = ((BottleneckOptions)options).Size;
}
