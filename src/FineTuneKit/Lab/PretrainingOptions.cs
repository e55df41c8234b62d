namespace FineTuneKit.Lab;

/// <summary>
/// How mini-base is made: the defaults are what the shipped one was made with. The same options and seed give the same
/// weights, bit for bit.
/// </summary>
public sealed record PretrainingOptions
{
    /// <summary>Entries of the tokeniser, special tokens and bytes included.</summary>
    public int VocabularySize { get; init; } = 4096;

    /// <summary>Conversations that the tokeniser is trained on.</summary>
    public int TokenizerConversations { get; init; } = 60_000;

    /// <summary>Components of a token's vector.</summary>
    public int HiddenSize { get; init; } = 192;

    /// <summary>Components inside a feed-forward block.</summary>
    public int IntermediateSize { get; init; } = 512;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 5;

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 6;

    /// <summary>Key and value heads.</summary>
    public int KeyHeads { get; init; } = 3;

    /// <summary>The longest sequence that the model is said to hold, in tokens.</summary>
    public int ContextLength { get; init; } = 1024;

    /// <summary>Optimizer steps of the first stage.</summary>
    public int Steps { get; init; } = 6000;

    /// <summary>Steps of the opening, in which the mixture is <see cref="Skills.Mixture.Opening"/>.</summary>
    public int OpeningSteps { get; init; } = 1500;

    /// <summary>Steps of the second stage, which broadens the model by <see cref="Skills.Mixture.Broadening"/>.</summary>
    public int BroadeningSteps { get; init; } = 2500;

    /// <summary>The second stage's peak learning rate, from which it falls linearly to zero.</summary>
    public double BroadeningRate { get; init; } = 2e-3;

    /// <summary>Steps of the third stage, which sharpens what is still weak by <see cref="Skills.Mixture.Sharpening"/>.</summary>
    public int SharpeningSteps { get; init; } = 3500;

    /// <summary>The third stage's peak learning rate, from which it falls linearly to zero.</summary>
    public double SharpeningRate { get; init; } = 2e-3;

    /// <summary>Optimizer steps of all stages.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int TotalSteps => Steps + BroadeningSteps + SharpeningSteps;

    /// <summary>The same in another number of steps, of which each stage keeps its share.</summary>
    public PretrainingOptions WithTotalSteps(int steps)
    {
        double share = (double)steps / TotalSteps;
        int broadening = (int)Math.Round(BroadeningSteps * share), sharpening = (int)Math.Round(SharpeningSteps * share);
        return this with
        {
            Steps = steps - broadening - sharpening,
            OpeningSteps = (int)Math.Round(OpeningSteps * share),
            BroadeningSteps = broadening,
            SharpeningSteps = sharpening,
        };
    }

    /// <summary>Tokens of a training row, in which whole conversations are packed that do not see each other.</summary>
    public int RowTokens { get; init; } = 512;

    /// <summary>Rows of a step.</summary>
    public int RowsPerStep { get; init; } = 12;

    /// <summary>The share of conversations whose prompt is learnt too; of the others only the answers are.</summary>
    public double WholeTextShare { get; init; } = 0.3;

    /// <summary>The share of conversations in which tokens drawn evenly from the vocabulary are repeated, so that each has been written.</summary>
    public double TokenCopyShare { get; init; } = 0.04;

    /// <summary>The optimizer; see <see cref="Training.TrainingOptions.Optimizer"/>.</summary>
    public string Optimizer { get; init; } = Training.TrainingOptions.Muon;

    /// <summary>The first stage's peak learning rate.</summary>
    public double LearningRate { get; init; } = 4e-3;

    /// <summary>The share of the first stage's steps over which the rate falls linearly to zero at its end.</summary>
    public double DecayShare { get; init; } = 0.8;

    /// <summary>Held-out questions of each skill in the final score.</summary>
    public int QuestionsPerSkill { get; init; } = 200;

    /// <summary>The seed of everything.</summary>
    public long Seed { get; init; } = 1;
}
