namespace FineTuneKit.Lab.World;

/// <summary>The matters that the houses of the mini world have in common.</summary>
public static class Matters
{
    /// <summary>All matters.</summary>
    public static IReadOnlyList<Matter> All { get; } = [.. """
        deliveries; parcels under way; transport; where it has got to = 配達; 荷物の行方; お届け; 輸送
        houses: mail-order house/shipment; shoe shop/parcel; post office/tracking; furniture maker/delivery; airline/luggage; post office/redirection
        When can I expect {x} [here|at my door]?
        Has {x} left your house [yet|by now]?
        The driver did not bring {x}[.| again.]
        I was promised {x} for {w}; [where has it got to|where is it]?
        Can you [trace|find out where] {x} [for me|is]?
        What does the courier say about {x}?
        Is {x} with the post now, or [still with you|not yet]?
        {x} should have come [long ago|last week]; where is it?
        Do you know on which day {x} comes?
        Any word on {x}? It was to be here [by now|on {w}].
        [Please|Kindly] look up [how far|where] {x} has travelled.
        I sit at home and wait for {x}. Will it come today?
        Which firm brings {x}, and may I have the number of the parcel?
        {x}は[いつごろ|何時に]着く予定ですか。
        {x}はもう[そちらを出ました|出荷されました]か。
        {x}が[約束の日|{w}]に届きませんでした。今どこですか。
        {x}の[配達|輸送]がどこまで進んでいるか調べてください。
        {x}は運送会社に渡りましたか、まだですか。
        {x}の到着日を[調べて|連絡して]ください。
        {x}を家で待っています。今日来ますか。
        {x}の送り状の番号をもらえますか。
        {x}が来ません。発送の知らせもありません。
        ==
        giving back; send-backs; swaps and refunds; undoing a purchase = 返却; 返送と交換; 取り替えと返金; 買い物の取り消し
        houses: mail-order house/sending back; furniture maker/taking back; shoe shop/money back; shoe shop/exchange; cinema/refund
        I would like to hand {x} back.
        Can I give {x} back and have my [money|payment] again?
        {x} is the wrong one; please change it for [the right one|a bigger one].
        May I trade {x} for something else? I have not used it.
        I regret [buying|ordering] {x}; how do I get rid of it again?
        Will you refund {x}[?| if I bring it along?]
        In what way do I bring {x} back to you?
        {x} was not what I was looking for; do you take it back?
        Is an exchange of {x} possible [within two weeks|without the box]?
        {x} is too [big|narrow|dark] for me, so here it comes back.
        Who pays the postage if I send {x} back?
        I got {x} as a present and have one already; [could I swap it|will you take it]?
        After how many days can {x} no longer be given back?
        {x}を返したいのですが、手順を教えてください。
        {x}を[別の物|他の色]と替えてもらえますか。
        {x}は思ったのと違うので、返金を[お願いします|してほしいです]。
        {x}を[引き取って|引き取りに来て]もらえますか。
        {x}の返品は[いつまで|何日まで]できますか。
        {x}を間違えて頼みました。送り返してもいいですか。
        {x}は使っていません。返品と返金の方法が知りたいです。
        {x}が[大きすぎる|小さい|合わない]ので交換したいです。
        {x}を返品する時の送料は誰が払いますか。
        ==
        mending; broken things; fixing; faults = 修繕; 壊れた物; 故障; 手直し
        houses: camera shop/mending; shoe shop/sole; car workshop/fault; phone company/hardware fault; bicycle hire/mishap; toy maker/spare part; library/damage; music shop/tuning
        {x} is broken; who can mend it?
        {x} stopped working [yesterday|after a week]; please fix it.
        A part of {x} [came off|fell out]; can you put it back?
        Something inside {x} makes a [strange noise|knocking sound].
        Could you have a look at {x}? It is [loose|stuck|bent].
        {x} got stuck and will not move any more.
        Please put a new [handle|spring|wheel] on {x}.
        The [lid|screen|wheel|strap|switch] of {x} is cracked; can it be fixed?
        Does your workshop see to {x}? It [leaks|rattles|does not turn].
        {x} fell down and is bent; is it worth a repair job?
        {x} will not start; can a mechanic see to it?
        I would like {x} mended by your people.
        {x}が壊れました。直せますか。
        {x}が[急に|昨日から]動きません。直してください。
        {x}の部品が[外れました|取れました]。付けてもらえますか。
        {x}の中から[変な音|ガタガタという音]がします。
        {x}を見てもらえますか。[ゆるんで|曲がって|割れて]います。
        {x}の[取っ手|ばね|車輪|ひも]を新しくしてください。
        {x}の[ふた|画面|車輪|スイッチ]にひびが入りました。直りますか。
        {x}を落として曲げてしまいました。修理できますか。
        {x}の修理を[工房|職人さん]にお願いしたいです。
        ==
        supply; availability; what is left; at hand = 供給; 在庫; 残り; 品ぞろえ
        houses: mail-order house/supply; garden centre/availability; music shop/on hand; library/loan
        Have you got {x} [just now|there today]?
        Is there another {x} on your shelves?
        Do you still [sell|carry] {x}?
        When does {x} come in again?
        Could you look whether {x} is there [before I set off|for me]?
        Are there any of {x} left in [green|white|size M|small]?
        I would buy {x} today; do you have it there?
        Everyone says {x} is gone; will there be more?
        {x} was sold out [on {w}|last time]; has more arrived?
        Must I wait for {x}, or can I take it along at once?
        How many of {x} have you got?
        Which colours of {x} are there at the moment?
        {x}は今[そちらにありますか|置いていますか]。
        {x}はまだ[売っていますか|扱っていますか]。
        {x}は次にいつ[入りますか|入荷しますか]。
        {x}があるかどうか[棚を見て|調べて]ください。
        {x}の[緑|白|Mサイズ|小さいもの]は残っていますか。
        {x}は[売り切れと聞きましたが|この前売り切れでしたが]、また入りますか。
        {x}はいくつ残っていますか。
        {x}は取り寄せになりますか、すぐ買えますか。
        ==
        costs; money matters; charges; what it costs = 費用; 料金; 値段; お金のこと
        houses: garden centre/cost; hairdresser/charge; town hall/charges; post office/postage; museum/admission; car workshop/estimate; cycling club/dues; power company/instalments; camera shop/trade-in
        What do you ask for {x}?
        How much money do I need for {x}?
        Is {x} cheaper [on {w}s|for members|for two]?
        Does {x} cost extra?
        What would {x} come to [with everything|in the end]?
        Do you take something off {x} if I pay now?
        Please send me the [price list|rates] with {x}.
        Has {x} become [more expensive|cheaper]?
        Can I pay for {x} month by month?
        {x} is cheaper next door; can you match that?
        How much would mending {x} be?
        What does it cost to have {x} brought to my house?
        Is the tax in the sum for {x}?
        {x}は[いくら|おいくら]ですか。
        {x}にはお金が[いくら|どのくらい]要りますか。
        {x}は[会員|学生|二つ買う人]なら安くなりますか。
        {x}は税込みで[いくらになりますか|何円ですか]。
        {x}の値段を教えてください。
        {x}は[値上がり|値下げ]しましたか。
        {x}は分割で払えますか。月にいくらですか。
        {x}の[修理代|送料|配達料]はいくらですか。
        {x}は他の店の方が安いです。割引はありますか。
        ==
        displeasure; dissatisfaction; grumbles; bad experiences = 不満; 苦情; 文句; 嫌な経験
        houses: mail-order house/dissatisfaction; town hall/displeasure; hairdresser/bad result; car workshop/careless work; bakery/stale goods; restaurant/service; hotel/noise; post office/damaged post; gym/cleanliness; cinema/sound; furniture maker/scratch
        I am not happy with {x} at all.
        {x} is a disgrace.
        I must [complain about|say how cross I am about] {x}.
        The way I was treated over {x} is a shame.
        Nobody helped me with {x}; I am cross.
        I expected better than {x} and feel let down.
        Once more something went wrong with {x}; I have had enough.
        The [woman on the phone|man at the desk] was impolite when I asked about {x}.
        You made a mess of {x}, and I want to speak my mind.
        {x} was dirty when it came; how disappointing.
        I want to lodge a complaint because of {x}.
        You took my money for {x} two times, which makes me furious.
        For weeks nobody has called me back about {x}; what bad service.
        {x} is poor work; I am disappointed in you.
        You did not keep your word about {x}.
        {x}には[まったく|本当に]満足していません。
        {x}の件での扱いは[ひどい|失礼だ]と思います。
        {x}のことで誰も助けてくれず、腹が立っています。
        {x}にはもっと期待していたので、がっかりです。
        {x}のことで[電話の人|受付の人]の態度が失礼でした。
        {x}がまた違っていました。もう我慢できません。
        {x}の件で苦情を[言いたい|申し上げたい]です。
        {x}が汚れたまま届き、残念です。
        {x}の約束を守ってもらえず、納得がいきません。
        {x}の代金を余計に取られ、不愉快です。
        {x}の仕事が雑で、[怒って|困って]います。
        ==
        bookings; time slots; dates and times; visits = 予約; 日時の約束; 時間枠; 来店
        houses: hairdresser/time slot; hotel/booking; hotel/cancellation; restaurant/table; town hall/visit; pet clinic/check-up; car workshop/inspection; museum/guided tour; music shop/lessons; clinic/vaccination
        Could I come on {w} about {x}?
        Please keep a place for me for {x}[.| on {w}.]
        When would you have time for {x}?
        I cannot make it on {w}; can {x} be moved?
        I would like to fix a time for {x}.
        Please strike my name off the list for {x} [tomorrow|on {w}].
        Is the [morning|afternoon|evening] still free for {x}?
        What time was I to come for {x}?
        May I try {x} at your house on {w}?
        Can somebody see me about {x} on {w} [morning|afternoon]?
        I should like to reserve an hour on {w} for {x}.
        Have you an opening for {x} [this week|on {w}]?
        Can my visit for {x} be put off to {w}?
        {w}に{x}の件で伺ってもいいですか。
        {x}のために{w}の枠を取ってください。
        {x}の時間はいつなら空いていますか。
        {w}に行けなくなりました。{x}の日を変えられますか。
        {x}の約束を取り消してください。
        {x}の予約は[午前|午後|何時]でしたか。
        {w}に{x}を試させてもらえますか。
        {x}を見てもらう日を決めたいです。
        {w}の[朝|夕方]に{x}の空きはありますか。
        ==
        papers; documents; paperwork = 書類; 控え; 事務手続き
        houses: mail-order house/papers; pet clinic/travel papers; language school/certificate; town hall/application; phone company/invoice; power company/moving house
        Please send the bill for {x} once more.
        I need a slip for {x} for my [employer|school|tax office].
        My address on the papers of {x} is old.
        The instructions for {x} were not in the box; where do I get them?
        I need a written proof that I bought {x}.
        The name on the bill for {x} must be [changed|that of my firm].
        I mislaid the booklet of {x}; is there another?
        We live elsewhere now; please note the new street for {x}.
        {x}の[明細|領収の控え|請求書]をもう一度送ってください。
        {x}の書類の住所が[古い|前の家の]ままです。
        {x}の[手引き|説明の紙|取扱説明書]が入っていませんでした。
        {x}を買ったという証明が[欲しい|必要]です。
        {x}の書類の名前を[会社|学校]のものに変えてください。
        引っ越しました。{x}の登録の住所を直してください。
        ==
        guarantees; cover; protection = 保証; 補償
        houses: mail-order house/guarantee
        Is {x} still covered [after a year|by your guarantee]?
        For how many years do you stand up for {x}?
        Does your guarantee on {x} hold if it [rusts|gets wet|is stolen]?
        Where do I enter {x} so that it is covered?
        What is not covered with {x}?
        {x}の保証は[あと何年|いつまで]ですか。
        {x}は[水濡れ|盗難|さび]でも補償されますか。
        {x}の保証の手続きは[どこで|どう]しますか。
        {x}はまだ保証の対象ですか。
        ==
        hours; opening times; when we are open = 営業時間; 開いている時間; 時間の案内
        houses: bakery/opening hours; post office/counter hours; cinema/showtimes; cycling club/meeting point
        When are you open [on {w}s|this week]?
        Are you there on {w}?
        Do you close early [in winter|on {w}s]?
        How late can I come [today|in the evening]?
        Is the house shut on holidays?
        From when on is somebody there in the morning?
        {w}は開いていますか。
        [冬|年末]は早く閉まりますか。
        今日は何時まで[やっていますか|開いていますか]。
        祝日は[休み|閉店]ですか。
        朝は何時から人がいますか。
        お店の営業時間を教えてください。
        ==
        advice; know-how; how to do it = 相談; 使い方; 助言
        houses: camera shop/advice; shoe shop/size advice; toy maker/age advice; bicycle hire/ride tips; hairdresser/care; garden centre/watering; pet clinic/feeding; toy maker/rules; clinic/dosage; garden centre/planting; furniture maker/assembly
        ==
        lost things; missing things; things left behind = なくし物; 紛失; 置き忘れ
        houses: library/lost; hotel/forgotten; bicycle hire/stolen; furniture maker/missing parts
        ==
        leaving; ending; stopping = 終了; やめること; 打ち切り
        houses: phone company/termination; gym/pause; language school/absence
        ==
        joining; becoming a member = 入会; 加入
        houses: language school/enrolment; cycling club/joining; gym/membership; pet clinic/adoption
        ==
        praise; thanks; kind words = 称賛; 感謝; お褒め
        houses: hairdresser/praise; bakery/compliment
        ==
        health; safety; what is harmful = 健康; 安全; 体への害
        houses: clinic/side effect; pet clinic/illness; toy maker/safety; restaurant/diet; bakery/ingredients
        """.Split("==").Select(Matter.Parse)];
}
