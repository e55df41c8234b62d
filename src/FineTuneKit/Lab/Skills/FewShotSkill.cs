using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Follows an unnamed rule that three examples show.</summary>
internal abstract class RuleSkill(string name, bool core, string[] layouts) : Skill(name, core)
{
    private const int MostTries = 200;

    private static readonly Prompts Heads = Prompts.Of("""
        Go on in the same way.
        Find the rule and apply it.
        Continue.
        """, """
        同じように続けてください。
        規則を見つけて続けてください。
        例にならってください。
        """);

    /// <summary>True where inputs are whole texts.</summary>
    protected bool LongInputs { get; init; }

    /// <summary>Draws a rule; each call of the result is another example.</summary>
    protected abstract Func<NamedRandom, Example> Rule(NamedRandom random, Side side, Tongue tongue);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var rule = Rule(random, side, tongue);
        string layout = random.Pick(layouts);
        string open = layout[..layout.IndexOf("{y}", StringComparison.Ordinal)].TrimEnd(' ');
        string separator = LongInputs && random.Chance(0.4) ? "\n\n" : "\n";
        int shown = side.HeldOut || random.Chance(0.75) ? 3 : random.Next(2, LongInputs ? 4 : 6);

        string prompt = !random.Chance(0.35) ? "" : Heads.Ask(random, tongue) + separator;
        var examples = new List<Example>();
        for (int i = 0; i < shown; i++)
        {
            examples.Add(Fresh(random, rule, examples));
            prompt += Line(layout, examples[i].Input, examples[i].Output) + separator;
        }
        var turns = new List<(string, string)>();
        for (int i = Turns(random, side, LongInputs ? 4 : 8); i > 0; i--)
        {
            var asked = Explained(random, rule, examples);
            string line = Line(open, asked.Input, "");
            turns.Add((turns.Count == 0 ? prompt + line : line, asked.Output));
            examples.Add(asked);
        }
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static Example Fresh(NamedRandom random, Func<NamedRandom, Example> rule, List<Example> seen)
    {
        Example example;
        do example = rule(random); while (seen.Exists(e => e.Input == example.Input) && random.Chance(0.95));
        return example;
    }

    // An answer from a closed set counts only if an earlier answer has shown how it is written.
    private static Example Explained(NamedRandom random, Func<NamedRandom, Example> rule, List<Example> seen)
    {
        for (int i = 0; i < MostTries; i++)
        {
            var example = Fresh(random, rule, seen);
            if (Array.TrueForAll(example.Choices, c => seen.Exists(e => e.Choices.Contains(c)))) return example;
        }
        // Then an earlier input comes once more: its answer is known.
        return random.Pick(seen);
    }

    private static string Line(string layout, string x, string y) =>
        layout.Replace("{x}", x, StringComparison.Ordinal).Replace("{y}", y, StringComparison.Ordinal);
}

/// <summary>Rules on one to three words or a number.</summary>
internal sealed class FewShotSkill() : RuleSkill("few-shot", core: true,
    ["{x} -> {y}", "{x} => {y}", "{x} → {y}", "{x}: {y}", "{x} = {y}", "{x} | {y}", "Input: {x}\nOutput: {y}", "Q: {x}\nA: {y}", "入力：{x}\n出力：{y}", "問：{x}\n答：{y}", "in {x} out {y}"])
{
    protected override Func<NamedRandom, Example> Rule(NamedRandom random, Side side, Tongue tongue) => ShortRules.Draw(random, side, tongue);
}

/// <summary>Rules on texts as long as a letter, with small JSON or lines as outputs.</summary>
internal sealed class LongFewShotSkill : RuleSkill
{
    public LongFewShotSkill() : base("few-shot-long", core: false,
        ["{x}\n{y}", "Text: {x}\nOutput: {y}", "Input: {x}\nOutput: {y}", "{x}\n-> {y}", "{x}\n=> {y}", "Message: {x}\nAnswer: {y}", "文：{x}\n出力：{y}", "入力：{x}\n出力：{y}", "{x} → {y}"]) =>
        LongInputs = true;

    protected override Func<NamedRandom, Example> Rule(NamedRandom random, Side side, Tongue tongue) => LongRules.Draw(random, side, tongue);
}

/// <summary>An input of a rule with its output.</summary>
internal sealed record Example(string Input, string Output)
{
    /// <summary>Those values of the output that come from a closed set, or are absent, not copied from the input.</summary>
    internal string?[] Choices { get; init; } = [];
}
