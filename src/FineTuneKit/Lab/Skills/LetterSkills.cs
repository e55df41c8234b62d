using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>A short question about a letter, and its answer for any letter of the same house.</summary>
internal sealed record LetterQuestion(string Text, Func<Letter, string> Answer);

/// <summary>
/// A skill that answers one short question about a letter. In training also several questions about one letter, or one
/// question, in the system line, about letter after letter.
/// </summary>
internal abstract class LetterSkill(string name) : Skill(name, core: false)
{
    private static readonly Prompts Layouts = Prompts.Of("""
        {q}¶{x}
        {x}¶{q}
        Message: {x}¶{q}
        {q}¶"{x}"
        {q}¶Text: {x}
        """, """
        {q}¶{x}
        {x}¶{q}
        メッセージ：{x}¶{q}
        {q}¶「{x}」
        {q}¶文：{x}
        """);

    private static readonly Prompts Jobs = Prompts.Of("""
        You read the mail of a {d}.
        You work at the front desk of a {d}.
        You help the staff of a {d}.
        """, """
        あなたは{d}の受付です。
        あなたは{d}に届く手紙を読みます。
        あなたは{d}の係員を手伝います。
        """);

    /// <summary>All skills of this kind, for further questions about a letter.</summary>
    internal static IReadOnlyList<LetterSkill> All { get; } =
        [new ClassifySkill(), new LanguageSkill(), new PickCodeSkill(), new PickItemSkill(), new ToneSkill(), new YesNoSkill()];

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var domain = random.Pick(Domains.All);
        var letter = Letter(random, side, domain, tongue);
        var question = Ask(random, side, tongue, letter);
        if (random.Chance(0.35))
        {
            Letter[] letters = [letter, .. Enumerable.Range(1, Turns(random, side, 3)).Skip(1).Select(_ => Letter(random, side, domain, tongue))];
            return Item(tongue, question.Text, letters.Select(l => (l.Text, question.Answer(l))).ToArray());
        }

        string first = Layouts.Ask(random, tongue, ("q", question.Text), ("x", letter.Text));
        var turns = new List<(string, string)> { (first, question.Answer(letter)) };
        for (int i = Turns(random, side, 5); i > 1; i--)
        {
            var next = random.Pick(All).Ask(random, side, tongue, letter);
            turns.Add((next.Text, next.Answer(letter)));
        }
        string? system = random.Chance(0.15) ? Jobs.Ask(random, tongue, ("d", domain.Name.In(tongue))) : Prompts.System(random, tongue);
        return Item(tongue, system, turns);
    }

    /// <summary>The letter; mostly in the language of the question.</summary>
    protected virtual Letter Letter(NamedRandom random, Side side, Domain domain, Tongue tongue) =>
        LetterWriter.Write(random, side, domain, random.Chance(0.85) ? tongue : tongue.Other());

    /// <summary>A question that suits this letter.</summary>
    protected internal abstract LetterQuestion Ask(NamedRandom random, Side side, Tongue tongue, Letter letter);

    /// <summary>Choices in a list.</summary>
    protected static string List(Tongue tongue, IEnumerable<string> choices) => string.Join(tongue == Tongue.English ? ", " : "、", choices);
}

/// <summary>Says what a letter is about, out of the stated topics of its house.</summary>
internal sealed class ClassifySkill() : LetterSkill("classify")
{
    private static readonly Prompts Ways = Prompts.Of("""
        Choose: {c}
        What is it about? Choose one: {c}
        [Classify|Sort|Which topic]: {c}
        Topics: {c}. Which one fits?
        """, """
        次から選んでください：{c}
        何についてですか。選択肢：{c}
        分類：{c}
        用件はどれですか（{c}）。
        """);

    protected internal override LetterQuestion Ask(NamedRandom random, Side side, Tongue tongue, Letter letter)
    {
        var form = random.Chance(0.85) ? tongue : tongue.Other();
        bool underscores = random.Chance(0.25);
        string Label(Topic topic) => underscores ? topic.Name.In(form).Replace(' ', '_') : topic.Name.In(form);
        string[] choices = [.. letter.Domain.Topics.Append(Domains.Other).Select(Label)];
        if (random.Chance(0.8)) random.Shuffle(choices);
        return new(Ways.Ask(random, tongue, ("c", List(tongue, choices))), l => Label(l.Topic));
    }
}

