using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>What both kinds of prompt learning say. A kind derives from this and makes its virtual tokens.</summary>
public abstract record PromptLearningOptions
{
    /// <summary>Default 16. Virtual tokens before each row, 1 or more.</summary>
    public int VirtualTokens { get; init; } = 16;

    /// <summary>Default <c>CAUSAL_LM</c>. PEFT's name of what the model is used for. Only written into the file.</summary>
    public string? TaskType { get; init; } = "CAUSAL_LM";

    /// <summary>PEFT's name of the kind.</summary>
    public abstract string PeftType { get; }

    /// <summary>The same without what only a fresh start needs: what a file holds is copied in.</summary>
    internal abstract PromptLearningOptions ForReading { get; }

    internal abstract VirtualTokens Make(Decoder decoder, long seed, Func<string, int[]>? encode);

    internal virtual void Validate()
    {
        if (VirtualTokens < 1) throw new InputException($"{PeftType}: {VirtualTokens} virtual tokens; 1 or more are required");
    }
}

/// <summary>A frozen decoder before whose rows stand virtual tokens that are trained. Parameters carry PEFT's names.</summary>
public sealed class PromptLearning : ITrainable
{
    private readonly Parameter[] _frozen;

    private PromptLearning(Decoder decoder, PromptLearningOptions options, VirtualTokens tokens)
    {
        (Decoder, Options, Tokens) = (decoder, options, tokens);
        Parameters = [.. tokens.named_parameters().Select(p => new NamedParameter("prompt_encoder." + p.name, p.parameter))];
        _frozen = [.. decoder.parameters().Where(parameter => parameter.requires_grad)];
        Reattach();
    }

    /// <summary>The base.</summary>
    public Decoder Decoder { get; }

    /// <inheritdoc/>
    public nn.Module Module => Decoder;

    /// <summary>How the tokens were made.</summary>
    public PromptLearningOptions Options { get; }

    /// <summary>The tokens.</summary>
    public VirtualTokens Tokens { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Puts fresh virtual tokens before the decoder's rows and freezes it.</summary>
    /// <param name="decoder">The base; it must have none yet.</param>
    /// <param name="options">How many, and how they start.</param>
    /// <param name="seed">The seed of their first values.</param>
    /// <param name="encode">The ids of a text without special tokens, where the tokens start from one; else null.</param>
    /// <exception cref="InputException">Options out of range, or more virtual tokens than the model's context.</exception>
    public static PromptLearning Attach(Decoder decoder, PromptLearningOptions options, long seed, Func<string, int[]>? encode = null)
    {
        Check(decoder, options);
        return new PromptLearning(decoder, options, options.Make(decoder, seed, encode));
    }

    /// <summary>Puts virtual tokens whose values are to be read before the decoder's rows.</summary>
    internal static PromptLearning ForReading(Decoder decoder, PromptLearningOptions options)
    {
        Check(decoder, options);
        return new PromptLearning(decoder, options, options.ForReading.Make(decoder, seed: 0, encode: null));
    }

    private static void Check(Decoder decoder, PromptLearningOptions options)
    {
        options.Validate();
        if (decoder.Virtual is not null) throw new InvalidOperationException("the decoder has virtual tokens already; detach them first");
        if (options.VirtualTokens >= decoder.Config.ContextLength)
            throw new InputException($"{options.PeftType}: {options.VirtualTokens} virtual tokens leave no place in the model's context of {decoder.Config.ContextLength}");
    }

    /// <summary>Takes the tokens off and makes the base trainable again; they keep their values.</summary>
    public void Detach()
    {
        Decoder.Virtual = null;
        foreach (Parameter parameter in _frozen) parameter.requires_grad = true;
    }

    /// <summary>Puts the tokens back after <see cref="Detach"/>.</summary>
    public void Reattach()
    {
        foreach (Parameter parameter in _frozen) parameter.requires_grad = false;
        Decoder.Virtual = Tokens;
        SetTraining(false);
    }

    /// <inheritdoc/>
    public void SetTraining(bool on) => Decoder.train(on);

    /// <inheritdoc/>
    public void SeedDraws(long seed) => manual_seed(seed);
}
