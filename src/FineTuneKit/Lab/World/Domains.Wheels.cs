namespace FineTuneKit.Lab.World;

/// <summary>Houses around bicycles and cars: the words of the trade, in matters of their own.</summary>
public static partial class Domains
{
    private static Domain BicycleHire => Domain.Parse("""
        name: bicycle hire=貸自転車屋
        things: products
        kinds: bike=自転車; city bike=シティ車; folding bike=折り畳み自転車; cargo bike=荷物用自転車; touring bike=ツーリング車; gravel bike=グラベル車; mountain bike=マウンテンバイク; road bike=ロードバイク; electric bike=電動自転車; children's bike=子供用自転車; helmet=ヘルメット; child seat=子供乗せ; pannier=パニアバッグ
        codes: hire number=貸出番号; key number=鍵番号
        == hire=貸し出し
        Can we [hire|rent|have] {x} for [two days|the weekend|an hour]?
        We are [four|six] riders and [would like to hire|want] {x} and helmets.
        How long may I keep {x} if I take it [in the morning|on Friday]?
        I am [160|175|182] cm tall; does {x} suit me?
        [Has|Does] {x} [27|28] inch wheels and [seven|eight|twenty] gears?
        {x}を[二日|週末|一時間][借りたい|借りられますか]。
        [四人|六人]で{x}とヘルメットを借りたいです。
        {x}は[朝|金曜日]に借りると何日まで使えますか。
        身長は[160|175|182]センチですが、{x}に乗れますか。
        {x}の車輪は[27|28]インチで、変速は[七段|八段]ですか。
        == mishap=走行中の破損
        The [chain|belt] of {x} [came off|snapped] on the road.
        {x} has a flat [front|rear] tyre and we are far from your station.
        The [brakes|gears] of {x} slip when I ride downhill.
        [A spoke|A pedal|The kickstand|The mudguard|The bell|The lamp|The lever] of {x} [is bent|broke off|is broken].
        We fell with {x}; the [handlebar|fork|frame|saddle] is [crooked|cracked|scratched].
        走っている時に{x}の[チェーン|ベルト]が[外れました|切れました]。
        {x}の[前|後ろ]のタイヤがパンクして、店まで戻れません。
        下り坂で{x}の[ブレーキ|変速|ギア]が滑ります。
        {x}の[スポーク|ペダル|スタンド|泥よけ|ベル|ライト|レバー]が[曲がりました|折れました|壊れました]。
        {x}で転んで、[ハンドル|フォーク|フレーム|サドル]に[ひび|傷]が入りました。
        == drop-off=返却
        May I leave {x} at [another station|the railway station] tonight?
        [Until what time|Until when] do you take {x} back?
        I am late: I shall bring {x} back [after closing|tomorrow morning].
        Where do we put the key of {x} when nobody is there?
        {x}を[別の場所|駅の前]で返してもいいですか。
        {x}は何時までに[戻せば|返せば]いいですか。
        遅れます。{x}は[閉店の後|明日の朝]に返します。
        誰もいない時、{x}の鍵はどこに[置きますか|返しますか]。
        == ride tips=道案内
        Which way is good for a ride with {x} to [the lake|the castle]?
        Is the path along the river too steep for {x}?
        Do you know a quiet tour of [20|40|60] km for {x}?
        Are bicycles like {x} allowed in the [park|train]?
        {x}で[湖|城]まで走るのに良い道はありますか。
        川沿いの道は{x}には急すぎますか。
        {x}で[20|40|60]キロほどの静かなコースを教えてください。
        {x}は[公園|電車]に[入れますか|乗せられますか]。
        == stolen=盗難
        Somebody stole {x} [from the station|last night]; the lock is cut.
        {x} is gone, and I [still have the key|saw nobody].
        What do I pay if {x} was stolen?
        I told the police that {x} is missing.
        [駅の前|昨夜]で{x}が盗まれ、鍵が切られていました。
        {x}がありません。鍵は[まだ持っています|手元にあります]。
        {x}が盗まれた場合、いくら払いますか。
        {x}がなくなったと警察に届けました。
        """);

