namespace FineTuneKit.Lab.World;

public static partial class Domains
{
    private static Domain FurnitureMaker => Domain.Parse("""
        name: furniture maker=家具店
        things: products
        kinds: table=テーブル; armchair=ひじ掛け椅子; wardrobe=洋服だんす; bookcase=本棚; lamp=照明
        codes: job number=作業番号; delivery note=納品番号
        == delivery=配送
        Where is {x}? [It should have come|We expected it] [last week|on Monday].
        [When will|On what day will] {x} [arrive|be brought to us]?
        I [am still waiting for|have not received] {x}.
        Could the driver bring {x} [in the evening|to the third floor]?
        Has {x} left your warehouse yet?
        {x}が[まだ届きません|届いていません]。
        {x}はいつ[届きますか|配達されますか]。
        {x}の配達を[夕方|三階まで]お願いできますか。
        {x}はもう倉庫を[出ましたか|出発しましたか]。
        先週届くはずの{x}は、今どこに[ありますか|あるのでしょうか]。
        == assembly=組み立て
        I cannot put {x} together; [step four makes no sense|the drawing is unclear].
        Which screws belong to the [back|legs] of {x}?
        [Can somebody build|Would you set up] {x} for us?
        How long does it take to assemble {x}?
        {x}が[うまく組み立てられません|組み立てられません]。
        {x}の[背板|脚]にはどのねじを使いますか。
        {x}を[組み立てに来て|組み立てて]もらえますか。
        {x}の組み立てには[何分|どのくらい]かかりますか。
        == missing parts=部品不足
        [Two screws|One leg|The glass door] of {x} [did not come in the box|cannot be found].
        {x} came without [its handle|the instructions].
        There are only three feet in the package of {x}.
        The bag with the bolts for {x} was empty.
        {x}の箱に[ねじ|脚|取っ手]が[入っていませんでした|足りません]。
        {x}の[説明書|扉]が[付いていません|ありません]。
        {x}の部品が[一つ|二つ]足りません。
        {x}のボルトの袋が空でした。
        == scratch=傷
        {x} has a [deep scratch|dent|crack] [on top|at the side].
        The paint of {x} [peels off|is chipped].
        When I unpacked {x}, the [glass|corner] was broken.
        One door of {x} hangs crooked and scrapes the floor.
        {x}の[上|横]に[傷|へこみ|ひび]があります。
        {x}の塗装が[はがれて|欠けて]います。
        {x}を開けたら[ガラス|角]が割れていました。
        {x}の扉が[曲がって|傾いて]います。
        == taking back=引き取り
        {x} does not fit our room; [will you take it back|can I send it back]?
        I changed my mind about {x} and want to give it back.
        {x} is the wrong colour, [so please collect it|I do not want to keep it].
        Can I swap {x} for a bigger one?
        {x}が部屋に合わないので[引き取って|返させて]ください。
        {x}は[色が違う|気が変わった]ので返したいです。
        {x}を[大きいもの|別の色]と取り替えてもらえますか。
        {x}はいりません。[返せますか|引き取ってもらえますか]。
        """);

    private static Domain PhoneCompany => Domain.Parse("""
        name: phone company=電話会社
        things: products
        kinds: phone=電話機; router=ルーター; tablet=タブレット; contract=契約
        codes: customer number=お客様番号; line number=回線番号
        == connection=接続
        {x} [has no signal|keeps losing the network] [at home|since this morning].
        The internet over {x} is [terribly slow|down].
        I cannot [make calls|send messages] with {x}.
        Every evening the line of {x} [drops|breaks off].
        {x}が[圏外になります|つながりません]。
        {x}のインターネットが[とても遅いです|切れています]。
        {x}で[電話がかけられません|メールが送れません]。
        毎晩{x}の回線が[切れます|途切れます]。
        == invoice=請求
        [My bill for|The invoice for] {x} is [too high|wrong].
        Why did you take [forty dollars|money twice] for {x}?
        I paid for {x} last month and got a reminder.
        What is the extra fee for {x} on my bill?
        {x}の請求額が[高すぎます|間違っています]。
        {x}の料金が二回[引かれて|請求されて]います。
        先月{x}の代金を払ったのに督促が来ました。
        請求書の{x}の追加料金は[何ですか|なぜですか]。
        == termination=解約
        I want to [end|quit] {x} [next month|at once].
        [How do I leave|When can I get out of] {x}?
        We are moving abroad and do not need {x} any longer.
        Please stop {x}; I found a cheaper offer.
        {x}を[解約したい|やめたい]です。
        {x}は[いつ|どうすれば]解約できますか。
        海外に引っ越すので、{x}は[不要です|もう使いません]。
        もっと安い会社を見つけたので{x}を[終わりにします|止めてください]。
        == password=暗証番号
        I forgot the [password|PIN] of {x}.
        {x} says that my code is wrong; [I am locked out|I cannot get in].
        Please reset the password [for|of] {x}.
        I typed the wrong PIN into {x} three times.
        {x}の[暗証番号|パスワード]を忘れました。
        {x}に[入れません|ログインできません]。番号が違うと出ます。
        {x}のパスワードを[再設定|初期化]したいです。
        {x}の暗証番号を三回[間違えました|間違えて入力しました]。
        == hardware fault=故障
        The screen of {x} is [black|cracked].
        {x} [gets very hot|switches itself off].
        The battery of {x} [is flat after an hour|does not charge].
        The buttons of {x} [stick|do nothing].
        {x}の画面が[真っ黒です|割れました]。
        {x}が[とても熱くなります|勝手に切れます]。
        {x}の電池が[一時間でなくなります|充電できません]。
        {x}のボタンが[動きません|反応しません]。
        """);

