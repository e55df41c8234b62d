using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Says whether a sentence praises or blames.</summary>
internal sealed class SentimentSkill() : Skill("sentiment", core: true)
{
    private static readonly Prompts Ways = Prompts.Of("""
        Sentiment: {x}
        Is this positive or negative? {x}
        Positive or negative: {x}
        {x}¶Sentiment?
        """, """
        感情：{x}
        肯定か否定か：{x}
        次の文は肯定的ですか、否定的ですか。{x}
        {x}¶肯定・否定？
        """);

    private static readonly Prompts Chosen = Prompts.Of("""
        {x}¶Choose: {a}, {b}
        Choose {a} or {b}: {x}
        """, """
        {x}¶選択：{a}、{b}
        {a}と{b}から選んでください：{x}
        """);

    private static readonly Term[][] Pairs =
    [
        Term.Parse("good=良い; bad=悪い"), Term.Parse("praise=称賛; blame=批判"), Term.Parse("happy=満足; unhappy=不満"), Term.Parse("pro=賛; con=否"), Term.Parse("+=＋; -=−"),
    ];

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        bool chosen = random.Chance(side.HeldOut ? 0.1 : 0.25);
        var turns = Enumerable.Range(0, Turns(random, side, 3)).Select(_ => Question(random, side, tongue, chosen)).ToArray();
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static (string, string) Question(NamedRandom random, Side side, Tongue tongue, bool chosen)
    {
        bool good = random.Chance(0.5);
        var of = random.Chance(0.9) ? tongue : tongue.Other();
        string sentence = Opinions.Sentence(random, side, of, good);
        if (!chosen) return (Ways.Ask(random, tongue, ("x", sentence)), tongue == Tongue.English ? good ? "positive" : "negative" : good ? "肯定" : "否定");
        var pair = random.Pick(Pairs);
        string answer = pair[good ? 0 : 1].In(tongue), other = pair[good ? 1 : 0].In(tongue);
        bool first = random.Chance(0.5);
        return (Chosen.Ask(random, tongue, ("x", sentence), ("a", first ? answer : other), ("b", first ? other : answer)), answer);
    }
}
