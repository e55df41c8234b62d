using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>
/// Sorts what people write, sentence after sentence: by the matter, under headings that are stated or that a house is known
/// to have, or by the hurry. Many short questions under one list teach what words mean at little text.
/// </summary>
internal sealed class TopicsSkill() : Skill("topics", core: false)
{
    private const int MostTurns = 10;

    private static readonly Prompts Jobs = Prompts.Of("""
        Sort each sentence: {c}
        Say what each one is about: {c}
        People write to a {d}. Sort their words under {c}
        Headings: {c}. One for each sentence.
        """, """
        文ごとに分けてください：{c}
        それぞれ何についてですか：{c}
        {d}に届いた文を分けます：{c}
        見出し：{c}。文ごとに一つ選んでください。
        """);

    // No headings are stated: the base knows those of each house.
    private static readonly Prompts Known = Prompts.Of("""
        Name the matter of each sentence as a {d} would.
        You work for a {d}: say in a word or two what each sentence is about.
        Matters of a {d}, sentence by sentence:
        """, """
        {d}の用件名を文ごとに書いてください。
        あなたは{d}で働いています。それぞれの用件を一言で書いてください。
        {d}の用件は？ 文ごとに：
        """);

    private static readonly Prompts Hurries = Prompts.Of("""
        How soon? Sort each sentence: {c}
        Say for each one how much it hurries: {c}
        """, """
        どのくらい急ぎですか。文ごとに：{c}
        急ぎの度合いを文ごとに選んでください：{c}
        """);

    // By hurry: today, this week or unsaid, none.
    private static readonly string[][] HurryWordsEnglish = [["urgent", "ordinary", "can wait"], ["at once", "some time", "whenever"], ["fast", "usual", "slow"]];
    private static readonly string[][] HurryWordsJapanese = [["至急", "普通", "後でよい"], ["すぐ", "そのうち", "いつでも"], ["速い", "並", "遅い"]];

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var domain = random.Pick(Domains.All);
        var sorted = random.Chance(0.75) ? ByMatter(random, side, tongue, domain) : ByHurry(random, side, tongue, domain);
        (string Text, string Answer)[] turns = [.. Enumerable.Range(0, Turns(random, side, MostTurns)).Select(_ => sorted.Sentence())];
        if (random.Chance(0.6)) return Item(tongue, sorted.Job, turns);
        turns[0].Text = sorted.Job + "\n" + turns[0].Text;
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static (string Job, Func<(string, string)> Sentence) ByMatter(NamedRandom random, Side side, Tongue tongue, Domain domain)
    {
        var topics = random.PickSome(domain.Topics, random.Next(2, domain.Topics.Length + 1));
        bool known = random.Chance(0.35);
        if (random.Chance(0.4)) topics = [.. topics, Domains.Other];
        var form = known || random.Chance(0.85) ? tongue : tongue.Other();
        bool underscores = !known && random.Chance(0.25);
        string Label(Topic topic) => underscores ? topic.Name.In(form).Replace(' ', '_') : topic.Name.In(form);
        string list = List(tongue, topics.Select(Label));
        return ((known ? Known : Jobs).Ask(random, tongue, ("c", list), ("d", domain.Name.In(tongue))), Sentence);

        (string, string) Sentence()
        {
            var topic = random.Pick(topics);
            var of = random.Chance(0.75) ? tongue : tongue.Other();
            string text = random.Chance(0.7) ? LetterWriter.Core(random, side, domain, topic, of) : LetterWriter.Write(random, side, domain, topic, of).Text;
            return (text, Label(topic));
        }
    }

    private static (string Job, Func<(string, string)> Sentence) ByHurry(NamedRandom random, Side side, Tongue tongue, Domain domain)
    {
        string[] words = random.Pick(tongue == Tongue.English ? HurryWordsEnglish : HurryWordsJapanese);
        return (Hurries.Ask(random, tongue, ("c", List(tongue, words))), Sentence);

        (string, string) Sentence()
        {
            var of = random.Chance(0.75) ? tongue : tongue.Other();
            if (random.Chance(0.5))
            {
                var haste = random.Pick<Haste>([Haste.Today, Haste.ThisWeek, Haste.NoHurry]);
                return (LetterWriter.HasteSentence(random, haste, of), words[Rank(haste)]);
            }
            var letter = LetterWriter.Write(random, side, domain, of);
            return (letter.Text, words[Rank(letter.Haste)]);
        }
    }

    private static int Rank(Haste haste) => haste switch
    {
        Haste.Today => 0,
        Haste.NoHurry => 2,
        _ => 1,
    };

    private static string List(Tongue tongue, IEnumerable<string> choices) => string.Join(tongue == Tongue.English ? ", " : "、", choices);
}
