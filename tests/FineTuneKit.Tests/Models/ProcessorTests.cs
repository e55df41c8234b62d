using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Logits processors against transformers, by kind.</summary>
[Trait("Category", "Fixtures")]
public sealed class ProcessorTests
{
    private const string File = "golden/generation/processors.json";

    public static TheoryData<string> Cases() => FixtureFolder.Cases(File);

    [Theory, MemberData(nameof(Cases))]
    public void ChangesScoresAsTransformersDoes(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement test = FixtureFolder.Case(File, id), input = test.GetProperty("input");
        int[][] rows = ModelCaseTests.Rows(input.GetProperty("input_ids"));
        JsonElement scores = input.GetProperty("scores"), expected = test.GetProperty("expected").GetProperty("scores");
        bool single = input.GetProperty("function").GetString() == "processor";
        if (single) NotYet.Skip("generation/" + input.GetProperty("processor").GetString());
        for (int row = 0; row < rows.Length; row++)
        {
            int padding = Padding(input, row);
            float[] actual = [.. scores[row].EnumerateArray().Select(value => (float)JsonCompare.Number(value))];
            IEnumerable<LogitsProcessor> processors = single
                ? [Processor(input.GetProperty("processor").GetString()!, input.GetProperty("arguments"), row)]
                : Generated(input.GetProperty("generation_config"), rows[row][padding..input.GetProperty("prompt_length").GetInt32()], padding);
            foreach (LogitsProcessor processor in processors) processor.Apply(rows[row].AsSpan(padding), actual);
            JsonCompare.Equal(expected[row], [.. actual.Select(value => (double)value)], $"{id} row {row}", 2e-6);
        }
    }

    private static int Padding(JsonElement input, int row) =>
        input.TryGetProperty("attention_mask", out JsonElement mask) ? mask[row].EnumerateArray().TakeWhile(value => value.GetInt32() == 0).Count() : 0;

    private static IReadOnlyList<LogitsProcessor> Generated(JsonElement config, int[] prompt, int padding)
    {
        GenerationOptions options = Options(config);
        // max_length counts the padded prompt.
        int newTokens = config.TryGetProperty("max_length", out JsonElement longest) ? longest.GetInt32() - padding - prompt.Length : options.MaxNewTokens;
        return LogitsProcessor.For(options, prompt, newTokens);
    }

    private static LogitsProcessor Processor(string name, JsonElement arguments, int row)
    {
        int keep = Whole(arguments, "min_tokens_to_keep", 1);
        return name switch
        {
            "TemperatureLogitsWarper" => new TemperatureProcessor(Number(arguments, "temperature")),
            "TopKLogitsWarper" => new TopKProcessor(Whole(arguments, "top_k"), keep),
            "TopHLogitsWarper" => new TopHProcessor(Number(arguments, "top_h")),
            "TopPLogitsWarper" => new TopPProcessor(Number(arguments, "top_p"), keep),
            "MinPLogitsWarper" => new MinPProcessor(Number(arguments, "min_p"), keep),
            "TypicalLogitsWarper" => new TypicalProcessor(Number(arguments, "mass"), keep),
            "EpsilonLogitsWarper" => new EpsilonProcessor(Number(arguments, "epsilon"), keep),
            "EtaLogitsWarper" => new EtaProcessor(Number(arguments, "epsilon"), keep),
            "RepetitionPenaltyLogitsProcessor" => new RepetitionPenaltyProcessor(Number(arguments, "penalty"), Ignored(arguments, row)),
            "NoRepeatNGramLogitsProcessor" => new NoRepeatNGramProcessor(Whole(arguments, "ngram_size")),
            "SequenceBiasLogitsProcessor" => new SequenceBiasProcessor(Biases(arguments)),
            "NoBadWordsLogitsProcessor" => SequenceBiasProcessor.Forbid(ModelCaseTests.Rows(arguments.GetProperty("bad_words_ids")), Ids(arguments, "eos_token_id")),
            "MinNewTokensLengthLogitsProcessor" => new MinLengthProcessor(
                Whole(arguments, "prompt_length_to_skip") + Whole(arguments, "min_new_tokens"), Ids(arguments, "eos_token_id")),
            "MinLengthLogitsProcessor" => new MinLengthProcessor(Whole(arguments, "min_length"), Ids(arguments, "eos_token_id")),
            "SuppressTokensLogitsProcessor" => new SuppressProcessor(Ids(arguments, "suppress_tokens")),
            "SuppressTokensAtBeginLogitsProcessor" => new SuppressProcessor(Ids(arguments, "begin_suppress_tokens"), Whole(arguments, "begin_index")),
            "EncoderRepetitionPenaltyLogitsProcessor" => new PromptPenaltyProcessor(Number(arguments, "penalty"), ModelCaseTests.Rows(arguments.GetProperty("encoder_input_ids"))[row]),
            "EncoderNoRepeatNGramLogitsProcessor" => new NoPromptNGramProcessor(Whole(arguments, "encoder_ngram_size"), ModelCaseTests.Rows(arguments.GetProperty("encoder_input_ids"))[row]),
            "PrefixConstrainedLogitsProcessor" => new AllowOnlyProcessor(_ => ModelCaseTests.Rows(arguments.GetProperty("allowed"))[row]),
            "ForcedEOSTokenLogitsProcessor" => new ForceProcessor(Ids(arguments, "eos_token_id"), Whole(arguments, "max_length") - 1),
            "ForcedBOSTokenLogitsProcessor" => new ForceProcessor(Ids(arguments, "bos_token_id"), atLength: 1),
            "ExponentialDecayLengthPenalty" => new StopGrowthProcessor(
                Growth(arguments), Whole(arguments, "input_ids_seq_length"), Ids(arguments, "eos_token_id")),
            "LogitNormalization" => new NormalizeProcessor(),
            _ => throw new InvalidOperationException($"unknown processor {name}: build it, or list generation/{name} in tests/not-yet.txt"),
        };
    }

