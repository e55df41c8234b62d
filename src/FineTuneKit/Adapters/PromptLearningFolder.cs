using System.Text.Json.Nodes;
using FineTuneKit.Models;
using FineTuneKit.Records;
using FineTuneKit.Text;

namespace FineTuneKit.Adapters;

/// <summary>
/// Virtual tokens as PEFT keeps them: one tensor <c>prompt_embeddings</c>, (V, C) for prompt tuning and
/// (V, layers · 2 · Hkv · D) for prefix tuning, with its own fields of <c>adapter_config.json</c>. What a projection computed is kept,
/// not the projection.
/// </summary>
public static class PromptLearningFolder
{
    private const string TensorName = "prompt_embeddings", Prompt = "PROMPT_TUNING", Prefix = "PREFIX_TUNING";

    private static readonly string[] SharedFields =
    [
        "peft_type", "auto_mapping", "base_model_name_or_path", "revision", "inference_mode", "task_type", "peft_version", "modules_to_save",
        "num_attention_heads", "num_layers", "num_transformer_submodules", "num_virtual_tokens", "token_dim",
    ];

    private static readonly string[] PromptFields = ["prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_kwargs", "tokenizer_name_or_path"];

    private static readonly string[] PrefixFields = ["encoder_hidden_size", "prefix_projection"];

    /// <summary>PEFT's names of the kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Prompt, Prefix];

    /// <summary>Whether a folder holds virtual tokens.</summary>
    /// <exception cref="InputException">No such folder, or a configuration that cannot be read.</exception>
    public static bool IsOne(string folder) => PeftConfig.Load(Path.Combine(folder, PeftFolder.ConfigName), fields => Kinds.Contains((string?)fields["peft_type"]));

    /// <summary>Writes the tokens; an older adapter in the folder is replaced.</summary>
    /// <inheritdoc cref="PeftFolder.Save"/>
    public static void Save(string folder, PromptLearning learnt, string? baseModel = null, string? baseSha256 = null, ChatTemplate? template = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor rows = learnt.Tokens is PrefixTuning prefix ? prefix.Rows() : learnt.Tokens.Embeddings()!;
        PeftFolder.Write(folder, [KeyValuePair.Create(TensorName, rows)], ToJson(learnt, baseModel), baseModel, baseSha256, template);
    }