    private static Domain Gym => Domain.Parse("""
        name: gym=スポーツジム
        things: products
        kinds: class=クラス; training plan=トレーニング計画; machine=器具; membership=会員プラン
        codes: member number=会員番号; locker code=ロッカー番号
        == membership=入会
        I want to become a member [with|through] {x}.
        What do I need to [sign|bring] for {x}?
        Can my wife join on {x} too?
        I would like to try {x} for a month first.
        {x}で[入会したい|会員になりたい]です。
        {x}の入会には何が[必要ですか|いりますか]。
        妻も{x}に[入れますか|加入できますか]。
        まず一か月だけ{x}を[試したい|体験したい]です。
        == pause=休会
        I broke my [leg|arm] and want to pause {x}.
        Please [freeze|suspend] {x} [for three months|until spring].
        I am abroad until May; can {x} rest so long?
        We are having a baby, so please hold {x} for a while.
        [足|腕]を骨折したので{x}を[休みたい|休止したい]です。
        {x}を[三か月|春まで]休会にしてください。
        五月まで海外なので、{x}を[止めて|休みにして]もらえますか。
        出産のため、しばらく{x}を[休ませて|中断させて]ください。
        == equipment=設備
        {x} [squeaks|wobbles|does not start].
        Somebody should oil {x}.
        The [seat|screen|strap] of {x} is torn.
        When I use {x}, the [belt slips|weights stick].
        {x}が[きしみます|ぐらつきます|動きません]。
        {x}に油を[差して|注して]ください。
        {x}の[座面|画面|ベルト]が破れています。
        {x}を使うと[ベルトが滑ります|重りが引っかかります]。
        == trainer=指導
        Who can show me how to use {x} [safely|without hurting my back]?
        I would like a personal trainer for {x}.
        The coach for {x} [pushed us too hard|explains everything well].
        Could a trainer make {x} [easier|harder] for me?
        {x}の正しい使い方を[教えて|指導して]もらえますか。
        {x}に個人トレーナーを[付けたい|お願いしたい]です。
        {x}のコーチは[厳しすぎます|説明が上手です]。
        トレーナーに{x}を[楽に|きつく]してもらいたいです。
        == cleanliness=清潔さ
        {x} was [covered in sweat|sticky and dusty].
        Nobody [wiped|cleaned] {x} [for days|after use].
        The floor around {x} is [wet and dirty|full of hair].
        It smells terrible near {x}.
        {x}が[汗だらけ|ほこりだらけ]でした。
        誰も{x}を[拭いて|掃除して]いません。
        {x}の周りの床が[汚れて|濡れて]います。
        {x}のあたりが[臭います|ひどいにおいです]。
        """);

    private static Domain ToyMaker => Domain.Parse("""
        name: toy maker=玩具メーカー
        things: products
        kinds: doll=人形; puzzle=パズル; toy train=おもちゃの電車; board game=ボードゲーム; kite=凧
        codes: gift number=ギフト番号; serial number=製造番号
        == age advice=対象年齢
        [From what age can children play|How old must a child be to play] with {x}?
        Is {x} [too hard|suitable] for a [three-year-old|girl of six]?
        My [nephew|son] is four; will he like {x}?
        Do [babies|small children] understand {x}?
        {x}は[何歳から|いくつから]遊べますか。
        {x}は[三歳|六歳]の子には[難しいですか|向いていますか]。
        [おい|息子]は四歳ですが、{x}を気に入るでしょうか。
        {x}は[赤ちゃん|小さい子]でも分かりますか。
        == safety=安全性
        A small part of {x} came off and my [baby|son] [put it in his mouth|nearly swallowed it].
        {x} has a sharp edge [that cut my daughter|where children touch it].
        Is the paint of {x} [poisonous|harmless]?
        Sparks came out of {x}!
        {x}の小さな部品が取れて、子供が[口に入れました|飲み込みそうになりました]。
        {x}の角が鋭くて娘が[けがをしました|指を切りました]。
        {x}の塗料は[有害ですか|安全ですか]。
        {x}から火花が[出ました|散りました]。
        == rules=遊び方
        How many people can play {x}?
        [We do not understand the rules of|How do you win] {x}?
        [Who starts|What happens after a six] in {x}?
        May you move backwards in {x}?
        {x}は何人で[遊べますか|遊びますか]。
        {x}の[ルール|遊び方]が分かりません。
        {x}では[誰が先に始めますか|六が出たらどうなりますか]。
        {x}では後ろに[戻れますか|進んでもいいですか]。
        == gift=贈り物
        Can you wrap {x} as a present [with a red ribbon|for my niece]?
        {x} is a birthday present; [please add a card|do not put the price in].
        I want to send {x} directly to my grandchild.
        Which is a better gift for twins than {x}?
        {x}を[プレゼント用に|赤いリボンで]包んでもらえますか。
        {x}は誕生日の贈り物です。[カードを付けて|値札を外して]ください。
        {x}を孫に直接[送りたい|贈りたい]です。
        双子への贈り物に{x}は[どうですか|喜ばれますか]。
        == spare part=交換部品
        We lost one [piece|wheel] of {x}; can we buy [it alone|a new one]?
        Do you sell [batteries|arms|dice] for {x}?
        {x} needs a new [string|motor].
        Where do I get a second set of cards for {x}?
        {x}の[ピース|車輪]を一つなくしました。それだけ買えますか。
        {x}用の[電池|さいころ]は売っていますか。
        {x}の新しい[ひも|モーター]が[必要です|ほしいです]。
        {x}の予備のカードはどこで[買えますか|手に入りますか]。
        """);
}
