namespace FineTuneKit.Models;

/// <summary>Changes the logits of the next token; dropped tokens get −∞. Definitions are those of transformers.</summary>
public abstract class LogitsProcessor
{
    /// <summary>Changes <paramref name="scores"/> in place.</summary>
    /// <param name="tokens">The row so far, prompt included, padding not.</param>
    /// <param name="scores">One logit for each token of the vocabulary.</param>
    public abstract void Apply(ReadOnlySpan<int> tokens, Span<float> scores);

    /// <summary>The processors that options ask for, in the order in which transformers applies them.</summary>
    /// <param name="options">The options.</param>
    /// <param name="prompt">The row's prompt, padding not included.</param>
    /// <param name="newTokens">New tokens of the row at most.</param>
    public static IReadOnlyList<LogitsProcessor> For(GenerationOptions options, IReadOnlyList<int> prompt, int newTokens)
    {
        var list = new List<LogitsProcessor>();
        if (options.Biases.Count > 0) list.Add(new SequenceBiasProcessor(options.Biases));
        if (options.PromptPenalty != 1) list.Add(new PromptPenaltyProcessor(options.PromptPenalty, prompt));
        if (options.RepetitionPenalty != 1) list.Add(new RepetitionPenaltyProcessor(options.RepetitionPenalty));
        if (options.NoRepeatNGram > 0) list.Add(new NoRepeatNGramProcessor(options.NoRepeatNGram));
        if (options.NoPromptNGram > 0) list.Add(new NoPromptNGramProcessor(options.NoPromptNGram, prompt));
        if (options.BadWords.Count > 0) list.Add(SequenceBiasProcessor.Forbid(options.BadWords, options.StopIds));
        if (options.MinNewTokens > 0) list.Add(new MinLengthProcessor(prompt.Count + options.MinNewTokens, options.StopIds));
        if (options.Allowed is { } allowed) list.Add(new AllowOnlyProcessor(allowed));
        if (options.FirstId is { } first) list.Add(new ForceProcessor([first], atLength: 1));
        if (options.LastIds.Count > 0) list.Add(new ForceProcessor(options.LastIds, prompt.Count + newTokens - 1));
        if (options.ReplaceInvalid) list.Add(new ReplaceInvalidProcessor());
        if (options.StopGrowth is { } growth) list.Add(new StopGrowthProcessor(growth, prompt.Count, options.StopIds));
        if (options.SuppressIds.Count > 0) list.Add(new SuppressProcessor(options.SuppressIds));
        if (options.SuppressFirstIds.Count > 0) list.Add(new SuppressProcessor(options.SuppressFirstIds, prompt.Count));
        if (options.Sample) AddWarpers(list, options);
        if (options.Renormalize) list.Add(new NormalizeProcessor());
        return list;
    }

    private static void AddWarpers(List<LogitsProcessor> list, GenerationOptions options)
    {
        // With beams a cut-off must leave each beam a token to go on with besides the stop tokens.
        int keep = options.Beams > 1 ? Math.Max(1, options.StopIds.Count) + 1 : 1;
        if (options.Temperature != 1) list.Add(new TemperatureProcessor(options.Temperature));
        if (options.TopH is { } share) list.Add(new TopHProcessor(share));
        if (options.TopK != 0) list.Add(new TopKProcessor(options.TopK, keep));
        if (options.TopP < 1) list.Add(new TopPProcessor(options.TopP, keep));
        if (options.MinP > 0) list.Add(new MinPProcessor(options.MinP, keep));
        if (options.TypicalP < 1) list.Add(new TypicalProcessor(options.TypicalP, keep));
        if (options.EpsilonCutoff > 0) list.Add(new EpsilonProcessor(options.EpsilonCutoff, keep));
        if (options.EtaCutoff > 0) list.Add(new EtaProcessor(options.EtaCutoff, keep));
    }
}