/// <summary>Says in which language a letter is written.</summary>
internal sealed class LanguageSkill() : LetterSkill("language")
{
    private static readonly Prompts Ways = Prompts.Of("""
        [Which language is this?|Language?] {a} or {b}
        Is this written in {a} or {b}?
        [Name the language|The language of this text]: {a}, {b}
        """, """
        何語ですか。{a}か{b}
        この文の言語は？ {a}、{b}
        {a}と{b}のどちらで書かれていますか。
        """);

    private static readonly Term[][] Pairs =
        [Term.Parse("English=英語; Japanese=日本語"), Term.Parse("en=en; ja=ja"), Term.Parse("EN=EN; JA=JA"), Term.Parse("eng=英; jpn=日")];

    protected override Letter Letter(NamedRandom random, Side side, Domain domain, Tongue tongue) =>
        LetterWriter.Write(random, side, domain, random.PickTongue());

    protected internal override LetterQuestion Ask(NamedRandom random, Side side, Tongue tongue, Letter letter)
    {
        var pair = random.Pick(Pairs);
        var shown = random.PickSome(pair, 2);
        return new(Ways.Ask(random, tongue, ("a", shown[0].In(tongue)), ("b", shown[1].In(tongue))), l => pair[l.Tongue == Tongue.English ? 0 : 1].In(tongue));
    }
}

/// <summary>Picks the reference code out of a letter; the stated word where there is none.</summary>
internal sealed class PickCodeSkill() : LetterSkill("pick-code")
{
    private static readonly Prompts Ways = Prompts.Of("""
        Which code is given? If none, {n}.
        [Pick out|Find|Copy] the reference code, or {n}.
        Code? ({n} if there is none)
        [Number|Reference] of the case, or {n}:
        """, """
        番号を書いてください。なければ{n}。
        整理番号は？ ない場合は{n}。
        文中のコードを[抜き出して|写して]ください（なければ{n}）。
        """);

    private static readonly Prompts Shaped = Prompts.Of("""
        The code of {a} letters and then {b} digits? If there is no such code, {n}.
        Find a code with {a} letters followed by {b} digits, else {n}.
        """, """
        英字{a}字と数字{b}字のコードを書いてください。なければ{n}。
        英字{a}字に数字{b}桁が続く番号は？ なければ{n}。
        """);

    protected internal override LetterQuestion Ask(NamedRandom random, Side side, Tongue tongue, Letter letter)
    {
        string none = PickItemSkill.None(random, tongue);
        if (!random.Chance(0.2)) return new(Ways.Ask(random, tongue, ("n", none)), l => l.Code ?? none);
        int letters = letter.Code?.TakeWhile(char.IsAsciiLetterUpper).Count() ?? random.Next(1, 4);
        int digits = letter.Code?.Count(char.IsAsciiDigit) ?? random.Next(2, 7);
        if (random.Chance(0.4)) (letters, digits) = (2, 5);
        return new(Shaped.Ask(random, tongue, ("n", none), ("a", letters.ToString()), ("b", digits.ToString())),
            l => l.Code is not null && Names.IsPlainCode(l.Code, letters, digits) ? l.Code : none);
    }
}

/// <summary>Picks the named thing out of a letter; the stated word where only its kind or nothing is named.</summary>
internal sealed class PickItemSkill() : LetterSkill("pick-item")
{
    private static readonly Prompts Ways = Prompts.Of("""
        Which thing is it about? If it has no name, {n}.
        [Pick out|Find|Copy] the name of the item, or {n}.
        Name of the thing? ({n} if it has no name)
        What is the item called? Say {n} if no name is given.
        """, """
        品物の名前を書いてください。なければ{n}。
        何という名前の物についてですか。名前がなければ{n}。
        文中の名称を[抜き出して|写して]ください（なければ{n}）。
        """);

    internal static string None(NamedRandom random, Tongue tongue) =>
        random.Pick<string>(tongue == Tongue.English ? ["null", "none", "null", "-", "nothing"] : ["null", "なし", "null", "不明"]);

