using FineTuneKit.Data;
using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>
/// A general ability of the mini base model, with an endless supply of questions that have one exact answer each.
/// Training questions and held-out ones are disjoint by construction: invented names, codes and other keys, and the
/// question's own text, are hashed to one side (<see cref="Side"/>).
/// </summary>
/// <param name="name">The short name under which its score is shown.</param>
/// <param name="core">True for the skills by which forgetting is measured; false for those that only broaden the base.</param>
public abstract class Skill(string name, bool core)
{
    private const int MostTries = 10_000;

    /// <summary>The short name under which its score is shown.</summary>
    public string Name { get; } = name;

    /// <summary>True for the skills by which forgetting is measured.</summary>
    public bool Core { get; } = core;

    /// <summary>Its share of a mixture's text (see <see cref="SkillCorpus"/>), relative to the others.</summary>
    public double Weight(Mixture mixture) => SkillWeights.Of(Name, mixture);

    /// <summary>Draws a question: for training, perhaps with several turns, or a held-out one with a single question.</summary>
    public SkillItem Make(NamedRandom random, bool heldOut)
    {
        var side = new Side(heldOut);
        for (int i = 0; i < MostTries; i++)
        {
            var item = Draw(random, side);
            if (side.Has(item.Messages.First(m => m.Role == "user").Content)) return item;
        }
        throw new InvalidOperationException($"skill {Name}: none of {MostTries} questions was on the {(heldOut ? "held-out" : "training")} side");
    }

    /// <summary>Draws a question whose keys are of the side.</summary>
    protected abstract SkillItem Draw(NamedRandom random, Side side);

    /// <summary>A conversation; the last pair is the question.</summary>
    protected SkillItem Item(Tongue tongue, string? system, params IReadOnlyList<(string User, string Answer)> turns)
    {
        var messages = new List<ChatMessage>();
        if (system is not null) messages.Add(new ChatMessage("system", system));
        foreach (var (user, answer) in turns.Take(turns.Count - 1))
        {
            messages.Add(new ChatMessage("user", user));
            messages.Add(new ChatMessage("assistant", answer));
        }
        messages.Add(new ChatMessage("user", turns[^1].User));
        return new SkillItem(Name, messages, turns[^1].Answer, tongue.Code());
    }

    /// <summary>How many questions a conversation has: one when held out, else up to <paramref name="most"/>.</summary>
    protected static int Turns(NamedRandom random, Side side, int most) => side.HeldOut ? 1 : random.Next(1, most + 1);
}
