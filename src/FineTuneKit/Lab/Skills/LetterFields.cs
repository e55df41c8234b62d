using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>A key of a form about a letter: how the prompt names and explains it, and its value.</summary>
/// <param name="Key">The key as this form names it.</param>
/// <param name="About">What the key means, in the form's language.</param>
/// <param name="Choices">The allowed values; empty where the value is a piece of the letter.</param>
/// <param name="Value">The value for a letter, or null.</param>
internal sealed record LetterField(string Key, string About, string[] Choices, Func<Letter, string?> Value);

/// <summary>Draws the keys of a form: topic, item, code, name, hurry, mood, language, and a note by a given pattern.</summary>
internal sealed class LetterFields(NamedRandom random, Domain domain, Tongue tongue)
{
    private static readonly Term[] NotePatterns = Term.Parse("""
        Thank you, we will check {0}.={0}を確認いたします。; We will write to you about {0} soon.={0}についてまもなくご連絡いたします。;
        Please wait a little for {0}.={0}について少々お待ちください。; We are sorry about {0}.={0}の件、申し訳ございません。;
        Thank you for telling us about {0}.={0}についてお知らせいただきありがとうございます。; {0} is now with our team.={0}は担当者が拝見しております。;
        We have noted {0}.={0}を承りました。; We are happy to help with {0}.={0}について喜んでお手伝いいたします。
        """);

    private readonly bool _english = tongue == Tongue.English || random.Chance(0.4);

    /// <summary>Distinct fields in random order; the topics are all of the domain or some of them.</summary>
    internal LetterField[] Draw(int count)
    {
        LetterField[] all = [Topic(), Topic(), Item(), Item(), Code(), Code(), Person(), When(), When(), Feeling(), Language(), HasCode()];
        return [.. random.PickSome(all, all.Length).DistinctBy(f => f.About).Take(count)];
    }

    /// <summary>A polite sentence by a pattern that the prompt states; its letters must have what it names.</summary>
    internal LetterField Note(Tongue of, bool aboutCode)
    {
        string pattern = random.Pick(NotePatterns).In(of);
        string hole = aboutCode ? "CODE" : "ITEM";
        string key = Name("note answer message response line echo", "返信 一言 返答 メッセージ");
        return new(key, Say($"\"{pattern}\" with {hole} filled in", $"「{pattern}」の{hole}を埋める").Replace("{0}", hole, StringComparison.Ordinal), [],
            letter => pattern.Replace("{0}", aboutCode ? letter.Code : letter.Item, StringComparison.Ordinal));
    }

    private LetterField Topic()
    {
        bool underscores = random.Chance(0.5);
        var form = tongue == Tongue.English || random.Chance(0.4) ? Tongue.English : Tongue.Japanese;
        string Label(Topic topic) => underscores ? topic.Name.In(form).Replace(' ', '_') : topic.Name.In(form);
        string[] choices = [.. domain.Topics.Append(Domains.Other).Select(Label)];
        if (random.Chance(0.6)) random.Shuffle(choices);
        return new(Name("topic subject about matter category concern", "用件 話題 種類 分類"), Say("what it is about", "用件"), choices, letter => Label(letter.Topic));
    }

    private LetterField Item() => new(Name("item title thing article object what", "品名 名称 対象 品物"), Say("the name of the thing", "品物の名前"), [], letter => letter.Item);

    private LetterField Code() => new(Name("code number ref reference file case", "番号 コード 整理番号 照会番号"), Say("the reference code", "番号"), [], letter => letter.Code);

    private LetterField Person() => new(Name("name from sender writer who", "名前 差出人 氏名"), Say("who writes", "差出人の名前"), [],
        letter => letter.Tongue == Tongue.Japanese ? letter.Person?[..^2] : letter.Person);

    private LetterField Language()
    {
        string[] names = random.Chance(0.6) ? ["en", "ja"] : tongue == Tongue.English ? ["English", "Japanese"] : ["英語", "日本語"];
        return new(Name("lang tongue speech written_in", "言語 使用言語"), Say("its language", "言語"), names, letter => names[letter.Tongue == Tongue.English ? 0 : 1]);
    }

    private LetterField When()
    {
        // By Haste: unsaid, today, this week, no hurry.
        bool speed = random.Chance(0.4);
        string[] names = speed ? Words("usual fast usual slow", "普通 速い 普通 遅い") : Words("- today this_week no_hurry", "- 今日 今週 急がない");
        return new(Name("when pace due haste speed", "期限 急ぎ 時期"), Say("how soon", "どのくらい急ぐか"), [.. names.Where(n => n != "-").Distinct()],
            letter => letter.Haste == Haste.Unsaid && !speed ? null : names[(int)letter.Haste]);
    }

    private LetterField Feeling()
    {
        string[] names = random.Chance(0.7) ? Words("calm annoyed angry", "平静 不満 怒り") : Words("friendly cross furious", "穏やか 不機嫌 激怒");
        return new(Name("mood tone feeling temper", "気分 調子 感情"), Say("the mood", "書き手の気分"), names, letter => names[(int)letter.Mood]);
    }

    private LetterField HasCode()
    {
        string[] names = Words("yes no", "はい いいえ");
        return new(Name("has_code code_given numbered", "番号有無 番号あり"), Say("whether a code is given", "番号があるか"), names, letter => names[letter.Code is null ? 1 : 0]);
    }

    private string[] Words(string english, string japanese) =>
        [.. (tongue == Tongue.English ? english : japanese).Split(' ').Select(w => w.Replace('_', ' '))];

    private string Name(string english, string japanese) => random.Pick((_english ? english : japanese).Split(' '));

    private string Say(string english, string japanese) => tongue == Tongue.English ? english : japanese;
}
