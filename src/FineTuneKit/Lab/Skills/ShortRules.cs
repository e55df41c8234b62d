using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Rules on one to three words or a number, each shown unmistakably by its examples.</summary>
internal static class ShortRules
{
    // A word of one sign is its own first letter: no example could tell such rules apart.
    private static readonly Term[] SpelledNouns = [.. Lexicon.Nouns.Where(n => n.Japanese.Length > 1)];

    /// <summary>Draws a rule with its constants fixed; each call of the result is another example.</summary>
    internal static Func<NamedRandom, Example> Draw(NamedRandom random, Side side, Tongue tongue) => random.Next(10) switch
    {
        < 5 => OnWord(random, side, tongue),
        < 7 => OnWords(random, side, tongue),
        7 => OnNumber(random),
        _ => OnMeaning(random, tongue),
    };

    private static Func<NamedRandom, Example> OnWord(NamedRandom random, Side side, Tongue tongue)
    {
        bool invented = random.Chance(0.4);
        bool latin = tongue == Tongue.English || random.Chance(0.3);
        var words = latin ? Tongue.English : Tongue.Japanese;
        string Word(NamedRandom r) => invented
            ? latin ? Names.Nonsense(r, side) : Names.Katakana(r, side)
            : r.Pick(SpelledNouns).In(words).Replace(" ", "", StringComparison.Ordinal);
        string constant = latin ? Names.Nonsense(random, side) : Names.Katakana(random, side);
        var (open, close) = random.Pick<(string, string)>([("(", ")"), ("[", "]"), ("<", ">"), ("*", "*"), ("\"", "\""), ("{", "}"), ("「", "」"), ("#", ""), ("", "!"), ("", "?"), ("@", ""), ("", ".")]);
        string joint = random.Pick<string>(["", "-", " ", "_"]);
        Func<string, string> rule = random.Next(latin ? 11 : 8) switch
        {
            0 => w => $"{w} {w}",
            1 or 2 => w => open + w + close,
            3 => w => w[..1],
            4 => w => w[^1..],
            5 => w => w + joint + constant,
            6 => w => constant + joint + w,
            7 => w => w,
            8 => w => w.ToUpperInvariant(),
            9 => w => w.Capitalised(),
            _ => w => string.Join('-', w.ToCharArray()),
        };
        return r => Apply(Word(r), rule);
    }

    private static Func<NamedRandom, Example> OnWords(NamedRandom random, Side side, Tongue tongue)
    {
        int count = random.Next(2, 4);
        string constant = tongue == Tongue.English ? Names.Nonsense(random, side) : Names.Katakana(random, side);
        Func<string[], string> rule = random.Next(8) switch
        {
            0 or 1 => w => string.Join(' ', w.Reverse()),
            2 => w => w[0],
            3 => w => w[^1],
            4 => w => string.Join(", ", w),
            5 => w => string.Join(' ', w.Append(constant)),
            6 => w => string.Join('-', w),
            _ => w => $"{w[^1]} ({w[0]})",
        };
        return r =>
        {
            string[] words = WordDraw.Words(r, side, tongue, count);
            return new(string.Join(' ', words), rule(words));
        };
    }

    private static Func<NamedRandom, Example> OnNumber(NamedRandom random)
    {
        string unit = random.Pick<string>([" kg", " km", "%", "円", " dollars", "番", "."]);
        Func<int, string> rule = random.Next(4) switch
        {
            0 => n => (n + 1).ToString(),
            1 => n => n + unit,
            2 => n => $"{n} {n}",
            _ => n => string.Join(' ', n.ToString().ToCharArray()),
        };
        return r =>
        {
            int number = r.Next(10, 1000);
            return new(number.ToString(), rule(number));
        };
    }

    private static Func<NamedRandom, Example> OnMeaning(NamedRandom random, Tongue tongue)
    {
        bool translate = random.Chance(0.6);
        var from = random.Chance(0.5) ? Tongue.English : Tongue.Japanese;
        var groups = random.PickSome(Lexicon.Groups, 3);
        return r =>
        {
            var group = translate ? r.Pick(Lexicon.Groups) : r.Pick(groups);
            var noun = r.Pick(group.Nouns);
            return translate ? new(noun.In(from), noun.In(from.Other())) : new(noun.In(tongue), group.Name.In(tongue)) { Choices = [group.Name.In(tongue)] };
        };
    }

    private static Example Apply(string word, Func<string, string> rule) => new(word, rule(word));
}
