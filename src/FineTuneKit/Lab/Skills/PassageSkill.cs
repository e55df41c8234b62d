using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>
/// Answers from a passage about beings with invented names: the value of a fact, the being that has it, or
/// <c>unknown</c> (<c>不明</c>) where the passage does not say.
/// </summary>
internal abstract class ReadingSkill(string name, bool core) : Skill(name, core)
{
    private const double UnknownShare = 0.1;

    private static readonly Prompts Layouts = Prompts.Of("""
        {p}¶{q}
        {p}¶Question: {q}
        {p}¶¶{q}
        Read the text and answer.¶{p}¶{q}
        Text: {p}¶Q: {q}
        {q}¶{p}
        Notes:¶{p}¶{q}
        Use only this text: {p}¶{q} If it does not say, answer unknown.
        """, """
        {p}¶{q}
        {p}¶質問：{q}
        {p}¶¶{q}
        次の文を読んで答えてください。¶{p}¶{q}
        文章：{p}¶問い：{q}
        {q}¶{p}
        メモ：¶{p}¶{q}
        次の文だけを使ってください：{p}¶{q}書いていなければ不明と答えてください。
        """);

    private static readonly Prompts SystemLayouts = Prompts.Of("""
        Answer from this text.¶{p}
        Handbook:¶{p}
        You know only this: {p}
        """, """
        次の文から答えてください。¶{p}
        手引き：¶{p}
        知っているのはこれだけです：{p}
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var beings = DrawBeings(random, side, tongue);
        string passage = Telling.Passage(random, beings, tongue);
        var turns = Enumerable.Range(0, Turns(random, side, 8)).Select(_ => Question(random, side, tongue, beings)).DistinctBy(t => t.Question).ToArray();
        if (random.Chance(0.12)) return Item(tongue, SystemLayouts.Ask(random, tongue, ("p", passage)), turns);
        turns[0].Question = Layouts.Ask(random, tongue, ("p", passage), ("q", turns[0].Question));
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    /// <summary>What the passage tells of.</summary>
    protected abstract Being[] DrawBeings(NamedRandom random, Side side, Tongue tongue);

    private static (string Question, string Answer) Question(NamedRandom random, Side side, Tongue tongue, Being[] beings)
    {
        string unknown = tongue == Tongue.English ? "unknown" : "不明";
        var being = random.Pick(beings);
        if (random.Chance(UnknownShare))
        {
            var untold = random.Pick(being.Kind.Facts);
            bool told = being.Of(untold) is not null;
            string name = told ? Stranger(random, side, tongue, beings) : being.Name;
            return (Telling.Question(random, name, untold, tongue), unknown);
        }
        var fact = random.Pick(being.Facts);
        bool alone = beings.Count(b => b.Of(fact.Kind)!.Value == fact.Value) == 1;
        return alone && beings.Length > 1 && random.Chance(0.25)
            ? (Telling.Which(random, being, fact, tongue), being.Name)
            : (Telling.Question(random, being.Name, fact.Kind, tongue), fact.Value.In(tongue));
    }

    private static string Stranger(NamedRandom random, Side side, Tongue tongue, Being[] beings)
    {
        string name;
        do name = beings[0].Kind.DrawName(random, side, tongue); while (Array.Exists(beings, b => b.Name == name));
        return name;
    }
}

/// <summary>Passages about two to four beings; in training also one.</summary>
internal sealed class PassageSkill() : ReadingSkill("passage", core: true)
{
    protected override Being[] DrawBeings(NamedRandom random, Side side, Tongue tongue)
    {
        double size = random.NextDouble();
        var (count, facts) = !side.HeldOut && size < 0.15 ? (1, random.Next(2, 5))
            : size < 0.5 ? (2, random.Next(2, 5))
            : size < 0.85 ? (3, random.Next(2, 4))
            : (4, random.Next(1, 4));
        return random.Pick(Beings.All).Draw(random, side, tongue, count, facts);
    }
}

/// <summary>Passages as long as a page of a handbook: five to eight beings.</summary>
internal sealed class HandbookSkill() : ReadingSkill("handbook", core: false)
{
    protected override Being[] DrawBeings(NamedRandom random, Side side, Tongue tongue) =>
        random.Pick(Beings.All).Draw(random, side, tongue, random.Next(5, 9), random.Next(1, 4));
}
