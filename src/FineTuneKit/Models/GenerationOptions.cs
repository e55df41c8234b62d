namespace FineTuneKit.Models;

/// <summary>How a text is continued. The names and defaults are those of transformers' <c>generate</c>.</summary>
public sealed record GenerationOptions
{
    /// <summary>New tokens at most, from 1.</summary>
    public int MaxNewTokens { get; init; } = 100;

    /// <summary>New tokens at most for each prompt, where that is less; null for the same limit for all.</summary>
    public IReadOnlyList<int>? NewTokensByPrompt { get; init; }

    /// <summary>No stop token before this many new tokens.</summary>
    public int MinNewTokens { get; init; }

    /// <summary>Draw tokens by their probability; false takes the likeliest, and leaves temperature and cut-offs unused.</summary>
    public bool Sample { get; init; }

    /// <summary>Divides the logits when sampling, above 0; below 1 sharpens.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Sampling keeps this many tokens, ties at the last included; 0 keeps all.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>Sampling keeps the likeliest tokens that hold this share of the entropy, from 0 to 1; null keeps all.</summary>
    public double? TopH { get; init; }

    /// <summary>Sampling keeps the likeliest tokens that hold this probability together, from 0 to 1; 1 keeps all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Sampling drops tokens below this share of the likeliest one's probability; 0 keeps all.</summary>
    public double MinP { get; init; }

    /// <summary>Sampling keeps the most typical tokens that hold this probability; 1 keeps all.</summary>
    public double TypicalP { get; init; } = 1;

    /// <summary>Sampling drops tokens below this probability; 0 keeps all.</summary>
    public double EpsilonCutoff { get; init; }

    /// <summary>Sampling drops tokens below an entropy-dependent probability; 0 keeps all.</summary>
    public double EtaCutoff { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens that stand already; 1 leaves them.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>No n-gram of this length twice; 0 allows all.</summary>
    public int NoRepeatNGram { get; init; }

    /// <summary>Multiplies positive and divides negative logits of the prompt's tokens, above 0; above 1 keeps to the prompt, 1 leaves them.</summary>
    public double PromptPenalty { get; init; } = 1;

    /// <summary>No n-gram of this length that stands in the prompt; 0 allows all.</summary>
    public int NoPromptNGram { get; init; }

    /// <summary>Says which tokens may follow a row; null for all.</summary>
    public AllowedTokens? Allowed { get; init; }

    /// <summary>The token that follows a prompt of one token; null for any.</summary>
    public int? FirstId { get; init; }

    /// <summary>The tokens of which one comes last where a row reaches its limit; none for any.</summary>
    public IReadOnlyList<int> LastIds { get; init; } = [];

    /// <summary>Lets the logits of stop tokens grow after a length; null for not.</summary>
    public StopGrowth? StopGrowth { get; init; }

    /// <summary>NaN and infinite logits become finite; otherwise NaN logits are an error.</summary>
    public bool ReplaceInvalid { get; init; }

    /// <summary>Added to the logit of a sequence's last token where the tokens before it stand.</summary>
    public IReadOnlyList<SequenceBias> Biases { get; init; } = [];

    /// <summary>Sequences that must not appear.</summary>
    public IReadOnlyList<IReadOnlyList<int>> BadWords { get; init; } = [];

    /// <summary>Tokens that never come.</summary>
    public IReadOnlyList<int> SuppressIds { get; init; } = [];

    /// <summary>Tokens that do not come first.</summary>
    public IReadOnlyList<int> SuppressFirstIds { get; init; } = [];

    /// <summary>Logits become log-probabilities after all other processors.</summary>
    public bool Renormalize { get; init; }

    /// <summary>Beams; 1 for none.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>Beam scores are divided by length to this power.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>Beams end as soon as each has a finished text.</summary>
    public bool EarlyStopping { get; init; }

    /// <summary>Tokens that end a text.</summary>
    public IReadOnlyList<int> StopIds { get; init; } = [];

    /// <summary>Seed of the draws; each prompt has its own stream, so that a row does not depend on its neighbours.</summary>
    public long Seed { get; init; }

    /// <summary>Rows that are continued at once.</summary>
    public int BatchRows { get; init; } = 48;

    /// <summary>Throws when a value is out of its range.</summary>
    /// <exception cref="InputException">Names the option, its value and what is required.</exception>
    public GenerationOptions Checked()
    {
        Require(MaxNewTokens >= 1, "max_new_tokens", MaxNewTokens, "at least 1");
        Require(MinNewTokens >= 0, "min_new_tokens", MinNewTokens, "at least 0");
        Require(Temperature > 0 && double.IsFinite(Temperature), "temperature", Temperature, "a number above 0 (greedy: sampling off)");
        Require(TopK >= 0, "top_k", TopK, "at least 0");
        Require(TopH is null or >= 0 and <= 1, "top_h", TopH ?? 0, "from 0 to 1");
        Require(TopP is >= 0 and <= 1, "top_p", TopP, "from 0 to 1");
        Require(MinP is >= 0 and <= 1, "min_p", MinP, "from 0 to 1");
        Require(TypicalP is > 0 and <= 1, "typical_p", TypicalP, "above 0, at most 1");
        Require(EpsilonCutoff is >= 0 and < 1, "epsilon_cutoff", EpsilonCutoff, "from 0, below 1");
        Require(EtaCutoff is >= 0 and < 1, "eta_cutoff", EtaCutoff, "from 0, below 1");
        Require(RepetitionPenalty > 0, "repetition_penalty", RepetitionPenalty, "above 0");
        Require(NoRepeatNGram >= 0, "no_repeat_ngram_size", NoRepeatNGram, "at least 0");
        Require(PromptPenalty > 0, "encoder_repetition_penalty", PromptPenalty, "above 0");
        Require(NoPromptNGram >= 0, "encoder_no_repeat_ngram_size", NoPromptNGram, "at least 0");
        Require(StopGrowth is null or { Start: >= 0, Factor: > 0 }, "exponential_decay_length_penalty", StopGrowth?.Factor ?? 0, "a start of at least 0 and a factor above 0");
        Require(Beams >= 1, "num_beams", Beams, "at least 1");
        Require(Beams == 1 || !Sample, "num_beams", Beams, "1 when sampling");
        Require(BatchRows >= 1, "batch rows", BatchRows, "at least 1");
        return this;
    }

    private static void Require(bool holds, string name, double value, string required)
    {
        if (!holds) throw new InputException($"{name} is {value}; required is {required}");
    }
}

/// <summary>A bias on the last token of a sequence of tokens.</summary>
/// <param name="Ids">The sequence, at least one token.</param>
/// <param name="Bias">Added to the logit.</param>
public sealed record SequenceBias(IReadOnlyList<int> Ids, float Bias);
