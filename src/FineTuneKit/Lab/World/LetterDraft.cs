namespace FineTuneKit.Lab.World;

/// <summary>The parts of a letter around its core, drawn in reading order.</summary>
internal sealed class LetterDraft(NamedRandom random, Tongue tongue, Domain domain, string core)
{
    private readonly double _register = random.NextDouble();

    public string? Code { get; init; }
    public string? Person { get; init; }
    public Haste Haste { get; init; }
    public Mood Mood { get; init; }

    /// <summary>Another named thing, which the letter is not about.</summary>
    public string? OtherThing { get; set; }

    /// <summary>A second matter, which does not count.</summary>
    public string? Aside { get; set; }

    /// <summary>The whole message in one line.</summary>
    public string Text()
    {
        var body = new List<string> { Spoken(core) };
        if (random.Chance(0.1)) body[0] = Join(Phrase(LetterPhrases.LeadIns(tongue)), body[0]);
        if (Code is not null) body.Insert(random.Next(2), CodeSentence());
        if (random.Chance(0.25)) body.Insert(random.Next(body.Count + 1), Careless(Detour()));
        if (Haste != Haste.Unsaid) body.Insert(random.Chance(0.8) ? body.Count : 0, Careless(Spoken(Phrase(LetterPhrases.Haste(Haste, tongue)))));
        else if (random.Chance(0.15)) body.Insert(random.Next(body.Count + 1), Phrase(LetterPhrases.Times(tongue)));
        if (Mood != Mood.Calm) body.Insert(random.Next(body.Count + 1), Careless(Phrase(LetterPhrases.Mood(Mood, tongue))));
        if (OtherThing is not null) body.Insert(random.Next(body.Count + 1), random.Pick(LetterPhrases.OtherThings(tongue)).Fill(random, ("x", OtherThing)).Capitalised());
        if (Aside is not null) body.Add(Join(Phrase(LetterPhrases.AsideMarks(tongue)), Aside));
        Frame(body);
        return string.Join(tongue == Tongue.English ? " " : "", body);
    }

    // Greeting and closing, now and then in the other language.
    private void Frame(List<string> body)
    {
        if (random.Chance(0.3)) body.Insert(0, Phrase(LetterPhrases.Greetings(random.Chance(0.12) ? tongue.Other() : tongue)));
        if (Person is not null) Sign(body);
        else if (Mood == Mood.Calm && random.Chance(0.22)) body.Add(Phrase(LetterPhrases.Closings(random.Chance(0.12) ? tongue.Other() : tongue)));
    }

    private string Spoken(string sentence) => _register switch
    {
        < 0.2 => Register.Casual(sentence, tongue),
        > 0.82 => Register.Formal(sentence, tongue),
        _ => sentence,
    };

    // Slips only where no name or code stands.
    private string Careless(string sentence) => random.Chance(0.08) ? Register.Slip(random, sentence) : sentence;

    private string Phrase(Frame[] frames) => random.Pick(frames).Fill(random);

    private string Join(string first, string second) => tongue == Tongue.English ? $"{first} {second}" : first + second;

    private string CodeSentence() => random.Pick(LetterPhrases.Codes(tongue))
        .Fill(random, ("c", Code!), ("k", random.Pick(domain.CodeNames).In(tongue))).Capitalised();

    // Numbers and dates that are no reference, so that a code is more than any digits.
    private string Detour() => random.Pick(LetterPhrases.Detours(tongue)).Fill(random,
        ("n", random.Next(2, 30).ToString()), ("m", random.Pick(Lexicon.Months).In(tongue)), ("d", random.Next(1, 29).ToString()),
        ("w", random.Pick(Lexicon.Weekdays).In(tongue)), ("city", random.Pick(Lexicon.Cities).In(tongue)), ("y", random.Next(2005, 2027).ToString()),
        ("z", random.Next(101, 9999).ToString()), ("s", Serial()), ("v", Voucher()), ("p", $"{random.Next(2, 90)},{random.Pick<string>(["000", "500", "800"])}"));

    private string Serial() => $"{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}{random.Next(1_000_000, 10_000_000)}";

    private string Voucher() => random.Pick<string>(["SPRING", "HELLO", "BONUS", "RIDE", "SAVE"]) + random.Next(5, 60);

    private void Sign(List<string> body)
    {
        if (tongue == Tongue.English)
        {
            if (random.Chance(0.6)) body.Add(random.Pick<string>(["Regards, ", "Best wishes, ", "Yours, ", "Thanks, ", ""]) + Person);
            else body.Insert(0, $"{random.Pick<string>(["I am ", "This is ", "My name is "])}{Person}.");
            return;
        }
        string plain = Person![..^2];
        if (random.Chance(0.6)) body.Insert(0, $"{plain}{random.Pick<string>(["です。", "と申します。", "といいます。"])}");
        else body.Add($"{plain}より");
    }
}
