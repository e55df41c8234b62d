using System.Text;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>How English-speaking customers write.</summary>
internal sealed class EnglishGrammar : DeskGrammar
{
    public override TicketLanguage Language => TicketLanguage.English;
    public override string[][] Requests => EnglishRequests.ByIntent;

    public override string[] Greetings { get; } =
        ["<[hi,|hey,|hi there,|hello!]/[hello,|good morning,|hello there,|good evening,]/[dear support team,|good day,|dear Sir or Madam,]>"];

    public override string[] ForeignGreetings { get; } = ["こんにちは!", "はじめまして。", "お世話になります。", "konnichiwa!"];
    public override string[] Introductions { get; } = ["my name is {first} {last}.", "this is {first} {last}.", "{first} {last} here.", "I am {first} {last}."];

    public override string[] Closings { get; } =
        ["<[thanks!|cheers.|thx.|thanks a lot.]/[thank you.|many thanks.|thanks in advance.|best wishes.]/[kind regards.|with best regards.|thank you very much.]>"];

    public override string[] SignedClosings { get; } =
        ["<[thanks|cheers|bye]/[thank you|best wishes|many thanks]/[kind regards|best regards|yours faithfully]>, {first}[| {last}]"];

    public override string[] ForeignClosings { get; } = ["ありがとう!", "よろしくお願いします。", "ありがとうございます。", "arigato!"];

    public override string[] Detours { get; } =
    [
        "I returned from a holiday [last week|last month].",
        "I returned to cycling after [some|five|ten] years.",
        "a [friend|neighbour|colleague] told me about your shop.",
        "a [friend|neighbour]'s repair at your shop went well.",
        "I have been your customer since [2014|2016|2018|2021].",
        "I came by on {day} but you were closed.",
        "my phone number ends in [0143|0178|0112|0199].",
        "I live in flat [1204|2210|3105|4417].",
        "my customer card says [77-4120|61-9053|80-2231].",
        "I used the code [SPRING25|RIDE10|SUMMER15].",
        "sorry for my [spelling|long mail|broken English].",
        "I am new to this town.",
        "my [brother|sister|boss|uncle] also buys at your shop.",
        "I tried to call you [twice|on {day}].",
        "the weather is [lovely|awful] here, by the way.",
        "I can read a little 日本語.",
        "your shop in the 自転車通り is lovely.",
    ];

    public override string[] OwnerDetours { get; } =
    [
        "I paid [48,000|36,500|52,000|29,800] yen [by card|in cash].",
        "I got it in [2019|2020|2022|2023].",
        "the price was fine for me.",
        "it was in stock when I chose it.",
        "the serial number is [WB2219034|KT7710482|RM0093118].",
        "it was a present from my [wife|husband|father].",
    ];

    public override string[] BuyerDetours { get; } =
    [
        "I can spend up to [60,000|45,000|80,000] yen.",
        "I saw it in your [advert|flyer] from [2023|2024|2025].",
        "my old one was stolen in [May|June|March].",
        "I returned my old one to another shop.",
        "my old one is beyond repair.",
    ];

    public override string[] BicycleDetours { get; } =
        ["it has [26|27|28] inch wheels.", "I am [158|164|172|181] cm tall.", "I ride about [40|60|120] km a week.", "it has [7|8|21] gears."];

    public override string[] SecondProducts { get; } =
    [
        "my [wife|husband|brother|sister|friend] rides a {second} [and likes it|, which is fine].",
        "I also own a {second}, but that is not the matter here.",
        "this is not about my {second}, which is fine.",
    ];

    public override string[] OwnerOrderSentences { get; } =
    [
        "[the|my] order number is {id}.", "it is order {id}.", "my order: {id}.", "order {id}.", "it belongs to order {id}.",
        "the number on the [invoice|receipt] is {id}.", "you find it under {id}.", "the order is {id}.",
    ];

    public override string[] BuyerOrderSentences { get; } =
        ["my last order was {id}.", "I had one like it in order {id}.", "it should be like the one in order {id}.", "it is to go with order {id}.", "my open order is {id}."];

    public override string[] ProductSentences { get; } =
        ["it is about [the|a] {P}.", "[my|the] model is the {P}.", "I mean the {P} {kind}.", "the {kind} is a {P}.", "this concerns the {P}."];

    public override string[] CustomerOfSentences { get; } =
        ["I bought a {P} from you.", "I own a {P}.", "my {kind} is a {P} from your shop.", "we have a {P} at home."];

    public override string[] ReasonMarkers { get; } =
        ["[a|one] quick thing:", "here is why I write:", "I am writing about this:", "my concern:", "this is what it is about:"];

    public override string[] RealReasonMarkers { get; } =
        ["but the reason I write is this:", "what I am really writing about:", "now to the real matter:", "but here is why I write:"];

    public override string[] SideMarkers { get; } =
        ["by the way,", "also,", "one more thing:", "while I am at it,", "and on the side:", "and if you have a moment:"];

    public override string[] EarlySideMarkers { get; } =
        ["a small thing first, which is not why I write:", "just on the side:", "before I come to my matter:"];

    public override string[][] SideQuestions { get; } =
    [
        ["is the parcel with my spare [bell|bottle] on its way?", "when does my other parcel [come|arrive]?"],
        ["can I return a pair of gloves?", "how do I send back [a bell|a bottle]?"],
        ["can you fix the bell of my [son|wife|father]?", "do you mend old [lamps|bags]?"],
        ["do you have [gloves|bottles|bells] in stock?", "are there any [red|blue] bottles left?"],
        ["how much is a new [chain|bell|tube]?", "what does [a tube|a bottle] cost?"],
        ["your phone line is always busy, which annoys me.", "the music in your shop is too loud, I must say."],
        ["can my [wife|son|friend] come for a fitting on {day}?", "can we book a visit for my [wife|son] too?"],
        ["is there parking near the shop?", "are you open on holidays?", "do you sell gift cards?"],
    ];