    private static GenerationOptions Options(JsonElement config)
    {
        var options = new GenerationOptions { StopIds = [2] };
        foreach (JsonProperty option in config.EnumerateObject())
        {
            JsonElement value = option.Value;
            options = option.Name switch
            {
                "do_sample" => options with { Sample = value.GetBoolean() },
                "temperature" => options with { Temperature = value.GetDouble() },
                "top_k" => options with { TopK = value.GetInt32() },
                "top_h" => options with { TopH = value.GetDouble() },
                "top_p" => options with { TopP = value.GetDouble() },
                "min_p" => options with { MinP = value.GetDouble() },
                "typical_p" => options with { TypicalP = value.GetDouble() },
                "epsilon_cutoff" => options with { EpsilonCutoff = value.GetDouble() },
                "eta_cutoff" => options with { EtaCutoff = value.GetDouble() },
                "repetition_penalty" => options with { RepetitionPenalty = value.GetDouble() },
                "no_repeat_ngram_size" => options with { NoRepeatNGram = value.GetInt32() },
                "bad_words_ids" => options with { BadWords = ModelCaseTests.Rows(value) },
                "sequence_bias" => options with { Biases = Biases(config) },
                "min_new_tokens" => options with { MinNewTokens = value.GetInt32() },
                // The cases' prompts have 4 tokens, and min_length counts them.
                "min_length" => options with { MinNewTokens = value.GetInt32() - 4 },
                "suppress_tokens" => options with { SuppressIds = Ids(config, option.Name) },
                "begin_suppress_tokens" => options with { SuppressFirstIds = Ids(config, option.Name) },
                "encoder_repetition_penalty" => options with { PromptPenalty = value.GetDouble() },
                "encoder_no_repeat_ngram_size" => options with { NoPromptNGram = value.GetInt32() },
                "forced_eos_token_id" => options with { LastIds = Ids(config, option.Name) },
                "max_length" => options,
                "exponential_decay_length_penalty" => options with { StopGrowth = Growth(config) },
                "remove_invalid_values" => options with { ReplaceInvalid = value.GetBoolean() },
                "renormalize_logits" => options with { Renormalize = value.GetBoolean() },
                "num_beams" => options with { Beams = value.GetInt32() },
                "eos_token_id" => options with { StopIds = Ids(config, option.Name) },
                _ => throw new InvalidOperationException($"unknown option {option.Name}"),
            };
        }
        return options;
    }

    private static SequenceBias[] Biases(JsonElement arguments) =>
        [.. arguments.GetProperty("sequence_bias").EnumerateArray().Select(pair => new SequenceBias([.. pair[0].EnumerateArray().Select(id => id.GetInt32())], pair[1].GetSingle()))];

    private static StopGrowth Growth(JsonElement arguments)
    {
        JsonElement pair = arguments.GetProperty("exponential_decay_length_penalty");
        return new(pair[0].GetInt32(), pair[1].GetDouble());
    }

    private static int Ignored(JsonElement arguments, int row) =>
        !arguments.TryGetProperty("prompt_ignore_length", out JsonElement value) ? 0
        : value.ValueKind == JsonValueKind.Array ? value[row].GetInt32() : value.GetInt32();

    private static double Number(JsonElement arguments, string name) => arguments.GetProperty(name).GetDouble();

    private static int Whole(JsonElement arguments, string name) => arguments.GetProperty(name).GetInt32();

    private static int Whole(JsonElement arguments, string name, int otherwise) =>
        arguments.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : otherwise;

    private static int[] Ids(JsonElement arguments, string name)
    {
        JsonElement value = arguments.GetProperty(name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(id => id.GetInt32())] : [value.GetInt32()];
    }
}
