using System.Text;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>How Japanese-speaking customers write.</summary>
internal sealed class JapaneseGrammar : DeskGrammar
{
    public override TicketLanguage Language => TicketLanguage.Japanese;
    public override string[][] Requests => JapaneseRequests.ByIntent;

    public override string[] Greetings { get; } =
        ["<[こんにちは|やあ|どうも|こんばんは]/[こんにちは|はじめまして|こんばんは|お世話になります]/[お世話になっております|突然のご連絡失礼いたします|いつもお世話になっております]>"];

    public override string[] ForeignGreetings { get; } = ["Hello!", "Hi!", "Dear team,", "Good morning!"];
    public override string[] Introductions { get; } = ["<{last}だけど/{last}です/{last}と申します>"];

    public override string[] Closings { get; } =
        ["<[よろしく|頼むね|ありがとう|じゃあまた]/[よろしくお願いします|ありがとうございます|では、また]/[何とぞよろしくお願い申し上げます|よろしくお願いいたします|失礼いたします]>"];

    public override string[] SignedClosings { get; } =
        ["<よろしく/よろしくお願いします/よろしくお願いいたします>。{last}[|より]", "<ありがとう/ありがとうございます/ありがとうございます>。{last}[|より]"];

    public override string[] ForeignClosings { get; } = ["Thank you!", "Thanks!", "Best regards.", "Bye!"];

    public override string[] Detours { get; } =
    [
        "[先週|先月]、[旅行|出張]から<戻った/戻りました/戻ってまいりました>",
        "[五年|十年]ぶりに自転車に<戻った/戻りました/戻りました>",
        "[友達|隣の人|同僚]にこの店を<聞いた/聞きました/教わりました>",
        "[友達|隣の人]の修理はうまく<いった/いきました/いったそうです>",
        "[2014|2016|2018|2021]年からの客<だよ/です/でございます>",
        "{day}に行ったら<閉まってた/閉まっていました/閉まっておりました>",
        "電話番号の末尾は[0143|0178|0112|0199]<。/です/でございます>",
        "部屋は[1204|2210|3105|4417]号室<。/です/でございます>",
        "会員証には[77-4120|61-9053|80-2231]と<ある/あります/ございます>",
        "割引コードは[SPRING25|RIDE10|SUMMER15]を<使った/使いました/使いました>",
        "長い[メール|文]で<ごめん/すみません/申し訳ございません>",
        "この町に来たばかり<。/です/でございます>",
        "[兄|姉|上司|おじ]も店の客<だよ/です/でございます>",
        "[二回|{day}に]電話を<かけた/かけました/差し上げました>",
        "今日はいい天気<だね/ですね/でございますね>",
        "英語は苦手<なんだ/です/でございます>",
        "Englishのメールも<読める/読めます/読めます>",
    ];

    public override string[] OwnerDetours { get; } =
    [
        "[48,000|36,500|52,000|29,800]円を[カード|現金]で<払った/払いました/支払いました>",
        "[2019|2020|2022|2023]年に手に<入れた/入れました/入れました>",
        "値段には満足して<る/います/おります>",
        "選んだ時は在庫が<あった/ありました/ございました>",
        "車体番号は[WB2219034|KT7710482|RM0093118]<。/です/でございます>",
        "[妻|夫|父]に<もらった/もらいました/もらったものです>",
    ];

    public override string[] BuyerDetours { get; } =
    [
        "予算は[60,000|45,000|80,000]円まで<。/です/でございます>",
        "[2023|2024|2025]年の[広告|チラシ]で<見た/見ました/拝見しました>",
        "古いのは[三月|五月|六月]に<盗まれた/盗まれました/盗まれました>",
        "古いのは別の店に<返品した/返品しました/返品いたしました>",
        "古いのはもう修理でき<ない/ません/ません>",
    ];

    public override string[] BicycleDetours { get; } =
    [
        "車輪は[26|27|28]インチ<。/です/でございます>", "身長は[158|164|172|181]センチ<。/です/でございます>",
        "週に[40|60|120]キロほど<走る/走ります/走っております>", "変速は[7|8|21]段<。/です/でございます>",
    ];

    public override string[] SecondProducts { get; } =
    [
        "[妻|夫|兄|姉|友達]は{second}に[乗って|満足して]<る/います/おります>",
        "{second}も持って<るけど、それは別の話/いますが、それは別の話です/おりますが、それは別の話でございます>",
        "{second}の話では<ない/ありません/ございません>",
    ];

    public override string[] OwnerOrderSentences { get; } =
    [
        "注文番号は{id}<。/です/でございます>", "番号は{id}<。/です/でございます>", "注文{id}の件<。/です/でございます>", "(注文番号:{id})",
        "[領収書|伝票]の番号は{id}<。/です/でございます>", "{id}で<頼んだ/頼みました/注文いたしました>", "注文は{id}<。/です/でございます>",
    ];