    public override UrgencyCues Urgency => EnglishUrgency.Cues;

    public override string Slot(string name, MessageDraft draft)
    {
        NamedRandom random = draft.Random;
        string kind = draft.Kind.Kind;
        return name switch
        {
            "the" => WithOrder(The(draft, draft.Owned), draft),
            // A bicycle to look at or to ask about, which need not be the customer's.
            "bike" => WithOrder(The(draft, owned: false), draft),
            "my" => WithOrder(My(draft), draft),
            "a" => A(draft),
            "ord" => Order(draft),
            "id" => draft.SayOrderId(),
            "P" => draft.SayProduct(),
            "kind" => kind,
            "second" => draft.SecondProduct!.Name,
            "day" => random.Pick(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
            "first" => draft.Group.FirstName,
            "last" => draft.Group.Surname,
            "could" => Could(draft),
            _ => throw new InvalidOperationException($"no slot {{{name}}} in English"),
        };
    }

    private static string Could(MessageDraft draft) => draft.Random.Pick(draft.Politeness switch
    {
        Politeness.Casual => ["can you", "could you", "can someone"],
        Politeness.Polite => ["could you", "could you please", "would you"],
        _ => new[] { "would you be so kind as to", "may I ask you to", "could you kindly" },
    });

    private static string The(MessageDraft draft, bool owned)
    {
        string kind = draft.Kind.Kind;
        if (draft.Product is not null)
        {
            string owner = owned && draft.Random.Chance(0.3) ? "my" : "the";
            return $"{owner} {draft.SayProduct()}{(draft.Random.Chance(0.3) ? $" {kind}" : "")}";
        }
        return draft.Random.Pick(owned
            ? [$"the {kind} I bought", $"the {kind} you sold me", $"the {kind}", $"my {kind}"]
            : new[] { $"the {kind} in your window", $"the {kind} on your flyer", $"the {kind} from your advert", $"your {kind}" });
    }

    private static string My(MessageDraft draft)
    {
        string kind = draft.Kind.Kind;
        return draft.Product is null
            ? draft.Random.Pick([$"my {kind}", $"my {kind}", "my bike", $"our {kind}"])
            : draft.Random.Pick([$"my {draft.SayProduct()}", $"my {draft.Product}", $"my {draft.Product} {kind}", $"my {kind} ({draft.Product})", $"our {draft.Product}"]);
    }

    private static string A(MessageDraft draft)
    {
        string noun = draft.Product is null ? draft.Kind.Kind
            : draft.Random.Chance(0.3) ? $"{draft.SayProduct()} {draft.Kind.Kind}" : draft.SayProduct();
        return $"{("AEIOaeio".Contains(noun[0]) ? "an" : "a")} {noun}";
    }

    private static string Order(MessageDraft draft)
    {
        string kind = draft.Kind.Kind;
        string id = draft.OrderId ?? "";
        string[] forms = (draft.OrderId, draft.Product) switch
        {
            (null, null) => ["my order", "my order", $"the {kind} I ordered", "the order I placed", $"my new {kind}"],
            (null, _) => [$"my {draft.SayProduct()}", $"the {draft.Product} I ordered", $"my order of a {draft.Product}", $"my {draft.Product} {kind}"],
            (_, null) => [$"order {draft.SayOrderId()}", $"my order {id}", $"order number {id}", $"my {kind} (order {id})"],
            _ => new[] { $"my {draft.SayProduct()} (order {draft.SayOrderId()})", $"order {id} for the {draft.Product}", $"the {draft.Product} from order {id}", $"my order {id} ({draft.Product})" },
        };
        return draft.Random.Pick(forms);
    }

    private static string WithOrder(string noun, MessageDraft draft)
    {
        if (draft.OrderId is null || !draft.Owned || !draft.Random.Chance(0.35)) return noun;
        return draft.Random.Pick([$"{noun} (order {draft.SayOrderId()})", $"{noun} from order {draft.OrderId}"]);
    }

    public override string Join(IReadOnlyList<string> sentences, MessageDraft draft)
    {
        bool small = draft.Politeness == Politeness.Casual && draft.Random.Chance(0.3);
        var text = new StringBuilder();
        foreach (string sentence in sentences)
        {
            if (text.Length > 0) text.Append(' ');
            bool starts = text.Length == 0 || text[^2] is not (',' or ':');
            text.Append(starts && !small ? char.ToUpperInvariant(sentence[0]) + sentence[1..] : sentence);
        }
        return text.Replace(" ,", ",").Replace(" .", ".").Replace(" ?", "?").ToString();
    }

    public override string WithTypo(string sentence, NamedRandom random)
    {
        string[] words = sentence.Split(' ');
        List<int> plain = [.. Enumerable.Range(0, words.Length).Where(i => words[i].Length >= 4 && words[i].All(char.IsAsciiLetterLower))];
        if (plain.Count == 0) return sentence;
        int word = random.Pick(plain);
        words[word] = Misspell(words[word], random);
        return string.Join(' ', words);
    }

    private static string Misspell(string word, NamedRandom random)
    {
        int at = random.Next(1, word.Length - 1);
        return random.Next(3) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, word[at].ToString()),
            _ => $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}",
        };
    }
}
