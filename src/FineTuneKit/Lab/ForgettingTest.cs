using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Lab.Skills;

namespace FineTuneKit.Lab;

/// <summary>The score of one general skill.</summary>
/// <param name="Skill">The skill's name.</param>
/// <param name="Core">Whether it counts for forgetting.</param>
/// <param name="Right">Exact answers.</param>
/// <param name="Asked">Questions.</param>
public sealed record SkillResult(string Skill, bool Core, int Right, int Asked)
{
    /// <summary>The share right, with Wilson's 95 % interval.</summary>
    public Estimate Share => Proportions.Interval(Right, Asked);
}

/// <summary>Asks a model the held-out questions of the general skills: greedy decoding, exact match.</summary>
public static class ForgettingTest
{
    /// <summary>Right or wrong, question by question.</summary>
    public static IReadOnlyList<bool> Ask(ChatModel model, IReadOnlyList<SkillItem> items, IRunProgress progress, CancellationToken cancel) =>
        [.. model.Answer([.. items.Select(i => i.Messages)], [.. items.Select(item => Limit(model, item))], progress, cancel)
            .Zip(items, (answer, item) => SkillScore.IsRight(item, answer))];

    // A model that has forgotten how to stop writes on and on. The right answer's text may be cut into more tokens than
    // the tokeniser would, but not into twice as many.
    private static int Limit(ChatModel model, SkillItem item) => 2 * model.Tokenizer.EncodePlain(item.Answer).Length + 8;

    /// <summary>The score of each skill, in the order of first appearance.</summary>
    public static IReadOnlyList<SkillResult> Sum(IReadOnlyList<SkillItem> items, IReadOnlyList<bool> right) =>
        [.. items.Zip(right).GroupBy(p => p.First.Skill).Select(g => new SkillResult(g.Key, IsCore(g.Key), g.Count(p => p.Second), g.Count()))];

    /// <summary>Whether a skill counts for forgetting.</summary>
    public static bool IsCore(string skill) => GeneralSkills.Named(skill).Core;
}