    public override string[] BuyerOrderSentences { get; } =
    [
        "前回の注文は{id}<。/です/でございます>", "注文{id}で同じ物を<買った/買いました/買いました>",
        "注文{id}と一緒に使<う/います/います>", "今の注文は{id}<。/です/でございます>",
    ];

    public override string[] ProductSentences { get; } =
    [
        "{P}の件<。/です/でございます>", "{kind}は{P}<。/です/でございます>", "[型|モデル]は{P}<。/です/でございます>",
        "{P}という{kind}のこと<。/です/でございます>", "{P}について<。/です/でございます>",
    ];

    public override string[] CustomerOfSentences { get; } =
    [
        "そちらで{P}を<買った/買いました/購入いたしました>", "うちの{kind}は{P}<。/です/でございます>", "{P}を使って<る/います/おります>",
        "{P}を持って<る/います/おります>",
    ];

    public override string[] ReasonMarkers { get; } =
        ["[一つ|少し]<聞きたい/伺います/伺います>。", "用件は<こう/こうです/次のとおりです>。", "連絡した理由は<これ/これです/次のとおりです>。", "<あのね、/実は、/実は、>"];

    public override string[] RealReasonMarkers { get; } =
        ["[ここから本題|本題はこちら]<。/です。/でございます。>", "連絡した理由は<こっち/こちらです/こちらでございます>。", "本当の用件は<次のこと/次のことです/次のとおりです>。"];

    public override string[] SideMarkers { get; } = ["ついでに、", "あと、", "もう一つ、", "それと、", "余談ですが、", "[時間|暇]があれば、"];
    public override string[] EarlySideMarkers { get; } = ["先に小さいことを一つ、本題では<ないけど/ありませんが/ございませんが>、", "まず余談ですが、", "本題の前に、"];

    public override string[][] SideQuestions { get; } =
    [
        ["別の[荷物|小包]は[いつ|何日に]<来る？/来ますか/届きますでしょうか>", "予備の[ベル|ボトル]は発送<した？/されましたか/されましたでしょうか>"],
        ["手袋の返品は{dekiru}", "[ベル|ボトル]を返すには<どうする？/どうしますか/どういたしますか>"],
        ["[息子|妻|父]のベルも直<せる？/せますか/していただけますか>", "古い[ランプ|かばん]の修理は{dekiru}"],
        ["[手袋|ボトル|ベル]の在庫は{aru}", "[赤|青]いボトルは残って<る？/いますか/おりますでしょうか>"],
        ["[チェーン|ベル|チューブ]は[いくら|何円]{desuka}", "[チューブ|ボトル]の値段を{tell}"],
        ["店の電話がいつも話し中で<困る/困ります/困っております>", "店の音楽がうるさ<い/いです/すぎると存じます>"],
        ["[妻|息子|友達]の採寸も{day}に{dekiru}", "[妻|息子]の来店も予約{dekiru}"],
        ["店の近くに駐車場は{aru}", "祝日は開いて<る？/いますか/おりますでしょうか>", "商品券は{aru}"],
    ];

    public override UrgencyCues Urgency => JapaneseUrgency.Cues;

    // Slips of input: wrong conversion, a kana left out or doubled, a letter left unconverted.
    private static readonly (string Right, string Wrong)[] Typos =
    [
        ("ください", "くだい"), ("ください", "くたさい"), ("ください", "ください。。"), ("お願いします", "お願いしまs"), ("お願いします", "おねがします"), ("ありますか", "あますか"),
        ("ですか", "でsか"), ("です", "でs"), ("ました", "ましt"), ("ました", "まし"), ("ません", "ませ"), ("ている", "てる"),
        ("修理", "修里"), ("修理", "しゅうり"), ("在庫", "材庫"), ("在庫", "ざいこ"), ("返品", "変品"), ("返品", "へんぴん"), ("値段", "ねだん"),
        ("自転車", "自転者"), ("自転車", "じてんしゃ"), ("注文", "注分"), ("予約", "よやく"), ("予約", "予役"), ("交換", "交還"), ("届", "届届"),
        ("教えて", "おしえて"), ("教えて", "教て"), ("いつ", "いっつ"), ("どこ", "どk"), ("いくら", "いkら"), ("けど", "けｄ"), ("ので", "のて"), ("明日", "あした"),
    ];

