using static FineTuneKit.Lab.World.Tongue;

namespace FineTuneKit.Lab.World;

/// <summary>What stands around the core of a letter, in both languages.</summary>
internal static class LetterPhrases
{
    private static readonly Frame[] GreetingsEnglish = Frame.Lines("""
        [Hello|Hi|Good morning|Good evening|Dear team|Dear Sir or Madam|Hello there|Hi all|Hey|Good day|Konnichiwa][,|!|.]
        """);

    private static readonly Frame[] GreetingsJapanese = Frame.Lines("""
        [こんにちは|こんばんは|おはようございます|はじめまして|お世話になっております|いつもありがとうございます|いつもお世話になっております|やあ|どうも]。
        突然[のご連絡失礼します|のご連絡失礼いたします|すみません]。
        """);

    private static readonly Frame[] ClosingsEnglish = Frame.Lines("""
        [Thank you|Thanks|Many thanks|Thanks a lot][.|!| in advance.]
        [Kind regards|Best regards|Yours faithfully|Cheers|Bye|Arigato].
        I look forward to [hearing from you|your reply].
        """);

    private static readonly Frame[] ClosingsJapanese = Frame.Lines("""
        [|何とぞ]よろしくお願い[します|いたします|申し上げます]。
        [よろしく|頼むね|ありがとう|じゃあまた|では、また|失礼いたします]。
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
        ({k}{c})
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
        I have known your house since {y}.
        My telephone number ends in {z}.
        I live in flat {z}.
        I paid {p} yen in cash.
        I saw your advert of {y}.
        Sorry for my bad English.
        I can read some 日本語.
        My brother is a customer of yours too.
        I have come back to riding after {n} years.
        I ride about {n} km a week on my bike.
        The serial number on it is {s}.
        I paid with the voucher {v}.
        You were closed when I came by on {w}.
        The weather is lovely today.
        My club card says {n}-{z}.
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
        {y}年からそちらを知っています。
        電話番号の下四桁は{z}です。
        部屋は{z}号室です。
        {p}円を現金で払いました。
        {y}年の広告を見ました。
        長い文ですみません。
        英語のmailも読めます。
        兄もそちらの客です。
        {n}年ぶりに自転車に乗り始めました。
        週に{n}キロほど自転車で走ります。
        本体の製造番号は{s}です。
        割引券{v}を使いました。
        {w}に寄りましたが閉まっていました。
        この町に来たばかりです。
        今日はいい天気ですね。
        会員証には{n}-{z}とあります。
        """);

    private static readonly Frame[] TodayEnglish = Frame.Lines("""
        [I need|We need] an answer [today|right now|within the hour].
        [It is very urgent|This cannot wait][.|!]
        Please [answer|react|call me] [at once|immediately|right away].
        [I leave|We leave] in two hours, so please be quick.
        [Tomorrow is too late|Every minute counts].
        I must [decide|know|have it] by tomorrow [morning|at noon|night].
        [Without it|As things are] I cannot [go to work|get to school|open my shop].
        Somebody [could get hurt|nearly had an accident].
        There is smoke coming out and it smells burnt.
        The [wedding|exam|race|journey] is tomorrow.
        My [son|mother] [leaves|needs it] tonight.
        I am [missing work|losing money every day] because of this.
        Please deal with it before you close tonight.
        I can wait [no longer than tomorrow|only until tonight].
        [The day after tomorrow|After tomorrow] it helps me no more.
        [My race|Our tour|My holiday|The concert] begins [tomorrow|the day after tomorrow|tonight].
        No bus goes to my [school|work|office], and I have nothing else to ride.
        The brake [hardly grips|gave way] and I nearly [fell|crashed].
        It has a crack and may break any moment.
        It is a present for a birthday [today|tomorrow].
        """);

    private static readonly Frame[] TodayJapanese = Frame.Lines("""
        [今日中|今すぐ|一時間以内]に[返事を|お返事を]ください。
        [至急|大至急]お願いします。
        [とても急いでいます|一刻を争います]。
        二時間後に出るので、すぐに[答えて|連絡して]ください。
        明日では[遅すぎます|間に合いません]。
        明日[まで|の朝まで|の昼まで]に[決めなければなりません|必要です|知りたいです]。
        [これがないと|このままでは][仕事に行けません|学校に通えません|店を開けられません]。
        [誰かがけがをしそうです|もう少しで事故になるところでした]。
        煙が出て、焦げたにおいがします。
        明日は[結婚式|試験|大会|出発]です。
        今夜[息子|母]が[使います|出かけます]。
        このせいで[仕事を休んでいます|毎日損をしています]。
        今夜[閉まる前に|のうちに]対応してください。
        [明日|今夜]までしか待てません。
        [あさって|明日の夜]になると[間に合わない|意味がない]のです。
        [レース|ツーリング|旅行|大会]が[明日|あさって|今夜]始まります。
        [学校|会社|職場]へ行くバスがなく、ほかの足もありません。
        ブレーキが効かなくて[転びそう|ぶつかりそう]になりました。
        ひびが入って、今にも折れそうです。
        [今日|明日]が誕生日の贈り物です。
        """);

