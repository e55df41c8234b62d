using System.Globalization;
using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>
/// A list of pairs, or of names with values under keys, and question after question for what stands there: reading a
/// passage at its simplest. Without it a small model answers a passage with a value of the right kind, but of any name.
/// It enters late, because a model that cannot copy yet learns nothing from it.
/// </summary>
internal sealed class LookupSkill() : Skill("lookup", core: false)
{
    private const int MostTurns = 8;

    private static readonly string[] Signs = [": ", " = ", " → ", " - ", " "];
    private static readonly string[] Breaks = ["\n", "; "];

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var (list, cells) = random.Chance(0.4) ? Pairs(random, side, tongue) : Grid(random, side, tongue);
        int turns = Turns(random, side, Math.Min(MostTurns, cells.Length));
        var asked = random.PickSome(cells, turns);
        asked[0].Question = list + "\n" + asked[0].Question;
        return Item(tongue, Prompts.System(random, tongue), asked);
    }

    // name = value; what stands beside the one, or at times beside the other?
    private static (string List, (string Question, string Answer)[] Cells) Pairs(NamedRandom random, Side side, Tongue tongue)
    {
        int count = random.Next(2, 9);
        string[] names = Words(random, side, tongue, count), values = Words(random, side, tongue, count);
        string sign = random.Pick(Signs), end = random.Pick<string>(["?", "", sign.TrimEnd()]);
        bool back = random.Chance(0.2);
        return (
            string.Join(random.Pick(Breaks), names.Zip(values, (name, value) => name + sign + value)),
            [.. names.Zip(values, (name, value) => back ? (value + end, name) : (name + end, value))]);
    }

    // name: key = value, key = value; or name key = value, all names under one key before the next.
    private static (string List, (string Question, string Answer)[] Cells) Grid(NamedRandom random, Side side, Tongue tongue)
    {
        int facts = random.Next(1, 4), count = facts == 1 ? random.Next(2, 7) : random.Next(2, 5);
        string[] names = Words(random, side, tongue, count);
        string[] keys = [.. random.PickSome(random.Pick(Beings.All).Facts, facts).Select(fact => fact.Key.In(tongue))];
        string[][] values = [.. keys.Select(_ => Words(random, side, tongue, count))]; // (fact, name)
        string sign = random.Pick(Signs);
        var ask = random.Pick<Func<string, string, string>>(
            [(n, k) => $"{n} {k}?", (n, k) => $"{k} {n}?", (n, k) => $"{n}, {k}", (n, k) => tongue == Tongue.English ? $"{k} of {n}?" : $"{n}の{k}は？"]);
        IEnumerable<string> lines = random.Chance(0.3)
            ? keys.SelectMany((key, f) => names.Select((name, i) => $"{name} {key}{sign}{values[f][i]}"))
            : names.Select((name, i) => $"{name}: {string.Join(", ", keys.Select((key, f) => key + sign + values[f][i]))}");
        return (string.Join(random.Pick(Breaks), lines), [.. keys.SelectMany((key, f) => names.Select((name, i) => (ask(name, key), values[f][i])))]);
    }

    // Distinct and all of one sort, so that only the place tells which is meant.
    private static string[] Words(NamedRandom random, Side side, Tongue tongue, int count)
    {
        Func<string> draw = random.Next(5) switch
        {
            0 => () => random.Pick(Lexicon.Nouns).In(tongue),
            1 => () => random.Pick(Lexicon.ColourNames).In(tongue),
            2 => () => random.Next(1, 1000).ToString(CultureInfo.InvariantCulture),
            3 => () => Names.Code(random, side),
            _ => () => tongue == Tongue.English ? Names.Latin(random, side) : Names.Katakana(random, side),
        };
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (words.Count < count) words.Add(draw());
        return [.. words];
    }
}
