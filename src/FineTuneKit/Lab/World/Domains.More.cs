namespace FineTuneKit.Lab.World;

public static partial class Domains
{
    private static Domain School => Domain.Parse("""
        name: language school=語学学校
        things: products
        kinds: course=講座; evening class=夜間クラス; seminar=セミナー; workshop=ワークショップ
        codes: student number=学生番号; enrolment code=受講番号
        == enrolment=入学
        [I would like to|Can I still] [join|sign up for] {x}?
        [Please put my name down for {x}.|Is there a place left in {x}?]
        My [sister|colleague] wants to take part in {x}.
        How do I register for {x}?
        {x}に[申し込みたい|参加したい]です。
        {x}にはまだ[空き|席]がありますか。
        [妹|同僚]が{x}を受けたいと言っています。
        {x}の登録は[どうすればいいですか|どこでしますか]。
        == absence=欠席
        I [am ill and cannot come to|will be away and have to miss] {x} this week.
        [Sorry, I|I am sorry but I] have to skip {x} [tonight|on Tuesday].
        My son has a fever and will not attend {x}.
        I shall be late for {x} because [my train is delayed|of a meeting].
        [病気|出張]のため、今週は{x}を[休みます|欠席します]。
        [今夜|火曜日]の{x}に出られません。
        息子が熱を出したので{x}を[休ませます|欠席させます]。
        [電車の遅れ|会議]で{x}に遅れます。
        == homework=宿題
        Which [pages|exercises] do we have to do for {x}?
        I do not understand the [third exercise|essay] of {x}.
        [Until when|By what day] must I hand in the essay for {x}?
        I sent my homework for {x}; did it arrive?
        {x}の宿題は[何ページ|どの問題]ですか。
        {x}の[三番の問題|作文の課題]が分かりません。
        {x}の作文は[いつまで|何日まで]に出しますか。
        {x}の宿題を送りました。[届きましたか|受け取りましたか]。
        == certificate=修了証
        I finished {x} and [need|would like] a certificate.
        [When|Where] do I get the diploma for {x}?
        My name is [misspelt|missing] on the certificate of {x}.
        My employer wants a proof that I completed {x}.
        {x}を修了したので証明書が[ほしい|必要]です。
        {x}の修了証は[いつ|どこで]もらえますか。
        {x}の修了証の名前が[間違って|抜けて]います。
        会社に出すので、{x}を終えた証明を[ください|お願いします]。
        == teacher=講師
        The teacher of {x} [speaks too fast|never answers questions].
        Who [teaches|gives] {x}?
        [Can we have|I would prefer] a different teacher for {x}.
        Our instructor in {x} is [patient and funny|wonderful].
        {x}の先生は[話すのが速すぎます|質問に答えてくれません]。
        {x}は誰が[教えますか|担当しますか]。
        {x}は[別の先生|ほかの講師]にしてもらえますか。
        {x}の先生はとても[親切|面白い方]です。
        """);

    private static Domain GardenCentre => Domain.Parse("""
        name: garden centre=園芸店
        things: products
        kinds: rose=バラ; shrub=低木; mower=芝刈り機; fertiliser=肥料; seed mix=種
        codes: receipt number=レシート番号; voucher=引換券番号
        == watering=水やり
        How [often|much] should I water {x}?
        Does {x} [need rain|like dry soil] or [a lot of water|damp earth]?
        I gave {x} [water every day|no water for a week]; was that wrong?
        [Can {x} survive|Will {x} live] two weeks without water?
        {x}には[どのくらい|何日おきに]水をやりますか。
        {x}は乾いた土と湿った土の[どちら|どっち]がいいですか。
        {x}に一週間水を[やりませんでした|やるのを忘れました]。大丈夫ですか。
        {x}は水なしで二週間[もちますか|生きられますか]。
        == pests=害虫
        There are [small green insects|holes] on the leaves of {x}.
        Something is eating {x} [at night|from below].
        [How do I get rid of|What helps against] the [snails|ants] around {x}?
        White spots cover {x}, and flies sit on it.
        {x}の葉に[小さな虫|穴]が[あります|たくさんあります]。
        何かが夜に{x}を[食べて|かじって]います。
        {x}の周りの[ナメクジ|アリ]を[退治したい|なくしたい]です。
        {x}に白い斑点と[ハエ|虫]が付いています。
        == planting=植え付け
        [When|In which month] [can|do] I plant {x}?
        How deep [must {x} go into the ground|do I set {x}]?
        Does {x} want [sun or shade|a sunny place]?
        How far apart should I put {x} and the hedge?
        {x}は[いつ|何月に]植えますか。
        {x}はどのくらい[深く|間をあけて]植えますか。
        {x}は[日なたと日陰|鉢と地面]のどちらがいいですか。
        {x}を植える場所を[教えて|選んで]ください。
        == availability=入荷
        Do you have {x} [in your shop|at the moment]?
        When will {x} [come in again|be back on your shelves]?
        {x} was sold out; [when do you get more|will more come]?
        [Is there any|Have you any] {x} left?
        {x}は店に[ありますか|置いていますか]。
        {x}は次に[いつ入りますか|いつ入荷しますか]。
        {x}が売り切れでした。また[入りますか|入荷しますか]。
        {x}はまだ[残っていますか|ありますか]。
        == cost=費用
        How much [is|do you want for] {x}?
        What [does {x} cost|would I pay for {x}] with the discount?
        Is {x} cheaper if I take [three|a dozen]?
        Could you tell me the price of {x}?
        {x}は[いくらですか|おいくらですか]。
        {x}の値段を[教えてください|知りたいです]。
        {x}は[三つ|まとめて]買うと安くなりますか。
        割引で{x}はいくらに[なりますか|なるでしょうか]。
        """);

