using static FineTuneKit.Lab.World.Tongue;

namespace FineTuneKit.Lab.World;

/// <summary>Puts the facts of beings into words: prose, separate sentences, list lines, tables.</summary>
public static class Telling
{
    /// <summary>One paragraph or list about all the beings, which must be of one kind.</summary>
    public static string Passage(NamedRandom random, Being[] beings, Tongue tongue) => random.Next(10) switch
    {
        < 4 => Join(beings.Select(b => Prose(random, b, tongue)), tongue),
        < 5 => Join(beings.Select(b => Sentences(random, b, tongue)), tongue),
        < 7 => ByFact(random, beings, tongue),
        < 9 => string.Join('\n', ListLines(random, beings, tongue)),
        _ => Table(beings, tongue),
    };

    /// <summary>One sentence: <c>Velmora costs 430 dollars, weighs 12 kg and comes in green.</c></summary>
    public static string Prose(NamedRandom random, Being being, Tongue tongue)
    {
        if (tongue == Japanese)
            return $"{being.Name}は{random.Pick<string>(["", "、"])}{string.Join("、", being.Facts.Select(f => $"{f.Kind.Key.Japanese}が{f.Value.Japanese}"))}です。";
        string[] phrases = [.. being.Facts.Select(f => Tell(random, f))];
        string joined = phrases.Length == 1 ? phrases[0] : $"{string.Join(", ", phrases[..^1])} and {phrases[^1]}";
        return $"{Subject(random, being)} {joined}.".Capitalised();
    }

    /// <summary>The question for a fact of a being.</summary>
    public static string Question(NamedRandom random, string name, FactKind kind, Tongue tongue)
    {
        if (random.Chance(0.6)) return random.Pick(kind.AskIn(tongue)).Fill(random, ("n", name)).Capitalised();
        string key = kind.Key.In(tongue);
        if (tongue == English) return random.Pick<string>([$"What is the {key} of {name}?", $"{name}: {key}?", $"Tell me the {key} of {name}.", $"{key} of {name}?"]).Capitalised();
        return random.Pick<string>([$"{name}の{key}は？", $"{name}の{key}を教えてください。", $"{name}の{key}は何ですか。"]);
    }

    /// <summary>The question for the being that has a fact.</summary>
    public static string Which(NamedRandom random, Being being, Fact fact, Tongue tongue)
    {
        if (tongue == English) return $"{(being.Kind.IsPerson ? "Who" : random.Pick<string>(["Which one", $"Which {being.Kind.Name.English}"]))} {Tell(random, fact)}?";
        return $"{fact.Kind.Key.Japanese}が{fact.Value.Japanese}なのは{(being.Kind.IsPerson ? "誰" : random.Pick<string>(["どれ", $"どの{being.Kind.Name.Japanese}"]))}ですか。";
    }

    private static string Tell(NamedRandom random, Fact fact) =>
        random.Pick(fact.Kind.Tell).Fill(random, ("v", fact.Value.English), ("a", Article(fact.Value.English)));

    /// <summary>The indefinite article of an English noun.</summary>
    public static string Article(string noun) => noun.Length > 0 && "aeiou".Contains(noun[0], StringComparison.Ordinal) && !noun.StartsWith("uni", StringComparison.Ordinal) ? "an" : "a";

    private static string Subject(NamedRandom random, Being being) =>
        being.Kind == Beings.Product && random.Chance(0.3) ? $"the {being.Name}" : being.Name;

    private static string Sentences(NamedRandom random, Being being, Tongue tongue)
    {
        if (tongue == Japanese)
            return string.Concat(being.Facts.Select((f, i) => $"{(i == 0 ? being.Name + "の" : "")}{f.Kind.Key.Japanese}は{f.Value.Japanese}です。"));
        return string.Join(' ', being.Facts.Select((f, i) => $"{(i == 0 || being.Kind.IsPerson ? being.Name : "it").Capitalised()} {Tell(random, f)}."));
    }

    // Fact after fact, not being after being: the reader has to hold names and values together.
    private static string ByFact(NamedRandom random, Being[] beings, Tongue tongue)
    {
        var lines = new List<string>();
        for (int i = 0; i < beings[0].Facts.Length; i++)
            foreach (var being in random.PickSome(beings, beings.Length))
                lines.Add(Prose(random, being with { Facts = [being.Facts[i]] }, tongue));
        return Join(lines, tongue);
    }

    private static IEnumerable<string> ListLines(NamedRandom random, Being[] beings, Tongue tongue)
    {
        string lead = random.Pick<string>(["- ", "", "* "]);
        string between = tongue == English ? random.Pick<string>([", ", "; "]) : "、";
        string equals = tongue == English ? random.Pick<string>([" ", ": ", " = "]) : random.Pick<string>(["", "：", " "]);
        foreach (var being in beings)
        {
            string facts = string.Join(between, being.Facts.Select(f => f.Kind.Key.In(tongue) + equals + f.Value.In(tongue)));
            yield return tongue == English ? $"{lead}{being.Name.Capitalised()}: {facts}" : $"{lead}{being.Name}：{facts}";
        }
    }

    private static string Table(Being[] beings, Tongue tongue)
    {
        var rows = beings.Select(b => string.Join(" | ", b.Facts.Select(f => f.Value.In(tongue)).Prepend(b.Name)));
        string head = string.Join(" | ", beings[0].Facts.Select(f => f.Kind.Key.In(tongue)).Prepend(tongue == English ? "name" : "名前"));
        return string.Join('\n', rows.Prepend(head));
    }

    private static string Join(IEnumerable<string> sentences, Tongue tongue) => string.Join(tongue == English ? " " : "", sentences);
}