    private static Domain Garage => Domain.Parse("""
        name: car workshop=自動車整備工場
        things: products
        kinds: car=車; van=バン; scooter=スクーター; motorbike=バイク; trailer=トレーラー
        codes: job number=作業番号; number plate=登録番号
        == fault=不具合
        {x} [does not start|stops all the time]; can your mechanics fix that?
        Something [rattles|squeaks|grinds|clicks] in {x}; please repair it.
        The [engine|gearbox|brake|wheel] of {x} is broken and needs repairing.
        {x} has a strange noise at the [front|back]; could the workshop look into it?
        A [lever|window|lamp] of {x} is [bent|loose]; I want it fixed.
        {x}が[動きません|すぐ止まります]。整備士さんに直してほしいです。
        {x}から[ガタガタ|キーキー|カチカチ]音がします。修理してください。
        {x}の[エンジン|変速機|ブレーキ|車輪]が壊れたので修理が必要です。
        {x}の[前|後ろ]から変な音が鳴るので、見て直してもらえますか。
        {x}の[レバー|窓|ライト]が[曲がって|ゆるんで]います。修理をお願いします。
        == inspection=点検
        When is there a free slot to have {x} checked?
        I want to book the yearly check of {x} for [Monday|Thursday] [morning|afternoon].
        I cannot bring {x} on [Tuesday]; is [Friday|next week] possible as an appointment?
        Please cancel the check of {x} that I booked.
        [At what time|When] am I expected with {x}? Please confirm.
        {x}の点検の空いている枠は[いつ|何曜日]ですか。
        {x}の年次点検を[月曜日|木曜日]の[午前|午後]に予約したいです。
        [火曜日]は{x}を持って行けません。予約を[金曜日|来週]に変えられますか。
        {x}の点検の予約を取り消してください。
        {x}は何時に持って行けばいいか、予約の時間を確認したいです。
        == estimate=見積もり
        What will the [repair|service|tune-up] of {x} cost with tax?
        Is there a discount [on the service of {x}|for students with {x}]?
        May I pay for {x} in [three|six] parts, and how much is it a month?
        How much do you charge for [a new chain|four tyres] on {x}?
        I want to know the price in yen before you touch {x}.
        {x}の[修理|整備]は税込みでいくら[になりますか|かかりますか]。
        {x}の整備に[学生の|]割引は[ありますか|ききますか]。
        {x}の代金は[三回|六回]に分けて払えますか。月にいくらですか。
        {x}の[チェーン|タイヤ四本]の交換はいくらですか。
        {x}に手を付ける前に値段を知りたいです。
        == collection=引き渡し
        Is {x} ready, and may I collect it?
        How many days do you still need for {x}?
        Can [my wife|my son|a friend] pick up {x} for me?
        {x} should have been ready; is the work done?
        {x}はもう[できましたか|受け取れますか]。
        {x}はあと何日かかりますか。
        [妻|息子|友人]が{x}を取りに行ってもいいですか。
        {x}の作業は[終わりましたか|済みましたか]。
        == careless work=雑な作業
        {x} is worse than before your service; I am very disappointed.
        You charged me too much for {x}, which is unacceptable.
        Your staff was rude when I asked about {x}; I wish to complain.
        There are dents all over {x} since you had it, and I am angry.
        You promised {x} for last week and did not keep your word; terrible.
        {x}は整備の後のほうが悪くなり、とても残念です。
        {x}の代金を取りすぎです。[許せません|納得できません]。
        {x}のことを聞いたら店員の態度が悪く、不愉快でした。
        預けてから{x}に傷とへこみが増え、怒っています。
        {x}の約束の日を守ってもらえず、ひどいです。
        """);

    private static Domain CyclingClub => Domain.Parse("""
        name: cycling club=自転車クラブ
        things: titles
        kinds: ride=走行会; race=レース; tour=ツーリング; training camp=合宿
        codes: start number=ゼッケン番号; club card=会員証番号
        == joining=参加
        I would like to ride in {x}; is there a place for me?
        Please take me off the list of {x}.
        May [my daughter|a beginner] on a children's bike join {x}?
        Can I come to {x} with an electric bike?
        {x}で一緒に走りたいです。まだ[入れますか|間に合いますか]。
        {x}の名簿から[外して|消して]ください。
        [娘|初心者]も子供用自転車で{x}に出られますか。
        電動自転車で{x}に[行っても|出ても]いいですか。
        == meeting point=集合
        Where do the riders of {x} meet, and at what time?
        Does {x} start at the [bridge|station] if it rains?
        How long is {x} in kilometres?
        Who leads {x} on [Sunday|Saturday]?
        {x}は何時にどこに集まりますか。
        雨でも{x}は[橋|駅]から出発しますか。
        {x}は全部で何キロですか。
        [日曜|土曜]の{x}は誰が先頭を走りますか。
        == ranking=成績
        My time in {x} is wrong on your list.
        Who won {x}, and which place did I get?
        I finished {x} but am not in the results.
        Please send me the results of {x}.
        {x}の私の記録が[間違って|違って]います。
        {x}は誰が勝ちましたか。私は何位ですか。
        {x}を完走したのに結果に名前がありません。
        {x}の結果を[送って|見せて]ください。
        == dues=会費
        Do members pay extra for {x}?
        I paid the yearly dues twice because of {x}.
        Until when must I pay for {x}?
        Is {x} cheaper for [families|pupils]?
        会員も{x}の参加費を払いますか。
        {x}の会費を二度払ってしまいました。
        {x}の参加費はいつまでに払いますか。
        {x}は[家族|生徒]なら安くなりますか。
        """);
}