    private static Domain Restaurant => Domain.Parse("""
        name: restaurant=レストラン
        things: products
        kinds: menu=コース; dish=料理; soup=スープ; dessert=デザート; wine=ワイン
        codes: table booking=席の予約番号; bill number=会計番号
        == table=席
        [A table for four|A table for two], please, [on Friday at seven|tomorrow evening].
        Do you still have [a place by the window|room for six] tonight?
        We are [two more|one person fewer] than we said; can we change the table?
        I would like to sit [outside|in a quiet corner] on Sunday.
        [金曜の七時|明日の夜]に[四人|二人]で席をお願いします。
        今夜、[窓際の席|六人分の席]はまだありますか。
        人数が一人[増えました|減りました]。席を変えられますか。
        日曜日は[外の席|静かな席]に座りたいです。
        == diet=食事制限
        Is there [meat|pork|fish] in {x}?
        I [do not eat|cannot eat] [dairy|nuts]; may I have {x}?
        Can you cook {x} without [garlic|salt]?
        Is {x} [vegan|free of gluten]?
        {x}に[肉|豚肉|魚]は入っていますか。
        [乳製品|ナッツ]が食べられませんが、{x}は大丈夫ですか。
        {x}を[にんにく|塩]抜きで作れますか。
        {x}は[菜食|グルテンなし]ですか。
        == bill=会計
        You charged me [twice|too much] for {x}.
        There is a mistake in our bill: we [never had|did not order] {x}.
        Please send [a receipt|an invoice] for {x}.
        The bill shows {x} [three times|with the wrong price].
        {x}の代金を[二重に|多く]取られました。
        会計が違います。{x}は[頼んでいません|食べていません]。
        {x}の[領収書|請求書]をください。
        会計で{x}が[三回|高い値段で]付いています。
        == service=接客
        The waiter who brought {x} was [rude|very slow].
        We waited an hour for {x} and nobody [said sorry|cared].
        Nobody [smiled at us|looked at us] when we asked for {x}.
        Your young waitress was so kind when I spilt {x}.
        {x}を運んだ店員が[失礼|無愛想]でした。
        {x}を一時間待ったのに、[謝罪もありません|誰も謝りません]でした。
        {x}を頼んでも誰も[来て|見て]くれませんでした。
        {x}をこぼした時、店員さんがとても[親切|優しい対応]でした。
        == takeaway=持ち帰り
        Can I [take {x} home|pick up {x}] [at six|in a box]?
        Do you bring {x} to [my office|our house]?
        How long until {x} is [ready to collect|packed]?
        {x} to go, please, [with extra sauce|for three].
        {x}を[持ち帰り|テイクアウト]で[お願いします|六時に頼みます]。
        {x}を[会社|家]まで届けてもらえますか。
        持ち帰りの{x}は[何分|どのくらい]でできますか。
        {x}を持ち帰り用に[包んで|詰めて]ください。
        """);

