using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Adds two numbers of up to two digits; held-out pairs are never trained in either order.</summary>
internal sealed class AddSkill() : Skill("add", core: true)
{
    private static readonly Prompts Ways = Prompts.Of("""
        {a} + {b} = ?
        {a} + {b} = ?
        {a} + {b} = ?
        {a} + {b}
        [What is|How much is] {a} plus {b}?
        Add {a} and {b}.
        """, """
        {a} + {b} = ?
        {a} + {b} = ?
        {a} + {b} = ?
        {a}＋{b}は？
        {a}と{b}を足すと？
        {a}足す{b}は[いくつですか|]。
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var turns = Enumerable.Range(0, side.HeldOut ? 1 : random.Next(2, 7)).Select(_ => Sum(random, side, tongue)).ToArray();
        return Item(tongue, side.HeldOut ? null : Prompts.System(random, tongue), turns);
    }

    private static (string, string) Sum(NamedRandom random, Side side, Tongue tongue)
    {
        while (true)
        {
            bool easy = !side.HeldOut && random.Chance(0.2);
            int a = easy ? random.Next(0, 10) : random.Next(10, 100);
            int b = easy ? random.Next(0, random.Chance(0.5) ? 10 : 100) : random.Next(10, 100);
            if (easy && random.Chance(0.5)) (a, b) = (b, a);
            if (!easy && !side.Has($"{Math.Min(a, b)}+{Math.Max(a, b)}")) continue;
            string prompt = random.Chance(0.6) ? $"{a} + {b} = ?" : Ways.Ask(random, tongue, ("a", a.ToString()), ("b", b.ToString()));
            return (prompt, (a + b).ToString());
        }
    }
}

/// <summary>Puts numbers in order.</summary>
internal sealed class SortSkill() : Skill("sort", core: true)
{
    private static readonly Prompts Rising = Prompts.Of("""
        Sort: {x}
        Sort the numbers: {x}
        [Put in order|Order from small to large]: {x}
        [Smallest first|Ascending]: {x}
        """, """
        小さい順に[並べてください|]：{x}
        昇順に[並べて|]：{x}
        数を小さい方から順に：{x}
        """);

    private static readonly Prompts Falling = Prompts.Of("""
        Sort from large to small: {x}
        [Largest first|Descending]: {x}
        """, """
        大きい順に[並べてください|]：{x}
        降順に[並べて|]：{x}
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        int limit = random.Chance(0.75) ? 100 : random.Chance(0.5) ? 10 : 1000;
        int count = random.Next(3, limit == 1000 ? 5 : side.HeldOut ? 6 : 7);
        var numbers = new HashSet<int>();
        while (numbers.Count < count) numbers.Add(random.Next(1, limit));
        bool falling = random.Chance(0.2);
        var sorted = falling ? numbers.OrderDescending() : numbers.Order();
        string prompt = (falling ? Falling : Rising).Ask(random, tongue, ("x", string.Join(' ', numbers)));
        string answer = string.Join(' ', sorted);
        if (!side.Has(answer)) return Draw(random, side);
        return Item(tongue, Prompts.System(random, tongue), (prompt, answer));
    }
}

/// <summary>Says which of two numbers is larger, or smaller.</summary>
internal sealed class LargerSkill() : Skill("larger", core: true)
{
    private static readonly Prompts Larger = Prompts.Of("""
        Which is larger, {a} or {b}?
        [Larger|Bigger]: {a} or {b}?
        Which number is greater: {a}, {b}?
        """, """
        {a}と{b}では[どちらが|どっちが]大きいですか。
        大きい方は？ {a}、{b}
        {a}と{b}、大きいのは？
        """);

    private static readonly Prompts Smaller = Prompts.Of("""
        Which is smaller, {a} or {b}?
        Smaller: {a} or {b}?
        """, """
        {a}と{b}では[どちらが|どっちが]小さいですか。
        小さい方は？ {a}、{b}
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var turns = Enumerable.Range(0, Turns(random, side, 3)).Select(_ => Question(random, side, tongue)).ToArray();
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static (string, string) Question(NamedRandom random, Side side, Tongue tongue)
    {
        while (true)
        {
            int limit = random.Pick<int>([10, 100, 100, 1000, 1000, 10_000]);
            int a = random.Next(limit), b = random.Chance(0.3) ? a + random.Next(1, 10) : random.Next(limit);
            if (random.Chance(0.5)) (a, b) = (b, a);
            if (a == b || (limit > 10 && !side.Has($"{Math.Min(a, b)}<{Math.Max(a, b)}"))) continue;
            bool smaller = random.Chance(0.2);
            string prompt = (smaller ? Smaller : Larger).Ask(random, tongue, ("a", a.ToString()), ("b", b.ToString()));
            return (prompt, (smaller ? Math.Min(a, b) : Math.Max(a, b)).ToString());
        }
    }
}

/// <summary>Cheap skills of counting on: the next number, the next weekday or month, even or odd, digits.</summary>
internal sealed class CountingSkill() : Skill("counting", core: false)
{
    private static readonly Prompts NextNumber = Prompts.Of("[Which number comes after|The number after] {x}?\nNext: {x}", "{x}の次の数は？\n{x}より一つ大きい数は？");
    private static readonly Prompts Series = Prompts.Of("[Continue|Go on]: {x}", "続きは？ {x}");
    private static readonly Prompts After = Prompts.Of("[What comes|Which one comes] after {x}?", "{x}の次は？");
    private static readonly Prompts Before = Prompts.Of("[What comes|Which one comes] before {x}?", "{x}の前は？");
    private static readonly Prompts Days = Prompts.Of("[Which day is|What day is] {n} days after {x}?", "{x}の{n}日後は何曜日ですか。");
    private static readonly Prompts Parity = Prompts.Of("Is {x} even or odd?", "{x}は偶数ですか、奇数ですか。");

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        return Item(tongue, Prompts.System(random, tongue), Question(random, tongue));
    }

    private static (string, string) Question(NamedRandom random, Tongue tongue)
    {
        int number = random.Next(random.Chance(0.5) ? 100 : 1000), step = random.Next(1, 6), n = random.Next(2, 7);
        var cycle = random.Chance(0.5) ? Lexicon.Weekdays : Lexicon.Months;
        int at = random.Next(cycle.Count), day = random.Next(7);
        return random.Next(6) switch
        {
            0 => (NextNumber.Ask(random, tongue, ("x", number.ToString())), (number + 1).ToString()),
            1 => (Series.Ask(random, tongue, ("x", $"{number} {number + step} {number + 2 * step}")), (number + 3 * step).ToString()),
            2 => (After.Ask(random, tongue, ("x", cycle[at].In(tongue))), cycle[(at + 1) % cycle.Count].In(tongue)),
            3 => (Before.Ask(random, tongue, ("x", cycle[at].In(tongue))), cycle[(at + cycle.Count - 1) % cycle.Count].In(tongue)),
            4 => (Days.Ask(random, tongue, ("x", Lexicon.Weekdays[day].In(tongue)), ("n", n.ToString())), Lexicon.Weekdays[(day + n) % 7].In(tongue)),
            _ => (Parity.Ask(random, tongue, ("x", number.ToString())), tongue == Tongue.English ? number % 2 == 0 ? "even" : "odd" : number % 2 == 0 ? "偶数" : "奇数"),
        };
    }
}