    /// <summary>Reads tokens and puts them before the decoder's rows.</summary>
    /// <inheritdoc cref="PeftFolder.Load"/>
    public static PromptLearning Load(string folder, Decoder model, string? baseSha256 = null, ChatTemplate? template = null)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder; a PEFT folder is required");
        PromptLearningOptions options = PeftConfig.Load(Path.Combine(folder, PeftFolder.ConfigName), fields => ReadFor(model, fields));
        PeftFolder.RequireSameBase(folder, baseSha256);
        AdapterTemplate.RequireSame(folder, template);
        using SafetensorsFile file = PeftFolder.OpenWeights(folder);
        if (!file.Contains(TensorName)) throw new InputException($"{file.Path}: no tensor {TensorName}, which {options.PeftType} requires");
        PromptLearning learnt = PromptLearning.ForReading(model, options);
        try
        {
            using IDisposable quiet = no_grad();
            file.CopyInto(TensorName, learnt.Parameters[0].Value);
            if (file.Entries.FirstOrDefault(entry => entry.Name != TensorName) is { } other)
                throw new InputException($"{file.Path}: {other.Name} belongs to no part of {options.PeftType}");
        }
        catch
        {
            learnt.Detach();
            throw;
        }
        return learnt;
    }

    private static string ToJson(PromptLearning learnt, string? baseModel)
    {
        DecoderConfig config = learnt.Decoder.Config;
        bool isPrefix = learnt.Options is PrefixTuningOptions;
        var fields = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["auto_mapping"] = null,
            ["base_model_name_or_path"] = baseModel,
            ["inference_mode"] = true,
            ["modules_to_save"] = null,
            ["num_attention_heads"] = isPrefix ? config.KeyHeads : config.Heads,
            ["num_layers"] = config.Layers,
            ["num_transformer_submodules"] = 1,
            ["num_virtual_tokens"] = learnt.Tokens.Count,
            ["peft_type"] = learnt.Options.PeftType,
            ["peft_version"] = PeftConfig.Version,
            ["revision"] = null,
            ["task_type"] = learnt.Options.TaskType,
            ["token_dim"] = isPrefix ? config.KeyHeads * config.HeadDim : config.HiddenSize,
        };
        if (learnt.Options is PrefixTuningOptions prefix)
        {
            fields["encoder_hidden_size"] = prefix.EncoderHiddenSize ?? config.KeyHeads * config.HeadDim;
            fields["init_weights"] = null;
            fields["prefix_projection"] = prefix.Projection;
        }
        else if (learnt.Options is PromptTuningOptions prompt)
        {
            fields["prompt_tuning_init"] = prompt.Initialization switch
            {
                PromptInitialization.Text => "TEXT",
                PromptInitialization.SampleVocabulary => "SAMPLE_VOCAB",
                _ => "RANDOM",
            };
            fields["prompt_tuning_init_text"] = prompt.InitialText;
            fields["tokenizer_kwargs"] = prompt.TokenizerArguments is { } arguments ? JsonNode.Parse(arguments) : null;
            fields["tokenizer_name_or_path"] = prompt.TokenizerName ?? (prompt.Initialization != PromptInitialization.Text ? null
                : baseModel ?? throw new InputException("prompt tuning from a text: PEFT wants to know whose tokens it has; name the base or the tokenizer"));
        }
        return new JsonObject(fields).ToJsonString(AtomicFile.JsonOptions) + "\n";
    }

    private static PromptLearningOptions ReadFor(Decoder model, JsonObject fields)
    {
        PromptLearningOptions options = Read(fields);
        DecoderConfig config = model.Config;
        bool isPrefix = options is PrefixTuningOptions;
        void Require(string name, int required)
        {
            if ((int?)fields[name] is { } found && found != required) throw new InputException($"{name} is {found}; this base requires {required}");
        }
        Require("num_layers", config.Layers);
        Require("num_attention_heads", isPrefix ? config.KeyHeads : config.Heads);
        Require("token_dim", isPrefix ? config.KeyHeads * config.HeadDim : config.HiddenSize);
        return options;
    }

    private static PromptLearningOptions Read(JsonObject fields)
    {
        string? kind = (string?)fields["peft_type"];
        if (!Kinds.Contains(kind)) throw new InputException($"peft_type is {kind ?? "missing"}; {string.Join(" or ", Kinds)} is required for virtual tokens");
        PeftConfig.RefuseUnknown(fields, name => SharedFields.Contains(name) || (kind == Prompt ? PromptFields : PrefixFields).Contains(name));
        if (PeftKind.List(fields["modules_to_save"]) is [var module, ..]) throw new InputException($"modules_to_save is {module}; beside virtual tokens nothing else is read");
        if ((int?)fields["num_transformer_submodules"] is { } parts && parts != 1) throw new InputException($"num_transformer_submodules is {parts}; 1 is supported, that of a decoder");
        int count = (int?)fields["num_virtual_tokens"] ?? throw new InputException("num_virtual_tokens is missing");
        string? task = (string?)fields["task_type"];
        if (kind == Prefix)
        {
            return new PrefixTuningOptions
            {
                VirtualTokens = count,
                TaskType = task,
                Projection = (bool?)fields["prefix_projection"] ?? false,
                EncoderHiddenSize = (int?)fields["encoder_hidden_size"],
            };
        }
        return new PromptTuningOptions
        {
            VirtualTokens = count,
            TaskType = task,
            Initialization = (string?)fields["prompt_tuning_init"] switch
            {
                null or "RANDOM" => PromptInitialization.Random,
                "TEXT" => PromptInitialization.Text,
                "SAMPLE_VOCAB" => PromptInitialization.SampleVocabulary,
                var other => throw new InputException($"prompt_tuning_init is {other}; RANDOM, TEXT or SAMPLE_VOCAB is required"),
            },
            InitialText = (string?)fields["prompt_tuning_init_text"],
            TokenizerName = (string?)fields["tokenizer_name_or_path"],
            TokenizerArguments = fields["tokenizer_kwargs"]?.ToJsonString(),
        };
    }
}
