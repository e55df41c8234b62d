using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>
/// Sorts letters to any house under stated headings that never name a matter twice alike. <see cref="TopicsSkill"/> has one
/// name for each topic of a house, so a model learns the names by heart and does not look at the list; here it has to
/// know what the sentence means and which heading means that. It enters in the second stage, when the words are known.
/// </summary>
internal sealed class MattersSkill() : Skill("matters", core: false)
{
    private const int MostTurns = 10;

    private static readonly Prompts Jobs = Prompts.Of("""
        Sort each sentence: {c}
        Say what each one is about: {c}
        Headings: {c}. One for each sentence.
        Put each letter under a heading. There are {c}
        Which of these is it about? {c}
        """, """
        文ごとに分けてください：{c}
        それぞれ何についてですか：{c}
        見出し：{c}。文ごとに一つ選んでください。
        手紙を見出しに分けます：{c}
        次のどれについてですか：{c}
        """);

    private static readonly Term[] NoneOfThese = Term.Parse("other=その他; something else=それ以外; none of these=どれでもない; anything else=ほかの件");

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var form = random.Chance(0.85) ? tongue : tongue.Other();
        var listed = random.PickSome(Matters.All, random.Next(3, 9));
        bool others = random.Chance(0.5);
        string[] headings = [.. listed.Select(m => random.Pick(m.Names[form]))];
        if (others) headings = [.. headings, random.Pick(NoneOfThese).In(form)];
        if (random.Chance(0.25)) headings = [.. headings.Select(h => h.Replace(' ', '_'))];
        var (list, answers) = Keyed(random, tongue, headings);

        (string Text, string Answer)[] turns = [.. Enumerable.Range(0, Turns(random, side, MostTurns)).Select(_ => Sentence(random.Next(headings.Length)))];
        string job = Jobs.Ask(random, tongue, ("c", list));
        if (random.Chance(0.6)) return Item(tongue, job, turns);
        turns[0].Text = job + "\n" + turns[0].Text;
        return Item(tongue, Prompts.System(random, tongue), turns);

        (string, string) Sentence(int heading) =>
            (Text(random, side, tongue, heading < listed.Length ? listed[heading] : Unlisted(random, listed)), answers[heading]);
    }

    // The headings as they stand in the list and as they are answered: as such, or by the letter before each.
    private static (string List, string[] Answers) Keyed(NamedRandom random, Tongue tongue, string[] headings)
    {
        string between = tongue == Tongue.English ? ", " : "、";
        if (random.Chance(0.85)) return (string.Join(between, headings), headings);
        string[] keys = [.. random.PickSome("ABCDEFGHIJKLMNOP".Select(c => c.ToString()).ToArray(), headings.Length)];
        if (random.Chance(0.6)) Array.Sort(keys, StringComparer.Ordinal);
        string sign = random.Pick<string>([" = ", ": ", " "]);
        return (string.Join(between, keys.Zip(headings, (key, heading) => key + sign + heading)), keys);
    }

    private static Matter? Unlisted(NamedRandom random, Matter[] listed)
    {
        var matter = random.Pick(Matters.All);
        return random.Chance(0.3) || listed.Contains(matter) ? null : matter;
    }

    private static string Text(NamedRandom random, Side side, Tongue tongue, Matter? matter)
    {
        var of = random.Chance(0.75) ? tongue : tongue.Other();
        var (domain, topic) = matter is null ? (random.Pick(Domains.All), Domains.Other) : Topic(random, matter, of);
        return random.Chance(0.5) ? LetterWriter.Core(random, side, domain, topic, of) : LetterWriter.Write(random, side, domain, topic, of).Text;
    }

    private static (Domain, Topic) Topic(NamedRandom random, Matter matter, Tongue of) =>
        matter.Sentences.Frames(of).Length > 0 && random.Chance(0.5) ? (random.Pick(Domains.All), matter.Sentences) : random.Pick(matter.OfHouses);
}
