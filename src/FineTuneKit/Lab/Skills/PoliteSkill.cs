using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>
/// Writes one polite sentence that names a thing or a code, as the instruction asks: each opening and each action has
/// one wording, so the answer is exact. The name is given, or has to be found in a letter.
/// </summary>
internal sealed class PoliteSkill() : Skill("polite", core: false)
{
    /// <summary>What a sentence does: ways to ask for it, and its one wording, in both languages.</summary>
    private sealed record Act(Frame AskEnglish, string English, Frame AskJapanese, string Japanese)
    {
        internal static Act[] Lines(string text) =>
            [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
                .Select(p => new Act(Frame.Parse(p[0].Replace('/', '|')), p[1], Frame.Parse(p[2].Replace('/', '|')), p[3]))];
    }

    private static readonly Act[] Openings = Act.Lines("""
        [thank the writer/say thanks/thank] | Thank you for your message; | [感謝する/お礼を言う/お礼] | ご連絡ありがとうございます、
        [apologise/say sorry/be sorry] | We are sorry for the trouble; | [謝る/お詫びする/お詫び] | ご不便をおかけし申し訳ございません、
        [greet/say hello] | Good day; | [挨拶する/挨拶] | お世話になっております、
        [be glad/say that you are glad] | We are glad to hear from you; | [喜ぶ/うれしいと言う] | お便りをいただきうれしく思います、
        """);

    private static readonly Act[] Actions = Act.Lines("""
        [say that we check it/check] | we are checking {0}. | [確認中と言う/確認] | {0}を確認しております。
        [say that we send it soon/send] | we will send {0} soon. | [すぐ送ると言う/発送] | {0}をまもなくお送りいたします。
        [say that it is settled/settle] | {0} has been settled. | [解決したと言う/解決] | {0}は解決いたしました。
        [say that we call about it/call] | we will call you about {0}. | [電話すると言う/電話] | {0}についてお電話いたします。
        [say that we keep it/keep] | we will keep {0} for you. | [取り置くと言う/取り置き] | {0}をお取り置きいたします。
        [say that it is cancelled/cancel] | {0} has been cancelled. | [取り消したと言う/取り消し] | {0}を取り消しいたしました。
        [ask for patience/wait] | please wait a little for {0}. | [待ってもらう/お待ちいただく] | {0}について少々お待ちください。
        [ask for more details/details] | please tell us more about {0}. | [詳しく聞く/詳細] | {0}について詳しくお聞かせください。
        [say that it is ready/ready] | {0} is ready for you. | [用意できたと言う/用意] | {0}をご用意いたしました。
        [say that we look for it/look] | we are looking for {0}. | [探していると言う/探す] | {0}をお探ししております。
        [say that it is not possible/refuse] | we cannot do it for {0}. | [できないと言う/断る] | {0}についてはお受けできかねます。
        [say that the boss knows of it/boss] | our manager knows about {0}. | [責任者に伝えたと言う/責任者] | {0}を責任者に伝えました。
        """);

    private static readonly Prompts Given = Prompts.Of("""
        Write one polite sentence: {o}, name {x}, {a}.
        One polite sentence, please. {o}; {a}; about {x}
        Polite answer: {o}, {a}, {x}
        {o} and {a}: {x}. One sentence.
        """, """
        丁寧な一文を書いてください：{o}、{a}、{x}
        {x}について、{o}、{a}。丁寧な一文で。
        丁寧な返事：{o}・{a}・{x}
        """);

    private static readonly Prompts FromLetter = Prompts.Of("""
        Answer in one polite sentence: {o}, {a}, and name the {w}.¶{m}
        {m}¶Write a polite answer that names the {w}: {o}, {a}.
        """, """
        次の文に丁寧な一文で答えてください：{o}、{a}、{w}を入れる。¶{m}
        {m}¶{w}を入れて丁寧に返事してください：{o}、{a}。
        """);

    private static readonly Prompts SystemWays = Prompts.Of("""
        You answer letters in one polite sentence. Always {o}, {a}, and name the {w}.
        """, """
        手紙に丁寧な一文で返事をします。{o}、{a}、{w}を入れます。
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        bool open = random.Chance(0.7);
        var opening = open ? random.Pick(Openings) : null;
        var action = random.Pick(Actions);
        string o = opening is null ? (tongue == Tongue.English ? "no greeting" : "挨拶なし") : Ask(random, opening, tongue);
        string a = Ask(random, action, tongue);
        if (random.Chance(0.4)) return Answering(random, side, tongue, opening, action, o, a);
        string x = random.Chance(0.5) ? Names.Code(random, side) : Names.Product(random, side, tongue);
        return Item(tongue, Prompts.System(random, tongue), (Given.Ask(random, tongue, ("o", o), ("a", a), ("x", x)).Capitalised(), Sentence(tongue, opening, action, x)));
    }

    private SkillItem Answering(NamedRandom random, Side side, Tongue tongue, Act? opening, Act action, string o, string a)
    {
        bool code = random.Chance(0.5);
        var letters = new List<Letter>();
        int count = Turns(random, side, 3);
        while (letters.Count < count)
        {
            var letter = LetterWriter.Write(random, side, random.Pick(Domains.All), tongue);
            if ((code ? letter.Code : letter.Item) is not null) letters.Add(letter);
        }
        string w = code ? (tongue == Tongue.English ? "code" : "番号") : tongue == Tongue.English ? "item" : "品名";
        var turns = letters.Select(l => (l.Text, Sentence(tongue, opening, action, (code ? l.Code : l.Item)!))).ToArray();
        if (count > 1 || random.Chance(0.3)) return Item(tongue, SystemWays.Ask(random, tongue, ("o", o), ("a", a), ("w", w)), turns);
        turns[0].Text = FromLetter.Ask(random, tongue, ("o", o), ("a", a), ("w", w), ("m", turns[0].Text));
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static string Ask(NamedRandom random, Act act, Tongue tongue) => (tongue == Tongue.English ? act.AskEnglish : act.AskJapanese).Fill(random);

    private static string Sentence(Tongue tongue, Act? opening, Act action, string name)
    {
        string body = (tongue == Tongue.English ? action.English : action.Japanese).Replace("{0}", name, StringComparison.Ordinal);
        if (opening is null) return body.Capitalised();
        return tongue == Tongue.English ? $"{opening.English} {body}" : opening.Japanese + body;
    }
}
