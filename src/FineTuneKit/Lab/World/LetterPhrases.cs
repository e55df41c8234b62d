using static FineTuneKit.Lab.World.Tongue;

namespace FineTuneKit.Lab.World;

/// <summary>What stands around the core of a letter, in both languages.</summary>
internal static class LetterPhrases
{
    private static readonly Frame[] GreetingsEnglish = Frame.Lines("""
        [Hello|Hi|Good morning|Good evening|Dear team|Dear Sir or Madam|Hello there|Hi all][,|!|.]
        """);

    private static readonly Frame[] GreetingsJapanese = Frame.Lines("""
        [こんにちは|こんばんは|おはようございます|はじめまして|お世話になっております|いつもありがとうございます]。
        突然[のご連絡失礼します|すみません]。
        """);

    private static readonly Frame[] ClosingsEnglish = Frame.Lines("""
        [Thank you|Thanks|Many thanks|Thanks a lot][.|!| in advance.]
        [Kind regards|Best regards].
        """);

    private static readonly Frame[] ClosingsJapanese = Frame.Lines("""
        よろしくお願い[します|いたします]。
        [お返事|ご連絡]お待ちしています。
        ありがとうございます。
        """);

    private static readonly Frame[] CodesEnglish = Frame.Lines("""
        My {k} is {c}.
        The {k} is {c}.
        {k}: {c}.
        ({k} {c})
        Ref. {c}.
        It is about {c}.
        I have the {k} {c}.
        You will find me under {c}.
        {c} is my {k}.
        """);

    private static readonly Frame[] CodesJapanese = Frame.Lines("""
        {k}は{c}です。
        {k}：{c}。
        （{k}{c}）
        {c}の件です。
        番号は{c}です。
        {k}{c}の者です。
        {c}で登録しています。
        {c}が{k}です。
        """);

    private static readonly Frame[] DetoursEnglish = Frame.Lines("""
        I have been your customer for {n} years.
        We were with you on {m} {d}.
        I live in {city}[.|, a long way off.]
        It is raining here in {city}, by the way.
        I already phoned {n} times.
        My neighbour told me about you last {w}.
        I am {n} years old and not good with computers.
        We are {n} people in the house.
        I asked your colleague on {w}.
        Page {n} of your leaflet says nothing about it.
        """);

    private static readonly Frame[] DetoursJapanese = Frame.Lines("""
        {n}年前から利用しています。
        {m}{d}日に伺いました。
        {city}に住んでいます。
        {city}は今日も雨です。
        もう{n}回電話しました。
        {w}に友人から聞きました。
        {n}歳なのでパソコンは苦手です。
        うちは{n}人です。
        {w}に係の方に聞きました。
        案内の{n}ページには書いてありませんでした。
        """);

    private static readonly Frame[] TodayEnglish = Frame.Lines("""
        [I need|We need] an answer [today|right now|within the hour].
        [It is very urgent|This cannot wait][.|!]
        Please [answer|react|call me] [at once|immediately|right away].
        [I leave|We leave] in two hours, so please be quick.
        [Tomorrow is too late|Every minute counts].
        Please deal with it before you close tonight.
        """);

    private static readonly Frame[] TodayJapanese = Frame.Lines("""
        [今日中|今すぐ|一時間以内]に[返事を|お返事を]ください。
        [至急|大至急]お願いします。
        [とても急いでいます|一刻を争います]。
        二時間後に出るので、すぐに[答えて|連絡して]ください。
        明日では[遅すぎます|間に合いません]。
        今夜[閉まる前に|のうちに]対応してください。
        """);

    private static readonly Frame[] WeekEnglish = Frame.Lines("""
        [An answer|A reply] [this week|in the next few days] would be [good|fine].
        Please let me know [by Friday|before the weekend|within three days].
        It should be settled [this week|in a few days].
        I will need it at the weekend.
        """);

    private static readonly Frame[] WeekJapanese = Frame.Lines("""
        [今週中|数日のうち|三日以内]に[返事をください|お返事いただけると助かります]。
        [金曜日|週末]までに[教えてください|知りたいです]。
        今週のうちに[片付けたい|済ませたい]です。
        [二、三日中|週の後半]に連絡をもらえれば[結構です|大丈夫です]。
        """);

    private static readonly Frame[] NoHurryEnglish = Frame.Lines("""
        [There is no hurry|No rush at all|It is not urgent].
        [Take your time|Whenever it suits you|Answer whenever you like].
        [Next month|Some day] is [early enough|fine too].
        I can wait [for weeks|as long as you need].
        """);

    private static readonly Frame[] NoHurryJapanese = Frame.Lines("""
        [急ぎではありません|急いでいません|急ぎません]。
        [お手すきの時|お時間のある時|いつでも都合のいい時]で[結構です|構いません]。
        [来月|いつか]でも[大丈夫です|十分です]。
        返事は[何週間でも|ゆっくり]待てます。
        """);

    private static readonly Frame[] AnnoyedEnglish = Frame.Lines("""
        I am [a little|rather] disappointed.
        This is [not very nice|a bit annoying|not what I expected].
        [Frankly|Honestly], I had hoped for more.
        It is the second time, [which is a pity|and I am not pleased].
        I am not happy about [this|it].
        """);

    private static readonly Frame[] AnnoyedJapanese = Frame.Lines("""
        [少し|ちょっと]がっかりしています。
        [正直|率直に言って]、[残念です|困ります]。
        [あまりいい気持ちはしません|期待していたのと違います]。
        二度目なので[困っています|気になっています]。
        少し不満です。
        """);

    private static readonly Frame[] AngryEnglish = Frame.Lines("""
        This is [outrageous|a scandal|an absolute disgrace]!
        I am [furious|beside myself with anger]!
        [Never again|I have had enough of you]!
        How dare you treat [people|me] like this!
        I will tell [everybody|my lawyer|the newspapers]!
        """);

    private static readonly Frame[] AngryJapanese = Frame.Lines("""
        [ふざけないでください|いいかげんにしてください]！
        本当に[腹が立ちます|頭にきました]！
        [二度と利用しません|もう我慢できません]！
        ひどすぎます！
        [弁護士に相談します|みんなに言います]！
        """);

    internal static Frame[] Greetings(Tongue tongue) => tongue == English ? GreetingsEnglish : GreetingsJapanese;

    internal static Frame[] Closings(Tongue tongue) => tongue == English ? ClosingsEnglish : ClosingsJapanese;

    internal static Frame[] Codes(Tongue tongue) => tongue == English ? CodesEnglish : CodesJapanese;

    internal static Frame[] Detours(Tongue tongue) => tongue == English ? DetoursEnglish : DetoursJapanese;

    internal static Frame[] Haste(Haste haste, Tongue tongue) => haste switch
    {
        World.Haste.Today => tongue == English ? TodayEnglish : TodayJapanese,
        World.Haste.ThisWeek => tongue == English ? WeekEnglish : WeekJapanese,
        _ => tongue == English ? NoHurryEnglish : NoHurryJapanese,
    };

    internal static Frame[] Mood(Mood mood, Tongue tongue) => mood == World.Mood.Annoyed
        ? tongue == English ? AnnoyedEnglish : AnnoyedJapanese
        : tongue == English ? AngryEnglish : AngryJapanese;
}