    private static readonly Frame[] WeekEnglish = Frame.Lines("""
        [An answer|A reply] [this week|in the next few days] would be [good|fine].
        Please let me know [by Friday|before the weekend|within three days].
        It should be settled [this week|in a few days].
        I will need it at the weekend.
        [Next week|Some day next week] is fine with me.
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
        I am [just|only] [curious|asking out of interest].
        I shall not need it before [spring|autumn|the summer].
        I have another one to use until then.
        Tomorrow or next month, it is all the same to me.
        It can wait [a month|until winter|until the spring].
        Any time [this year|this season|in the next months] will do.
        The old one still takes me to [work|school], so there is time.
        [The tour|The race|Our trip] is [three|four] months away.
        We are away for [two months|some weeks] anyway.
        """);

    private static readonly Frame[] NoHurryJapanese = Frame.Lines("""
        [急ぎではありません|急いでいません|急ぎません]。
        [お手すきの時|お時間のある時|いつでも都合のいい時]で[結構です|構いません]。
        [来月|いつか]でも[大丈夫です|十分です]。
        返事は[何週間でも|ゆっくり]待てます。
        ちょっと[気になっただけです|聞いてみただけです]。
        [春|秋|夏]までは使いません。
        それまでは別の物があります。
        明日でも来月でも同じことです。
        どうせ[二か月|何週間か]留守にします。
        [一か月|冬まで|春まで]待てます。
        [今年|今季]のうちならいつでも[構いません|結構です]。
        古い方でまだ[仕事|学校]に行けるので、ゆっくりで[いいです|結構です]。
        [旅行|レース|大会]は[三か月|四か月]も先です。
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

    private static readonly Frame[] LeadInsEnglish = Frame.Lines("""
        [My question|A question|One question|I have a question]:
        [This is why I write|It is about this|My concern is this|The reason of my mail is this]:
        """);

    private static readonly Frame[] LeadInsJapanese = Frame.Lines("""
        [質問です|お聞きします|一つ伺います|用件は次のとおりです|ご相談です]。
        [実は、|あの、|さて、|本題ですが、|ご連絡した理由は次のことです。]
        """);

    // Times that say nothing of hurry.
    private static readonly Frame[] TimesEnglish = Frame.Lines("""
        I wrote to you [this morning|yesterday|last week] as well.
        I go [to work|to school] by bus every day.
        [Today|Tomorrow] is my day off.
        It was quick to find your address.
        We were in [town|a hurry] when we met you.
        The races are always on Sundays here.
        """);

    private static readonly Frame[] TimesJapanese = Frame.Lines("""
        [今朝|昨日|先週]も書きました。
        毎日バスで[仕事|学校]に通っています。
        [今日|明日]は休みの日です。
        住所はすぐに見つかりました。
        前に急いで[買いました|伺いました]。
        こちらでは日曜に大会があります。
        """);

    private static readonly Frame[] OtherThingsEnglish = Frame.Lines("""
        This is not about {x}, which is fine.
        My [brother|sister|friend|neighbour] has {x} and likes it.
        I know {x} too, but that is another matter.
        """);

    private static readonly Frame[] OtherThingsJapanese = Frame.Lines("""
        {x}の話ではありません。
        [兄|姉|友達|隣の人]は{x}に満足しています。
        {x}も知っていますが、それは別の話です。
        """);

    private static readonly Frame[] AsideMarksEnglish = Frame.Lines("""
        [By the way,|On the side:|One more small thing:|PS:|And if you have a moment:]
        """);

    private static readonly Frame[] AsideMarksJapanese = Frame.Lines("""
        [ついでに、|余談ですが、|追伸：|それと小さいことですが、]
        """);

    internal static Frame[] LeadIns(Tongue tongue) => tongue == English ? LeadInsEnglish : LeadInsJapanese;

    internal static Frame[] Times(Tongue tongue) => tongue == English ? TimesEnglish : TimesJapanese;

    internal static Frame[] OtherThings(Tongue tongue) => tongue == English ? OtherThingsEnglish : OtherThingsJapanese;

    internal static Frame[] AsideMarks(Tongue tongue) => tongue == English ? AsideMarksEnglish : AsideMarksJapanese;

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
