using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>A way to sort sentences into classes, of which each draw uses two or three.</summary>
/// <param name="Classes">Draws a sentence of each class.</param>
internal sealed record Sorting(IReadOnlyList<Func<NamedRandom, string>> Classes)
{
    private static readonly Frame[] NounSentencesEnglish = Frame.Lines("""
        I [saw|found] {a} {n}[ yesterday| there|].
        There is {a} {n} in the picture.
        We talked about {a} {n}.
        She dreams of {a} {n}.
        {n}
        """);

    private static readonly Frame[] NounSentencesJapanese = Frame.Lines("""
        [昨日|さっき]{n}を見ました。
        絵の中に{n}があります。
        {n}の話をしました。
        {n}の夢を見ました。
        {n}
        """);

    /// <summary>Two classes: good and bad opinions, two kinds of things, or two languages.</summary>
    internal static Sorting Plain(NamedRandom random, Side side, Tongue tongue) => random.Next(10) switch
    {
        < 4 => new([r => Opinions.Sentence(r, side, tongue, good: true), r => Opinions.Sentence(r, side, tongue, good: false)]),
        < 9 => ByKind(random, tongue, 2),
        _ => new([r => TopicSentence(r, side, Tongue.English), r => TopicSentence(r, side, Tongue.Japanese)]),
    };

    /// <summary>Two or three classes: topics of one house, degrees of hurry, or three kinds of things.</summary>
    internal static Sorting ByMatter(NamedRandom random, Side side, Tongue tongue) => random.Next(10) switch
    {
        < 7 => ByTopic(random, side, tongue),
        < 9 => ByHaste(random, tongue),
        _ => ByKind(random, tongue, 3),
    };

    private static Sorting ByKind(NamedRandom random, Tongue tongue, int count)
    {
        var frames = tongue == Tongue.English ? NounSentencesEnglish : NounSentencesJapanese;
        bool one = random.Chance(0.6);
        var frame = random.Pick(frames);
        return new([.. random.PickSome(Lexicon.Groups, count).Select(group => (Func<NamedRandom, string>)(r =>
        {
            string noun = r.Pick(group.Nouns).In(tongue);
            return (one ? frame : r.Pick(frames)).Fill(r, ("n", noun), ("a", Telling.Article(noun)));
        }))]);
    }

    private static Sorting ByTopic(NamedRandom random, Side side, Tongue tongue)
    {
        var domain = random.Pick(Domains.All);
        return new([.. random.PickSome(domain.Topics, random.Chance(0.75) ? 2 : 3)
            .Select(topic => (Func<NamedRandom, string>)(r => LetterWriter.Core(r, side, domain, topic, tongue)))]);
    }

    private static Sorting ByHaste(NamedRandom random, Tongue tongue) => random.Chance(0.5)
        ? new([.. new[] { Haste.Today, Haste.ThisWeek, Haste.NoHurry }.Select(h => (Func<NamedRandom, string>)(r => LetterWriter.HasteSentence(r, h, tongue)))])
        : new([.. new[] { Haste.Today, Haste.NoHurry }.Select(h => (Func<NamedRandom, string>)(r => LetterWriter.HasteSentence(r, h, tongue)))]);

    private static string TopicSentence(NamedRandom random, Side side, Tongue tongue)
    {
        var domain = random.Pick(Domains.All);
        return LetterWriter.Core(random, side, domain, random.Pick(domain.Topics), tongue);
    }
}

/// <summary>Labels a new sentence with one of the made-up labels that shown sentences explain.</summary>
internal abstract class MadeUpLabelSkill(string name, bool core) : Skill(name, core)
{
    private static readonly string[] PlainLabels = "A B C X Y Z 1 2 3 red blue left right north south cat tree alpha beta yes no up down".Split(' ');

    private static readonly string[] Layouts =
        ["{x} -> {y}", "{x} => {y}", "{x} | {y}", "Text: {x}\nLabel: {y}", "{x} [{y}]", "{x}\n{y}", "{x} # {y}", "文：{x}\n分類：{y}", "{x} → {y}", "{x} = {y}"];

    private static readonly Prompts Heads = Prompts.Of("""
        Label the last one.
        Give the label of the last text.
        Which label comes next?
        """, """
        最後の文の分類は？
        最後の文に同じように印を付けてください。
        次の印は？
        """);

    /// <summary>Draws the classes.</summary>
    protected abstract Sorting Classes(NamedRandom random, Side side, Tongue tongue);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var sorting = Classes(random, side, tongue);
        string[] labels = Labels(random, side, tongue, sorting.Classes.Count);
        var shown = new List<int>();
        int each = sorting.Classes.Count == 2 ? random.Pick<int>([2, 2, 2, 3]) : random.Pick<int>([1, 2]);
        for (int i = 0; i < sorting.Classes.Count * each; i++) shown.Add(i % sorting.Classes.Count);
        random.Shuffle(shown);

        string layout = random.Pick(Layouts);
        string open = layout[..layout.IndexOf("{y}", StringComparison.Ordinal)].TrimEnd(' ');
        string head = random.Chance(0.4) ? Heads.Ask(random, tongue) + "\n" : "";
        string examples = string.Concat(shown.Select(c => Line(layout, sorting.Classes[c](random), labels[c]) + "\n"));
        var turns = new List<(string, string)>();
        for (int i = Turns(random, side, 6); i > 0; i--)
        {
            int asked = random.Next(sorting.Classes.Count);
            string line = Line(open, sorting.Classes[asked](random), "");
            turns.Add((turns.Count == 0 ? head + examples + line : line, labels[asked]));
        }
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static string Line(string layout, string text, string label) =>
        layout.Replace("{x}", text, StringComparison.Ordinal).Replace("{y}", label, StringComparison.Ordinal);

    private static string[] Labels(NamedRandom random, Side side, Tongue tongue, int count)
    {
        if (!side.HeldOut && random.Chance(0.3)) return random.PickSome(PlainLabels, count);
        var labels = new HashSet<string>(StringComparer.Ordinal);
        bool kana = tongue == Tongue.Japanese && random.Chance(0.5);
        while (labels.Count < count) labels.Add(kana ? Names.Katakana(random, side) : Names.Nonsense(random, side));
        return [.. labels];
    }
}

/// <summary>Two labels, by opinion, kind of thing or language.</summary>
internal sealed class LabelsSkill() : MadeUpLabelSkill("labels", core: true)
{
    protected override Sorting Classes(NamedRandom random, Side side, Tongue tongue) => Sorting.Plain(random, side, tongue);
}

/// <summary>Two or three labels, by what the sentence wants.</summary>
internal sealed class MatterLabelsSkill() : MadeUpLabelSkill("labels-matter", core: false)
{
    protected override Sorting Classes(NamedRandom random, Side side, Tongue tongue) => Sorting.ByMatter(random, side, tongue);
}