    protected internal override LetterQuestion Ask(NamedRandom random, Side side, Tongue tongue, Letter letter)
    {
        string none = None(random, tongue);
        return new(Ways.Ask(random, tongue, ("n", none)), l => l.Item ?? none);
    }
}

/// <summary>Says how soon a letter wants its answer, or in which mood it is written.</summary>
internal sealed class ToneSkill() : LetterSkill("tone")
{
    private static readonly Prompts Hurry = Prompts.Of("""
        How soon? Choose: {c}
        When does the writer want an answer: {c}?
        [Hurry|Haste|Pace]: {c}
        """, """
        どのくらい急いでいますか：{c}
        いつ返事がほしいですか。選択肢：{c}
        急ぎ具合：{c}
        """);

    private static readonly Prompts Feeling = Prompts.Of("""
        [Mood|Tone|How does the writer feel]: {c}?
        Is the writer {c}?
        """, """
        書き手の[気分|調子]は：{c}
        気分を選んでください：{c}
        """);

    // By Haste and by Mood.
    private static readonly Term[] Hastes = Term.Parse("not said=不明; today=今日; this week=今週; no hurry=急がない");
    private static readonly Term[] Speeds = Term.Parse("usual=普通; fast=速い; usual=普通; slow=遅い");
    private static readonly Term[] Moods = Term.Parse("calm=平静; annoyed=不満; angry=怒り");

    protected internal override LetterQuestion Ask(NamedRandom random, Side side, Tongue tongue, Letter letter)
    {
        bool mood = random.Chance(0.4);
        var names = mood ? Moods : random.Chance(0.65) ? Hastes : Speeds;
        string[] choices = [.. names.Select(n => n.In(tongue)).Distinct()];
        if (random.Chance(0.5)) random.Shuffle(choices);
        return new((mood ? Feeling : Hurry).Ask(random, tongue, ("c", List(tongue, choices))), l => names[mood ? (int)l.Mood : (int)l.Haste].In(tongue));
    }
}

/// <summary>Answers yes or no about a letter: its topic, its code, a name, anger.</summary>
internal sealed class YesNoSkill() : LetterSkill("yes-no")
{
    private static readonly Prompts About = Prompts.Of("Is this about {t}?\nDoes the writer speak of {t}? Answer yes or no.", "これは{t}についてですか。\n{t}の話ですか。はい・いいえで。");
    private static readonly Prompts Code = Prompts.Of("Is a code given? yes or no\nDoes it contain a reference code?", "番号は書いてありますか。\nコードはありますか。はい・いいえで。");
    private static readonly Prompts Named = Prompts.Of("Does it speak of {t}? yes or no\nIs {t} named?", "{t}の名が出てきますか。\n{t}という名前はありますか。");
    private static readonly Prompts Angry = Prompts.Of("Is the writer angry? yes or no\nAngry? yes or no", "書き手は怒っていますか。\n怒りの手紙ですか。はい・いいえで。");

    protected internal override LetterQuestion Ask(NamedRandom random, Side side, Tongue tongue, Letter letter)
    {
        bool truth = random.Chance(0.5);
        switch (random.Next(4))
        {
            case 0:
                var topic = truth ? letter.Topic : random.Pick([.. letter.Domain.Topics.Where(t => t != letter.Topic)]);
                return new(About.Ask(random, tongue, ("t", topic.Name.In(tongue))), l => Say(tongue, l.Topic == topic));
            case 1 when letter.Item is not null:
                string name = truth ? letter.Item : letter.Domain.Titles ? Names.Title(random, side, letter.Tongue) : Names.Product(random, side, letter.Tongue);
                return new(Named.Ask(random, tongue, ("t", name)), l => Say(tongue, l.Text.Contains(name, StringComparison.Ordinal)));
            case 2: return new(Angry.Ask(random, tongue), l => Say(tongue, l.Mood == Mood.Angry));
            default: return new(Code.Ask(random, tongue), l => Say(tongue, l.Code is not null));
        }
    }

    private static string Say(Tongue tongue, bool truth) => tongue == Tongue.English ? truth ? "yes" : "no" : truth ? "はい" : "いいえ";
}
