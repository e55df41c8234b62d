using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Unnamed rules on texts as long as a letter: its facts as JSON, as a line, or one of them.</summary>
internal static class LongRules
{
    /// <summary>Draws a rule; each call of the result is another text with its answer.</summary>
    internal static Func<NamedRandom, Example> Draw(NamedRandom random, Side side, Tongue tongue) => random.Next(4) switch
    {
        0 => OnHappenings(random, side, tongue),
        1 => OnBeings(random, side, tongue),
        _ => OnLetters(random, side, tongue),
    };

    private static Func<NamedRandom, Example> OnLetters(NamedRandom random, Side side, Tongue tongue)
    {
        var domain = random.Pick(Domains.All);
        var fields = new LetterFields(random, domain, tongue).Draw(random.Next(1, 5));
        var writer = Writer(random, [.. fields.Select(f => f.Key)]);
        bool mixed = random.Chance(0.2);
        return r =>
        {
            var letter = LetterWriter.Write(r, side, domain, mixed ? r.PickTongue() : tongue);
            string?[] values = [.. fields.Select(f => f.Value(letter))];
            return new(letter.Text, writer(values)) { Choices = [.. fields.Zip(values).Where(p => p.Second is null || p.First.Choices.Length > 0).Select(p => p.Second)] };
        };
    }

    private static Func<NamedRandom, Example> OnHappenings(NamedRandom random, Side side, Tongue tongue)
    {
        string[] roles = random.PickSome([.. Happening.Roles.Keys], random.Next(1, 4));
        var writer = Writer(random, [.. roles.Select(r => Happening.Roles[r].In(tongue))]);
        return r =>
        {
            Happening happening;
            do happening = Happening.Draw(r, side, tongue); while (!Array.Exists(roles, happening.Parts.ContainsKey));
            string?[] values = [.. roles.Select(role => happening.Parts.GetValueOrDefault(role))];
            return new(happening.Text, writer(values)) { Choices = [.. values.Where(v => v is null)] };
        };
    }

    private static Func<NamedRandom, Example> OnBeings(NamedRandom random, Side side, Tongue tongue)
    {
        var kind = random.Pick(Beings.All);
        var told = random.PickSome(kind.Facts, random.Next(2, 4));
        var asked = told[..random.Next(1, told.Length)];
        var writer = Writer(random, ["name", .. asked.Select(f => f.Key.In(tongue).Replace(' ', '_'))]);
        return r =>
        {
            var facts = told.Select(f => new Fact(f, f.Value(r, side))).ToArray();
            var being = new Being(kind.DrawName(r, side, tongue), kind, facts);
            return new(Telling.Prose(r, being, tongue), writer([being.Name, .. asked.Select(f => being.Of(f)!.Value.In(tongue))]));
        };
    }

    // JSON as a rule; else the values in a line, with a sign for what is absent.
    private static Func<string?[], string> Writer(NamedRandom random, string[] keys)
    {
        if (random.Chance(0.55)) return values => JsonLine.Of(keys.Zip(values));
        string between = random.Pick<string>([" | ", ", ", " / ", "; "]), absent = random.Pick<string>(["-", "none", "?", "x"]);
        if (keys.Length > 1 && random.Chance(0.3)) return values => string.Join(between, keys.Zip(values).Select(pair => $"{pair.First}: {pair.Second ?? absent}"));
        return values => string.Join(between, values.Select(v => v ?? absent));
    }
}