    private static Domain Museum => Domain.Parse("""
        name: museum=博物館
        things: titles
        kinds: exhibition=展覧会; painting=絵; sculpture=彫刻; tour=見学会
        codes: group number=団体番号; pass number=入館証番号
        == admission=入場料
        How much [is a ticket for|does it cost to see] {x}?
        Do [students|children] pay less for {x}?
        [Is {x} free|Can we see {x} without paying] on Sundays?
        Does the yearly pass cover {x}?
        {x}の入場料は[いくらですか|いくらかかりますか]。
        {x}は[学生|子供]なら安くなりますか。
        {x}は日曜日は[無料|ただ]ですか。
        年間パスで{x}も[見られますか|入れますか]。
        == guided tour=案内
        We would like [a guide for|someone to show us] {x}.
        Is there a tour of {x} in [Japanese|English|French]?
        How long does the walk with the guide through {x} take?
        We are a class of twenty and want {x} explained.
        {x}を[案内して|説明して]もらえますか。
        {x}の[日本語|英語]のガイドはありますか。
        {x}のガイド付き見学は[何分|どのくらい]かかりますか。
        二十人のクラスで{x}の解説を[聞きたい|お願いしたい]です。
        == photography=撮影
        May I take [pictures|photos] of {x}?
        [Is a flash|Is a tripod] allowed near {x}?
        We want to film {x} for [television|our school project].
        A guard told me not to photograph {x}; why?
        {x}の写真を[撮ってもいいですか|撮れますか]。
        {x}の近くで[フラッシュ|三脚]は使えますか。
        [テレビ|学校の課題]のために{x}を撮影したいです。
        {x}を撮ったら注意されました。[なぜですか|禁止ですか]。
        == access=設備
        Is there a [lift|ramp] to {x}?
        Can I bring a [pram|wheelchair] into {x}?
        Where are the [toilets|lockers] near {x}?
        My father cannot climb stairs; how does he reach {x}?
        {x}まで[エレベーター|スロープ]はありますか。
        {x}に[ベビーカー|車椅子]で入れますか。
        {x}の近くに[トイレ|ロッカー]はありますか。
        父は階段が上れません。{x}まで行けますか。
        == donation=寄付
        [I would like to give|We wish to leave] you an old [vase|letter] that fits {x}.
        How can I support {x} with money?
        My grandmother owned a piece like {x}; do you want it?
        Our firm wants to sponsor {x}.
        {x}に合う古い[花瓶|手紙]を[寄付|寄贈]したいです。
        {x}をお金で[支援|応援]するにはどうすればいいですか。
        祖母が{x}に似た品を持っています。差し上げたいのですが。
        会社として{x}に[協賛|寄付]したいです。
        """);

    private static Domain Airline => Domain.Parse("""
        name: airline=航空会社
        things: products
        kinds: flight=便; night flight=夜行便; transfer bus=連絡バス
        codes: booking code=予約コード; bag tag=手荷物番号
        == delay=遅延
        {x} is [two hours late|still not here]; when does it leave?
        [How late is|Why is] {x} [today|again late]?
        Because {x} was late, I missed my connection.
        The board shows no time for {x}.
        {x}が[二時間|ずっと]遅れています。いつ出ますか。
        {x}はどのくらい[遅れますか|遅れていますか]。
        {x}の遅れで[乗り継ぎに間に合いませんでした|次の便を逃しました]。
        掲示板に{x}の時刻が[出ていません|ありません]。
        == luggage=荷物
        My suitcase did not arrive with {x}.
        [How heavy may|How big may] a bag be on {x}?
        My [pram|suitcase] was broken on {x}.
        Can I take [skis|a guitar] on {x}?
        {x}で預けた[荷物|スーツケース]が届きません。
        {x}の荷物は[何キロまで|どの大きさまで]ですか。
        {x}で[ベビーカー|スーツケース]が壊されました。
        {x}に[スキー板|ギター]を持ち込めますか。
        == change=変更
        I [need|would like] to move from {x} to [a later one|the next day].
        I want to fly on Monday and not with {x}.
        Please change the name on my ticket for {x}.
        What does it cost to swap {x} for [the morning one|another day]?
        {x}を[次の日|もっと遅い時間]に変えたいです。
        {x}ではなく[月曜日|午前中]に乗りたいです。
        {x}の航空券の[名前|日付]を変更してください。
        {x}を別の日に変えると[いくらですか|手数料はかかりますか]。
        == meal=機内食
        Do you serve [a hot meal|anything] on {x}?
        I ordered [vegetarian food|a child's meal] on {x} and got chicken.
        Please note a [kosher|vegan] meal for me on {x}.
        The food on {x} was cold.
        {x}では[温かい食事|食事]が出ますか。
        {x}で[菜食|子供用の食事]を頼んだのに、鶏肉が来ました。
        {x}で[菜食の|アレルギー対応の]食事をお願いします。
        {x}の食事が[冷たかったです|まずかったです]。
        == seat=座席
        [I would like|May I have] a window seat on {x}.
        We were not put together on {x}.
        My seat on {x} [did not recline|was wet].
        Is there more room for my legs on {x}?
        {x}で[窓側|通路側]の席をお願いします。
        {x}で家族の席が[離れています|ばらばらです]。
        {x}の座席が[倒れません|濡れていました]。
        {x}に足元の広い席はありますか。
        """);
}
