namespace FineTuneKit.Lab.World;

/// <summary>A house that sends goods.</summary>
public static partial class Domains
{
    private static Domain MailOrder => Domain.Parse("""
        name: mail-order house=通販会社
        things: products
        kinds: coat=コート; lamp=ランプ; kettle=やかん; backpack=リュック; tent=テント; watch=腕時計; pair of gloves=手袋; bottle=ボトル
        codes: order number=注文番号; invoice number=請求番号
        == shipment=出荷
        I ordered {x}; has it left your warehouse?
        On which day does {x} reach me?
        The tracking number of {x} does not work; where is the parcel?
        Has {x} been shipped, or is it still with you?
        I am waiting for {x}; what is the status of my order?
        {x} is not here yet. Is it on its way?
        注文した{x}は倉庫を[出ましたか|出発しましたか]。
        {x}は何日に[こちらに届きますか|着きますか]。
        {x}の追跡番号が使えません。荷物は今どこですか。
        {x}は発送済みですか、まだそちらにありますか。
        {x}を待っています。注文の状況はどうなっていますか。
        {x}がまだ来ません。配達中ですか。お届け日が知りたいです。
        == sending back=返送
        {x} is too [small|large|heavy]; I would rather send it back.
        I do not want {x} any more. Please pay me back.
        How do I get a label to return {x}?
        Please swap {x} for [a larger one|another colour|another model].
        I bought {x} by mistake; can you take it back and refund me?
        {x} is unused and still in its box; is an exchange possible?
        {x}は[小さすぎる|大きすぎる|重い]ので送り返したいです。
        {x}はもう要りません。お金を返してください。
        {x}を返品するための伝票をもらえますか。
        {x}を[大きいもの|別の色|別の型]に交換してください。
        間違えて{x}を買いました。引き取って返金してもらえますか。
        {x}は未使用で箱のままです。交換は可能ですか。
        == supply=供給
        Your page says {x} is sold out; will you have it again?
        Is {x} in stock in [red|blue|black] or in size [S|M|L]?
        How many pieces of {x} are left on your shelves?
        Must {x} be ordered, or is it available at once?
        サイトでは{x}が売り切れです。また入荷しますか。
        {x}の[赤|青|黒]や[S|M|L]サイズの在庫はありますか。
        {x}は棚にあといくつ残っていますか。
        {x}は取り寄せですか、すぐ手に入りますか。
        == papers=書類
        I need the [invoice|receipt] of {x} once more.
        Please write the address of my [company|school] on the receipt for {x}.
        We have moved; the address for {x} must be changed.
        The manual of {x} is lost; may I have a copy?
        {x}の[請求書|領収書]をもう一度ください。
        {x}の領収書の宛名を[会社|学校]にしてください。
        引っ越したので{x}の届け先の住所を変えてください。
        {x}の説明書をなくしました。写しをもらえますか。
        == guarantee=保証
        Is {x} still under warranty after [two|three] years?
        Does the warranty of {x} pay for [rust|scratches|theft]?
        How do I register {x} with you?
        How long is the guarantee on {x}?
        {x}は[二年|三年]たっても保証が[ききますか|ありますか]。
        {x}の保証は[さび|傷|盗難]にも使えますか。
        {x}の登録はどうすればいいですか。
        {x}の保証期間はどのくらいですか。
        == dissatisfaction=不満
        {x} came scratched and dented, and I am unhappy.
        The quality of {x} is terrible; I am really disappointed.
        Nobody answers my mails about {x}; this service is unacceptable.
        You sent the wrong colour of {x} again, and I am angry.
        I was charged twice for {x} and want to complain.
        {x}が傷だらけで届き、がっかりしました。
        {x}の品質がひどくて、とても残念です。
        {x}のことで何度メールしても返事がなく、対応に不満です。
        また{x}の色を間違えて送ってきて、怒っています。
        {x}の代金を二重に請求され、納得できません。
        """);
}