    public override string Slot(string name, MessageDraft draft) => name switch
    {
        "p" => WithOrder(Thing(draft, draft.Owned), draft),
        "bike" => WithOrder(Thing(draft, owned: false), draft),
        "my" => WithOrder(Mine(draft), draft),
        "ord" => Order(draft),
        "id" => draft.SayOrderId(),
        "P" => draft.SayProduct(),
        "kind" => draft.Kind.KindJapanese,
        "second" => draft.SecondProduct!.Name,
        "day" => draft.Random.Pick(["月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜"]) + draft.Random.Pick(["", "日"]),
        "last" => draft.Group.Surname,
        _ => Ending(name, draft),
    };

    private static string Ending(string name, MessageDraft draft) => new Phrase(draft.Random, draft.Politeness, _ => "").Expand(name switch
    {
        "tell" => "<[教えて|教えてほしい|知りたい]/[教えてください|教えてもらえますか|知りたいです]/[お教えいただけますでしょうか|ご教示ください|伺いたく存じます]>",
        "shiri" => "<[知りたい|知りたいんだけど]/[知りたいです|知りたいのですが]/[伺いたく存じます|お伺いしたいのですが]>",
        "tai" => "<たい[|な|んだけど]/たい[です|のですが|と思います]/[たく存じます|たいと存じます]>",
        "te" => "<て[|ほしい|くれる？]/て[ください|もらえますか|いただけますか]/ていただけ[ますでしょうか|ると助かります|ますと幸いです]>",
        "onegai" => "<[お願い|お願いね|頼む]/お願いします/お願い[いたします|申し上げます]>",
        "desuka" => "<[なの？|？]/ですか/でしょうか>",
        "aru" => "<ある？/ありますか/ございますか>",
        "dekiru" => "<できる？/[できますか|可能ですか]/[可能でしょうか|できますでしょうか]>",
        _ => throw new InvalidOperationException($"no slot {{{name}}} in Japanese"),
    });

    private static string Thing(MessageDraft draft, bool owned)
    {
        string kind = draft.Kind.KindJapanese;
        if (draft.Product is not null)
            return draft.Random.Pick([draft.SayProduct(), draft.Product, $"{kind}の{draft.Product}", $"{draft.Product}({kind})"]);
        return draft.Random.Pick(owned
            ? [kind, $"買った{kind}", $"届いた{kind}", $"そちらで買った{kind}"]
            : new[] { $"店頭の{kind}", $"広告の{kind}", $"チラシの{kind}", $"お店の{kind}" });
    }

    private static string Mine(MessageDraft draft)
    {
        string kind = draft.Kind.KindJapanese;
        return draft.Product is null
            ? draft.Random.Pick([$"私の{kind}", $"うちの{kind}", "自転車", kind])
            : draft.Random.Pick([draft.SayProduct(), $"私の{draft.Product}", $"うちの{draft.Product}", $"{kind}の{draft.Product}"]);
    }

    private static string Order(MessageDraft draft)
    {
        string kind = draft.Kind.KindJapanese;
        string id = draft.OrderId ?? "";
        string[] forms = (draft.OrderId, draft.Product) switch
        {
            (null, null) => ["私の注文", "注文した品", $"注文した{kind}", "先日の注文"],
            (null, _) => [$"注文した{draft.SayProduct()}", $"{draft.Product}の注文", $"先日頼んだ{draft.Product}", draft.Product],
            (_, null) => [$"注文{draft.SayOrderId()}", $"注文番号{id}", $"注文番号{id}の品", $"{id}の注文"],
            _ => new[] { $"注文{draft.SayOrderId()}の{draft.SayProduct()}", $"{draft.Product}(注文番号{id})", $"注文番号{id}の{draft.Product}", $"{draft.Product}の注文{id}" },
        };
        return draft.Random.Pick(forms);
    }

    private static string WithOrder(string noun, MessageDraft draft)
    {
        if (draft.OrderId is null || !draft.Owned || !draft.Random.Chance(0.35)) return noun;
        return draft.Random.Pick([$"注文{draft.SayOrderId()}の{noun}", $"{noun}(注文{draft.OrderId})"]);
    }

    public override string Join(IReadOnlyList<string> sentences, MessageDraft draft)
    {
        var text = new StringBuilder();
        foreach (string sentence in sentences)
        {
            text.Append(sentence);
            if (!"。、？！!?.,)".Contains(text[^1])) text.Append('。');
        }
        return text.Replace("。。", "。").ToString();
    }

    public override string WithTypo(string sentence, NamedRandom random)
    {
        List<(string Right, string Wrong)> fitting = [.. Typos.Where(t => sentence.Contains(t.Right))];
        if (fitting.Count == 0) return sentence;
        (string right, string wrong) = random.Pick(fitting);
        int at = sentence.IndexOf(right, StringComparison.Ordinal);
        return sentence[..at] + wrong + sentence[(at + right.Length)..];
    }
}
