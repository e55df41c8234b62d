using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Adapters;

/// <summary>The fields of <c>peft_type</c> LORA.</summary>
internal sealed class LoraConfigFile : PeftKind
{
    // What PEFT 0.21 writes of the switches that are not supported here: all off.
    private static readonly string[] NullFields =
    [
        "alora_invocation_tokens", "arrow_config", "corda_config", "eva_config", "kasa_config", "layer_replication", "lora_ga_config",
        "megatron_config", "monteclora_config", "target_parameters", "trainable_token_indices", "use_bdlora", "velora_config",
    ];

    private static readonly string[] FalseFields = ["ensure_weight_tying", "lora_bias", "use_qalora"];

    public override string Name => "LORA";

    public override IReadOnlySet<string> OwnFields { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "r", "lora_alpha", "lora_dropout", "use_rslora", "use_dora", "rank_pattern", "alpha_pattern", "layers_to_transform", "layers_pattern",
        "bias", "init_lora_weights", "loftq_config", "megatron_core", "qalora_group_size",
    };

    public override AdapterOptions Read(JsonObject fields) => new LoraOptions
    {
        // PEFT's own defaults where a field is absent.
        Rank = (int?)fields["r"] ?? 8,
        Alpha = (double?)fields["lora_alpha"] ?? 8,
        Dropout = (double?)fields["lora_dropout"] ?? 0,
        RankStabilized = (bool?)fields["use_rslora"] ?? false,
        UseDora = (bool?)fields["use_dora"] ?? false,
        Initialization = Start(fields["init_lora_weights"]),
        LoftQIterations = LoftQ(fields["loftq_config"]),
        Bias = (string?)fields["bias"] switch
        {
            null or "none" => TrainedBiases.None,
            "lora_only" => TrainedBiases.LoraOnly,
            "all" => TrainedBiases.All,
            var other => throw new InputException($"bias is {other}; supported are none, lora_only and all"),
        },
        RankPattern = [.. Pairs(fields["rank_pattern"]).Select(p => KeyValuePair.Create(p.Key, (int?)p.Value ?? throw Null("rank_pattern")))],
        AlphaPattern = [.. Pairs(fields["alpha_pattern"]).Select(p => KeyValuePair.Create(p.Key, (double?)p.Value ?? throw Null("alpha_pattern")))],
        Layers = fields["layers_to_transform"] switch
        {
            null => null,
            JsonArray many => [.. many.Select(i => (int?)i ?? throw Null("layers_to_transform"))],
            JsonNode one => [(int)one],
        },
        LayersPattern = List(fields["layers_pattern"]),
    };

    public override void Write(AdapterOptions options, IDictionary<string, JsonNode?> fields)
    {
        var lora = (LoraOptions)options;
        foreach (string name in NullFields) fields[name] = null;
        foreach (string name in FalseFields) fields[name] = false;
        fields["alpha_pattern"] = new JsonObject(lora.AlphaPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Whole(p.Value))));
        fields["bias"] = lora.Bias switch { TrainedBiases.All => "all", TrainedBiases.LoraOnly => "lora_only", _ => "none" };
        fields["init_lora_weights"] = lora.Initialization switch
        {
            LoraInitialization.Default => true,
            var other => other.ToString().ToLowerInvariant(),
        };
        fields["layers_pattern"] = lora.LayersPattern.Count switch { 0 => null, 1 => lora.LayersPattern[0], _ => Names(lora.LayersPattern) };
        fields["layers_to_transform"] = lora.Layers is null ? null : new JsonArray([.. lora.Layers.Select(i => (JsonNode)i)]);
        fields["loftq_config"] = lora.Initialization == LoraInitialization.LoftQ
            ? new JsonObject { ["loftq_bits"] = 4, ["loftq_iter"] = lora.LoftQIterations } : new JsonObject();
        fields["lora_alpha"] = Whole(lora.Alpha);
        fields["lora_dropout"] = lora.Dropout;
        fields["megatron_core"] = "megatron.core";
        fields["qalora_group_size"] = 16;
        fields["r"] = lora.Rank;
        fields["rank_pattern"] = new JsonObject(lora.RankPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        fields["use_dora"] = lora.UseDora;
        fields["use_rslora"] = lora.RankStabilized;
    }

    private static LoraInitialization Start(JsonNode? value)
    {
        if (value is null || value.GetValueKind() is JsonValueKind.True or JsonValueKind.False) return LoraInitialization.Default;
        return (string?)value switch
        {
            "gaussian" => LoraInitialization.Gaussian,
            "pissa" => LoraInitialization.Pissa,
            "olora" => LoraInitialization.Olora,
            "loftq" => LoraInitialization.LoftQ,
            // They choose A and B alone, which the file holds.
            "eva" or "orthogonal" => LoraInitialization.Default,
            var other => throw new InputException($"init_lora_weights is {other}, which is unknown or changes the base in a way that cannot be found again; "
                + "supported are true, false, gaussian, orthogonal, eva, pissa, olora and loftq. Convert the adapter to plain LoRA where it was trained"),
        };
    }

    private static int LoftQ(JsonNode? config)
    {
        foreach ((string name, JsonNode? value) in Pairs(config))
        {
            if (name is not ("loftq_bits" or "loftq_iter")) throw new InputException($"loftq_config: {name} is not known; known are loftq_bits and loftq_iter");
            if (name == "loftq_bits" && (int?)value != 4) throw new InputException($"loftq_config: loftq_bits is {value}; supported is 4");
        }
        return (int?)config?["loftq_iter"] ?? 1;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Pairs(JsonNode? value) => value is null ? [] : value.AsObject();

    // PEFT expects whole alphas as integers.
    private static JsonNode Whole(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? (JsonNode)(long)value : value;
}
