namespace FineTuneKit.Lab.SupportDesk;

/// <summary>
/// The house's tone: one polite sentence that follows from the labels alone. It names the order number where
/// there is one, else the product, else it asks for what is missing; the urgency gives the time of the answer.
/// </summary>
public static class HouseReply
{
    private static readonly string[] EnglishTime = ["this week", "within two days", "today"];
    private static readonly string[] JapaneseTime = ["今週中に", "二日以内に", "本日中に"];

    // By intent: with an order number, with a product only, with neither.
    private static readonly string[][] English =
    [
        ["Thank you for asking; we will check order {ref} and tell you {when} where it is.",
         "Thank you for asking; we will find your {ref} and tell you {when} where it is.",
         "Thank you for asking; please send us your order number and we will check it {when}."],
        ["We are sorry it did not suit you; the papers for returning order {ref} will reach you {when}.",
         "We are sorry it did not suit you; the papers for returning the {ref} will reach you {when}.",
         "We are sorry it did not suit you; please tell us the item and the papers will reach you {when}."],
        ["Thank you for telling us; our workshop will look into the fault on order {ref} {when}.",
         "Thank you for telling us; our workshop will look into the fault on your {ref} {when}.",
         "Thank you for telling us; please name the model and our workshop will look into it {when}."],
        ["Thank you for your interest; we will check the shelves for order {ref} and write to you {when}.",
         "Thank you for your interest; we will check the shelves for the {ref} and write to you {when}.",
         "Thank you for your interest; please name the model and we will check the shelves {when}."],
        ["Thank you for your interest; the exact price for order {ref} will be sent to you {when}.",
         "Thank you for your interest; the exact price for the {ref} will be sent to you {when}.",
         "Thank you for your interest; please name the model and the exact price will be sent {when}."],
        ["We apologise for the trouble with order {ref} and our manager will call you {when}.",
         "We apologise for the trouble with the {ref} and our manager will call you {when}.",
         "We apologise for the trouble we caused you and our manager will call you {when}."],
        ["We are glad to see you; a time for order {ref} will be confirmed {when}.",
         "We are glad to see you; a time for the {ref} will be confirmed {when}.",
         "We are glad to see you; a time for your visit will be confirmed {when}."],
        ["Thank you for writing; a colleague will answer you about order {ref} {when}.",
         "Thank you for writing; a colleague will answer you about the {ref} {when}.",
         "Thank you for writing; a colleague will answer your question {when}."],
    ];

    private static readonly string[][] Japanese =
    [
        ["お問い合わせありがとうございます、ご注文{ref}の状況を{when}お知らせいたします。",
         "お問い合わせありがとうございます、{ref}の配送状況を{when}お知らせいたします。",
         "お問い合わせありがとうございます、注文番号を頂ければ状況を{when}お知らせいたします。"],
        ["ご期待に沿えず申し訳ございません、ご注文{ref}の返品書類を{when}お送りいたします。",
         "ご期待に沿えず申し訳ございません、{ref}の返品書類を{when}お送りいたします。",
         "ご期待に沿えず申し訳ございません、商品名を頂ければ返品書類を{when}お送りいたします。"],
        ["ご連絡ありがとうございます、ご注文{ref}の不具合を{when}整備士が確認いたします。",
         "ご連絡ありがとうございます、{ref}の不具合を{when}整備士が確認いたします。",
         "ご連絡ありがとうございます、車種名を頂ければ{when}整備士が確認いたします。"],
        ["お問い合わせありがとうございます、ご注文{ref}の在庫を{when}確認いたします。",
         "お問い合わせありがとうございます、{ref}の在庫を{when}確認いたします。",
         "お問い合わせありがとうございます、商品名を頂ければ在庫を{when}確認いたします。"],
        ["お問い合わせありがとうございます、ご注文{ref}の価格を{when}ご案内いたします。",
         "お問い合わせありがとうございます、{ref}の価格を{when}ご案内いたします。",
         "お問い合わせありがとうございます、商品名を頂ければ価格を{when}ご案内いたします。"],
        ["ご注文{ref}の件でご迷惑をおかけし申し訳ございません、責任者が{when}お電話いたします。",
         "{ref}の件でご迷惑をおかけし申し訳ございません、責任者が{when}お電話いたします。",
         "ご迷惑をおかけし誠に申し訳ございません、責任者が{when}お電話いたします。"],
        ["ご来店をお待ちしております、ご注文{ref}のお時間を{when}確定いたします。",
         "ご来店をお待ちしております、{ref}のお時間を{when}確定いたします。",
         "ご来店をお待ちしております、ご予約のお時間を{when}確定いたします。"],
        ["ご連絡ありがとうございます、ご注文{ref}について担当者が{when}お答えいたします。",
         "ご連絡ありがとうございます、{ref}について担当者が{when}お答えいたします。",
         "ご連絡ありがとうございます、ご質問に担当者が{when}お答えいたします。"],
    ];

    /// <summary>The reply to these labels.</summary>
    public static string For(TicketIntent intent, string? product, string? orderId, TicketUrgency urgency, TicketLanguage language)
    {
        int mention = orderId is not null ? 0 : product is not null ? 1 : 2;
        bool english = language == TicketLanguage.English;
        string template = (english ? English : Japanese)[(int)intent][mention];
        return template
            .Replace("{ref}", orderId ?? product)
            .Replace("{when}", (english ? EnglishTime : JapaneseTime)[(int)urgency]);
    }
}
