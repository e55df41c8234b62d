namespace FineTuneKit.Lab.World;

/// <summary>Writes letters: a topic's sentence among greetings, codes, detours, hurry and temper, in an order that varies.</summary>
public static class LetterWriter
{
    /// <summary>A letter to one of the houses, whose names and code belong to the side.</summary>
    public static Letter Write(NamedRandom random, Side side) => Write(random, side, random.Pick(Domains.All), random.PickTongue());

    /// <summary>A letter to this house in this language.</summary>
    public static Letter Write(NamedRandom random, Side side, Domain domain, Tongue tongue) =>
        Write(random, side, domain, random.Chance(0.12) ? Domains.Other : random.Pick(domain.Topics), tongue);

    /// <summary>A letter about this topic.</summary>
    public static Letter Write(NamedRandom random, Side side, Domain domain, Topic topic, Tongue tongue)
    {
        var frame = random.Pick(topic.Frames(tongue));
        bool named = frame.Uses("x") && random.Chance(0.78);
        string? item = named ? ItemName(random, side, domain, tongue) : null;
        string? code = random.Chance(0.6) ? Names.Code(random, side) : null;
        string? person = random.Chance(0.22) ? Names.Person(random, side, tongue) : null;
        var haste = random.Chance(0.45) ? Haste.Unsaid : (Haste)random.Next(1, 4);
        var mood = random.Chance(0.6) ? Mood.Calm : (Mood)random.Next(1, 3);

        string core = Core(random, domain, frame, tongue, item);
        var draft = new LetterDraft(random, tongue, domain, core) { Code = code, Person = person, Haste = haste, Mood = mood };
        if (item is not null && random.Chance(0.1)) draft.OtherThing = ItemName(random, side, domain, tongue);
        if (random.Chance(0.12)) draft.Aside = Core(random, domain, random.Pick(random.Pick(domain.Topics).Frames(tongue)), tongue, item: null);
        string text = draft.Text();
        return new Letter(text, domain, topic, tongue, item, code, person, haste, mood);
    }

    /// <summary>Only the sentence that says what a letter is about.</summary>
    public static string Core(NamedRandom random, Side side, Domain domain, Topic topic, Tongue tongue)
    {
        string? item = random.Chance(0.6) ? ItemName(random, side, domain, tongue) : null;
        return Core(random, domain, random.Pick(topic.Frames(tongue)), tongue, item);
    }

    /// <summary>Only the sentence that says how soon.</summary>
    public static string HasteSentence(NamedRandom random, Haste haste, Tongue tongue) =>
        random.Pick(LetterPhrases.Haste(haste, tongue)).Fill(random);

    private static string Core(NamedRandom random, Domain domain, Frame frame, Tongue tongue, string? item)
    {
        string weekday = frame.Uses("w") ? random.Pick(Lexicon.Weekdays).In(tongue) : "";
        return frame.Fill(random, ("x", Thing(random, domain, tongue, item)), ("w", weekday)).Capitalised();
    }

    private static string ItemName(NamedRandom random, Side side, Domain domain, Tongue tongue) =>
        domain.Titles ? Names.Title(random, side, tongue) : Names.Product(random, side, tongue);

    /// <summary>How a thing stands in a sentence: by its name, or by its kind where it has none.</summary>
    private static string Thing(NamedRandom random, Domain domain, Tongue tongue, string? name)
    {
        string kind = random.Pick(domain.Kinds).In(tongue);
        if (tongue == Tongue.English)
        {
            if (name is null) return random.Chance(0.7) ? $"the {kind}" : $"that {kind}";
            double way = random.NextDouble();
            return way < 0.5 ? name : way < 0.75 && !domain.Titles ? $"the {name}" : way < 0.85 ? $"\"{name}\"" : $"the {kind} {name}";
        }
        if (name is null) return random.Next(3) switch { 0 => $"その{kind}", 1 => $"例の{kind}", _ => $"この前の{kind}" };
        return random.Next(8) switch { 0 or 1 or 2 => name, 3 or 4 => $"「{name}」", 5 => $"{kind}の{name}", 6 => $"{kind}「{name}」", _ => $"{name}という{kind}" };
    }
}
