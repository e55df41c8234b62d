using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>How the embeddings of prompt tuning start.</summary>
public enum PromptInitialization
{
    /// <summary>Normal with deviation 1, as PEFT's.</summary>
    Random,

    /// <summary>The rows of a text's tokens, repeated or cut to the number of virtual ones.</summary>
    Text,

    /// <summary>Rows of the table, drawn evenly.</summary>
    SampleVocabulary,
}

/// <summary>How prompt tuning is done.</summary>
public sealed record PromptTuningOptions : PromptLearningOptions
{
    /// <summary>Default random. How the embeddings start.</summary>
    public PromptInitialization Initialization { get; init; }

    /// <summary>Default null. The text of <see cref="PromptInitialization.Text"/>.</summary>
    public string? InitialText { get; init; }

    /// <summary>Default null: the base's. Whose tokens the text has, a folder or a name on the hub. Only written into the file, where PEFT wants it beside a text.</summary>
    public string? TokenizerName { get; init; }

    /// <summary>Default null. What that tokenizer is loaded with, as JSON. Only written into the file.</summary>
    public string? TokenizerArguments { get; init; }

    /// <inheritdoc/>
    public override string PeftType => "PROMPT_TUNING";

    internal override PromptLearningOptions ForReading => this with { Initialization = PromptInitialization.Random };

    internal override VirtualTokens Make(Decoder decoder, long seed, Func<string, int[]>? encode) => new PromptTuning(decoder, this, seed, encode);

    internal override void Validate()
    {
        base.Validate();
        if (Initialization == PromptInitialization.Text && string.IsNullOrEmpty(InitialText)) throw new InputException("prompt tuning: it is to start from a text, but none is given");
    }
}

/// <summary>
/// Prompt tuning (Lester, Al-Rfou and Constant 2021, arXiv 2104.08691): V embeddings P, learnt, stand before those of the
/// tokens, [P; E(x)], and everything else is frozen. The loss ignores them as targets.
/// </summary>
public sealed class PromptTuning : VirtualTokens
{
    private readonly Parameter _embedding;

    internal PromptTuning(Decoder decoder, PromptTuningOptions options, long seed, Func<string, int[]>? encode) : base("prompt_encoder") =>
        _embedding = new Parameter(Start(decoder, options, seed, encode));

    /// <inheritdoc/>
    public override int Count => (int)_embedding.size(0);

    /// <inheritdoc/>
    public override Tensor Embeddings() => _embedding;

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => [("embedding.weight", _embedding)];

    private static Tensor Start(Decoder decoder, PromptTuningOptions options, long seed, Func<string, int[]>? encode)
    {
        long size = decoder.Config.HiddenSize;
        if (options.Initialization == PromptInitialization.Random) return FreshWeights.Normal("prompt_encoder.embedding", seed, [options.VirtualTokens, size], 1);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var random = new NamedRandom("prompt_encoder.rows", seed);
        long[] ids = options.Initialization == PromptInitialization.SampleVocabulary
            ? [.. Enumerable.Range(0, options.VirtualTokens).Select(_ => (long)random.Next(decoder.Config.VocabularySize))]
            : Repeated(encode?.Invoke(options.InitialText!) ?? throw new InputException("prompt tuning: a start from a text requires the tokenizer"), options);
        return decoder.Embeddings().First().Value.Plain(tensor(ids)).detach().clone().MoveToOuterDisposeScope();
    }

    private static long[] Repeated(int[] ids, PromptTuningOptions options)
    {
        if (ids.Length == 0) throw new InputException($"prompt tuning: the text \"{options.InitialText}\" has no tokens; 1 or more are required");
        return [.. Enumerable.Range(0, options.VirtualTokens).Select(i => (long)ids[i % ids.Length])];
    }
}
