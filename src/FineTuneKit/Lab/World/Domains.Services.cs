namespace FineTuneKit.Lab.World;

public static partial class Domains
{
    private static Domain CameraShop => Domain.Parse("""
        name: camera shop=カメラ店
        things: products
        kinds: camera=カメラ; lens=レンズ; tripod=三脚; flash=ストロボ; bag=カメラバッグ
        codes: pick-up slip=預かり番号; guarantee number=保証番号
        == mending=修繕
        {x} [does not focus any more|is jammed]; can you [mend|fix] it?
        [Could you|Would you] have a look at {x}? [The shutter sticks|It makes a grinding noise].
        I dropped {x} and [the ring is bent|the glass rattles]. Is it worth mending?
        {x} needs a new [button|spring]; do you do that?
        Please clean the inside of {x}, there is dust in it.
        {x}の[ピントが合いません|動きが悪いです]。[直せますか|直してもらえますか]。
        {x}を見て[ください|もらえますか]。[シャッターが固いです|変な音がします]。
        {x}を落として[枠が曲がりました|中で音がします]。直りますか。
        {x}の[ボタン|ばね]を取り替えてほしいです。
        {x}の中に[ほこり|砂]が入ったので掃除してください。
        == advice=相談
        Is {x} [right for a beginner|good for taking birds]?
        Which is better at night, {x} or [my telephone|an older one]?
        Does {x} fit [my old lens|an adapter from the nineties]?
        Would you choose {x} for a [trip to the desert|wedding]?
        {x}は[初心者|鳥の撮影]に向いていますか。
        {x}は[夜|暗い所]でもきれいに写りますか。
        {x}は[古いレンズ|手持ちの部品]に合いますか。
        [旅行|結婚式]には{x}がいいと思いますか。
        == development=現像
        When are the pictures from {x} [ready|developed]?
        [Can you print|How long does it take to print] the films I took with {x}?
        The prints from {x} are [too dark|all yellow].
        I want ten big copies of the photo I took with {x}.
        {x}で撮った写真はいつ[できますか|仕上がりますか]。
        {x}のフィルムを[現像して|焼き付けて]ください。
        {x}の写真が[暗すぎます|黄色いです]。焼き直してもらえますか。
        {x}で撮った一枚を大きく十枚[焼いて|印刷して]ほしいです。
        == trade-in=下取り
        How much do you give me for {x}[ if I buy a new one|]?
        [Do you buy|Would you take] {x} second-hand?
        I want to swap {x} for a lighter one and pay the difference.
        What is {x} worth today if it has hardly been used?
        {x}を[いくらで買い取ってもらえますか|下取りに出したいのですが]。
        中古の{x}を[買ってくれますか|引き取れますか]。
        {x}を軽いものと取り替えて、差額を払いたいです。
        ほとんど使っていない{x}は今[いくらになりますか|どのくらいの値打ちですか]。
        == opening event=催し
        Is there still room on the photo walk with {x}?
        When does the evening about {x} begin?
        May my son come to the {x} workshop?
        I saw a poster for the {x} day; where is it?
        {x}の撮影会にまだ[入れますか|空きはありますか]。
        {x}の講演は[何時からですか|いつ始まりますか]。
        息子も{x}の体験会に[行けますか|連れて行けますか]。
        {x}の日のポスターを見ました。場所はどこですか。
        """);

    private static Domain ShoeShop => Domain.Parse("""
        name: shoe shop=靴屋
        things: products
        kinds: boots=ブーツ; sandals=サンダル; sneakers=スニーカー; slippers=スリッパ; shoes=革靴
        codes: purchase number=購入番号; parcel number=小包番号
        == exchange=交換
        {x} [pinch|are too tight]; [can I swap them for a bigger size|please change them for size 40].
        I ordered {x} in blue and [want brown instead|would rather have black].
        Could I have {x} one size smaller in return?
        {x} fit badly, so I would like another pair.
        {x}が[きつい|小さい]ので、[大きいサイズに替えてください|サイズを交換したいです]。
        {x}の色を[茶色|黒]に替えてもらえますか。
        {x}をもう一つ小さいサイズと交換[できますか|したいです]。
        {x}が足に合わないので別の一足に[替えたい|したい]です。
        == money back=払い戻し
        I [am sending back|have sent back] {x} and want my money.
        {x} were never worn; [please pay me back|when do I get the money]?
        I took {x} to your shop a week ago and the money has not come.
        My wife does not like {x}; can we have the sum back?
        {x}を送り返すので、お金を[返して|戻して]ください。
        {x}は一度も履いていません。代金は[戻りますか|返してもらえますか]。
        一週間前に{x}を店に返しましたが、まだお金が戻りません。
        妻が{x}を気に入らないので、払い戻しを[お願いします|受けたいです]。
        == parcel=小包
        My parcel with {x} [is late|has not come]; where is it?
        The tracking page says nothing about {x}.
        [On which day|When] will the postman bring {x}?
        {x} went to my old address; can you redirect them?
        {x}の小包が[来ません|遅れています]。どこにありますか。
        追跡のページに{x}が[出てきません|載っていません]。
        {x}は[何日に|いつ]届けてもらえますか。
        {x}が前の住所に[送られました|届いてしまいました]。転送できますか。
        == sole=靴底
        The sole of {x} [came off|has a hole]; do you glue it?
        [Could you|Can you] put new heels on {x}?
        One strap of {x} is torn and should be sewn.
        {x} leak when it rains; can it be sealed?
        {x}の底が[はがれました|すり減りました]。張り替えられますか。
        {x}のかかとを[新しくして|付け替えて]ください。
        {x}のひもが切れたので[縫って|直して]ほしいです。
        {x}に雨が染みます。[ふさげますか|防水にできますか]。
        == size advice=サイズ相談
        Do {x} [come out small|run large]?
        I take size 38 in other shoes; which size of {x} do I need?
        Are {x} wide enough for broad feet?
        How do I measure my foot for {x}?
        {x}は[小さめ|大きめ]の作りですか。
        普段は24センチですが、{x}はどのサイズが[いいですか|合いますか]。
        {x}は幅の広い足でも[履けますか|大丈夫ですか]。
        {x}を買うには足をどう[測りますか|測ればいいですか]。
        """);

    private static Domain Hairdresser => Domain.Parse("""
        name: hairdresser=美容院
        things: products
        kinds: haircut=カット; colouring=カラー; perm=パーマ; treatment=トリートメント
        codes: slot number=枠番号; regular's number=常連番号
        == time slot=時間枠
        [Do you have|Is there] a free hour for {x} [on Thursday|after five]?
        Put me down for {x} on Saturday [morning|afternoon], please.
        Can I [come later|come on Friday instead] for {x}?
        I must give up my slot for {x}; when is the next one?
        [木曜|五時以降]に{x}をお願いできる時間はありますか。
        土曜の朝に{x}で[伺いたい|入れてほしい]です。
        {x}の時間を[遅く|金曜に]してもらえますか。
        {x}に行けなくなりました。次の空きはいつですか。
        == charge=料金
        What do you charge for {x}?
        Is {x} cheaper [for children|before noon]?
        How much would {x} and a shave be together?
        Does the sum for {x} include washing?
        {x}は[おいくら|いくら]ですか。
        {x}は[子供|午前中]なら安くなりますか。
        {x}とひげそりを合わせるといくらになりますか。
        {x}の料金に洗髪は[含まれますか|入っていますか]。
        == bad result=仕上がり不満
        {x} turned out [crooked|far too short|green].
        After {x} my hair [breaks off|looks like straw].
        I asked for {x} and got something quite different.
        My daughter cried when she saw {x}.
        {x}が[曲がって|短すぎて|緑色になって]がっかりしました。
        {x}のあと髪が[切れます|ぱさぱさです]。
        {x}を頼んだのに全く違う髪型になりました。
        娘は{x}の仕上がりを見て[泣きました|泣いてしまいました]。
        == care=手入れ
        How often may I wash my hair after {x}?
        Which [oil|shampoo] is good after {x}?
        How long does {x} last?
        May I swim the day after {x}?
        {x}のあと、髪はいつ洗っても[いいですか|大丈夫ですか]。
        {x}のあとにはどの[油|シャンプー]が合いますか。
        {x}はどのくらい[もちますか|続きますか]。
        {x}の次の日に泳いでもいいですか。
        == praise=称賛
        {x} is [perfect|the best I ever had]; all my friends ask where I go.
        Thank you for {x}, I feel ten years younger.
        Your trainee did {x} so gently; please tell her.
        I [never had|have not had] such a nice afternoon as with {x}.
        {x}が[完璧|今までで最高]で、友達にも聞かれます。
        {x}のおかげで十歳[若返りました|若く見えます]。ありがとうございます。
        {x}をしてくれた見習いさんがとても[丁寧でした|上手でした]。
        {x}、大変[満足しています|気に入りました]。
        """);

    private static Domain PowerCompany => Domain.Parse("""
        name: power company=電力会社
        things: products
        kinds: meter=メーター; tariff=料金プラン; heater=電気ヒーター; solar panel=太陽光パネル
        codes: meter number=計器番号; contract number=契約番号
        == outage=停電
        [The whole street|Our house] has been dark since [midnight|four o'clock], also {x}.
        There is no power at {x}; [when does it come back|what has happened]?
        {x} goes off every time it [rains|storms].
        Half of our flat is without current, and {x} is dead.
        [真夜中|四時]から[通り全体|家中]が真っ暗で、{x}も止まりました。
        {x}に電気が来ません。[いつ戻りますか|何がありましたか]。
        [雨|嵐]のたびに{x}が止まります。
        家の半分で電気が切れ、{x}も[動きません|つきません]。
        == reading=検針
        I read {x}: it shows 4821.
        When does somebody come to read {x}?
        The figure you have for {x} cannot be right.
        Where on {x} do I find the number to write down?
        {x}の数字は4821でした。
        {x}の検針には[いつ来ますか|誰が来ますか]。
        そちらにある{x}の数字は[間違っています|おかしいです]。
        {x}のどこの数字を[読めばいいですか|書けばいいですか]。
        == moving house=引っ越し
        We move out on the first; please [end|transfer] {x}.
        I shall live in a new flat from May and need {x} there.
        My mother has moved in with us; what happens to {x} in her old house?
        Can I take {x} along to the new address?
        月初めに引っ越すので{x}を[止めて|移して]ください。
        五月から新しい部屋に住みます。{x}を[使いたい|申し込みたい]です。
        母が同居を始めました。前の家の{x}はどうなりますか。
        {x}を新しい住所に[持って行けますか|移せますか]。
        == instalments=分割払い
        The sum for {x} is too much at once; [may I pay in parts|can I pay later]?
        I lost my job and need more time to pay for {x}.
        Could you split the bill for {x} into six?
        Please wait until my wages come before you collect the money for {x}.
        {x}の金額が大きいので[分けて払えますか|後で払ってもいいですか]。
        失業したので、{x}の支払いを[待って|延ばして]ください。
        {x}の請求を六回に[分けて|分割して]もらえますか。
        給料日まで{x}の引き落としを待ってほしいです。
        == saving=節約
        How much power does {x} use in a night?
        Would {x} save us money?
        Does it pay to switch {x} off at noon?
        What uses more, {x} or an old fridge?
        {x}は一晩でどのくらい電気を[使いますか|食いますか]。
        {x}にすると[節約になりますか|得ですか]。
        昼間{x}を切ると[安くなりますか|意味がありますか]。
        {x}と古い冷蔵庫では、どちらが電気を使いますか。
        """);

    private static Domain PostOffice => Domain.Parse("""
        name: post office=郵便局
        things: products
        kinds: parcel=小包; registered letter=書留; postcard=はがき; stamp=切手
        codes: tracking number=追跡番号; consignment=引受番号
        == tracking=追跡
        I posted {x} [ten days ago|on the third]; where is it now?
        Has {x} [reached Canada|been handed over]?
        The page for {x} has not changed since Tuesday.
        My aunt never got {x}; [did it get stuck|can you trace it]?
        [十日前|三日]に{x}を出しました。今どこですか。
        {x}はもう[カナダに着きましたか|渡されましたか]。
        {x}の状況が火曜日から変わりません。
        おばが{x}を受け取っていません。[調べて|探して]もらえますか。
        == postage=送料
        How much is it to send {x} to [Peru|the islands]?
        What stamps do I need for {x}?
        Is {x} dearer if it is thicker than three centimetres?
        What would {x} cost by air?
        {x}を[ペルー|島]に送るといくらですか。
        {x}には何円の切手が[いりますか|必要ですか]。
        {x}は三センチより厚いと高くなりますか。
        {x}を航空便で送るといくら[かかりますか|になりますか]。
        == redirection=転送
        Please send {x} on to my new house.
        I am in hospital; can {x} be kept for me or go to my sister?
        From June {x} should come to another address.
        {x} for the people before us still lands in our box.
        {x}を新しい家に[転送して|回して]ください。
        入院中なので、{x}を[妹に回して|預かって]もらえますか。
        六月から{x}を別の住所に[お願いします|届けてください]。
        前の住人宛ての{x}がまだうちに[来ます|届きます]。
        == damaged post=配達事故
        {x} arrived [open|soaked|with a broken corner].
        The postman threw {x} over the fence.
        Something is missing from {x}; the tape was cut.
        {x} was squeezed into the box until it tore.
        {x}が[開いて|濡れて|つぶれて]届きました。
        配達員が{x}を[塀越しに投げました|雨の中に置きました]。
        {x}の中身が足りません。テープが切られていました。
        {x}が郵便受けに押し込まれて[破れました|曲がりました]。
        == counter hours=窓口時間
        Until when can I hand in {x} this evening?
        Is the counter for {x} open at the weekend?
        When is {x} collected from the box at the station?
        Can I fetch {x} before seven in the morning?
        今夜は何時まで{x}を[出せますか|受け付けますか]。
        {x}の窓口は週末も[開いていますか|やっていますか]。
        駅のポストの{x}は何時に[集めますか|回収しますか]。
        朝七時前に{x}を[受け取れますか|取りに行けますか]。
        """);

    private static Domain PetClinic => Domain.Parse("""
        name: pet clinic=動物病院
        things: products
        kinds: dog food=ドッグフード; drops=目薬; collar=首輪; tablet=錠剤
        codes: chip number=チップ番号; case number=症例番号
        == illness=病気
        My [dog|cat] [does not eat|limps|coughs]; should I give {x}?
        Our rabbit lies in the corner and [shakes|breathes fast] although it got {x}.
        Since yesterday the cat [is sick|scratches all the time], even with {x}.
        The parrot swallowed {x}! What now?
        [犬|猫]が[食べません|足を引きずります|せきをします]。{x}をあげるべきですか。
        {x}をあげたのに、うさぎが隅で[震えて|荒い息をして]います。
        昨日から猫が{x}を使っても[吐きます|かいてばかりです]。
        オウムが{x}を飲み込みました。どうすればいいですか。
        == check-up=定期検診
        When is my dog due for [a check-up|the yearly check]? He gets {x}.
        [May I bring|Could I bring] the cat for a check on Monday, and fetch {x}?
        Our puppy needs its first examination; is {x} given then?
        Can you look at the hamster's teeth while I fetch {x}?
        犬の[検診|年に一度の診察]はいつですか。{x}を使っています。
        月曜に猫の検診に[行ってもいいですか|伺えますか]。{x}も受け取りたいです。
        子犬の最初の診察を受けたいです。{x}はその時ですか。
        {x}を取りに行く時、ハムスターの歯も[見てもらえますか|診察できますか]。
        == feeding=餌
        How many grams of {x} does a puppy need?
        My cat refuses {x}; [what else is healthy|can I mix it with fish]?
        May a dog have {x} and rice together?
        How often a day do I feed {x} to a kitten?
        子犬には{x}を何グラム[あげますか|やりますか]。
        猫が{x}を[嫌がります|食べません]。魚に混ぜてもいいですか。
        犬に{x}とご飯を一緒にあげても[いいですか|大丈夫ですか]。
        子猫には{x}を一日何回[やりますか|あげればいいですか]。
        == travel papers=渡航書類
        Which papers does my dog need for Italy? He has {x}.
        Is {x} enough for the pet passport?
        How long before the flight must the cat get {x}?
        Please stamp the passport of our dog for {x}.
        犬をイタリアに連れて行くにはどんな書類がいりますか。{x}は済みです。
        ペットのパスポートには{x}で[足りますか|十分ですか]。
        飛行機の何日前に猫は{x}を[受けますか|使いますか]。
        うちの犬のパスポートに{x}の印を[押して|付けて]ください。
        == adoption=里親
        We would love to give a home to one of your kittens, and have {x} ready.
        Is the old dog on your notice board still free?
        I found a stray cat and cannot keep it.
        Who takes in two guinea pigs with {x}?
        子猫の里親に[なりたい|応募したい]です。{x}もあります。
        掲示板の老犬は[まだ引き取れますか|まだいますか]。
        迷い猫を見つけましたが、うちでは[飼えません|無理です]。
        {x}付きでモルモット二匹を引き取る人はいませんか。
        """);

    private static Domain TownHall => Domain.Parse("""
        name: town hall=市役所
        things: products
        kinds: passport=旅券; permit=許可証; certificate=証明書; form=申請書
        codes: file number=受付番号; waiting number=整理券番号
        == application=申請
        How do I apply for {x}?
        Which [papers|photos] must I bring for {x}?
        [I want|My husband wants] to hand in {x} this month.
        Can {x} be filled in [on the internet|by my son]?
        {x}は[どう申請しますか|どうやって申し込みますか]。
        {x}には何の[書類|写真]を持って行きますか。
        今月中に{x}を[出したい|提出したい]です。
        {x}は[インターネットで|息子が代わりに]書けますか。
        == visit=来庁
        Do I need a time for {x}, or [may I just come|is there a queue]?
        [Please give me|I need] an hour on Monday for {x}.
        I cannot come on the ninth for {x}; [may I come on the tenth|is another day free]?
        Which counter do I go to with {x}, and when?
        {x}は時間の約束が必要ですか、それとも[そのまま行けますか|並びますか]。
        {x}のため、月曜の時間を[取って|押さえて]ください。
        九日は{x}に行けません。[十日でもいいですか|別の日はありますか]。
        {x}は何番の窓口に何時に行けばいいですか。
        == charges=手数料
        What does {x} cost?
        Why are there two fees for {x}?
        Do pensioners pay for {x}?
        May I pay for {x} by card?
        {x}の手数料は[いくらですか|何円ですか]。
        {x}に手数料が二つあるのは[なぜですか|どうしてですか]。
        年金暮らしでも{x}の料金を払いますか。
        {x}はカードで[払えますか|支払えますか]。
        == street=道路
        There is a deep hole in the road, right where {x} is checked.
        The lamp in front of our door has been out since I asked for {x}.
        Nobody clears the snow in our lane, {x} or not.
        A tree has fallen across the path.
        家の前の道に深い穴が[あります|あいています]。
        街灯が一週間[消えたまま|つかないまま]です。
        うちの路地の雪を誰も[片付けません|どけません]。
        木が倒れて道をふさいで[います|いて通れません]。
        == displeasure=苦情
        I waited three hours for {x} and was sent away.
        Your clerk laughed at me when I asked for {x}.
        You lost my papers for {x} again.
        Every window sends me to another one because of {x}.
        {x}のために三時間待って[帰されました|断られました]。
        {x}のことを聞いたら係の人に[笑われました|怒鳴られました]。
        {x}の書類をまた[なくしましたね|紛失されました]。
        {x}のことで窓口をたらい回しに[されました|されています]。
        """);

    private static Domain MusicShop => Domain.Parse("""
        name: music shop=楽器店
        things: products
        kinds: guitar=ギター; piano=ピアノ; violin=バイオリン; trumpet=トランペット; drum kit=ドラムセット
        codes: rental number=貸出番号; list number=目録番号
        == rental=レンタル
        [Can I|May I] rent {x} for [a month|the school concert]?
        What do I pay a week to borrow {x}?
        We would like to keep {x} a while longer before we bring it back.
        Do you lend {x} to beginners?
        {x}を[一か月|学校の演奏会に]借りられますか。
        {x}を一週間借りるといくらですか。
        {x}をもう少し長く[借りていたい|使いたい]です。
        {x}は初心者にも[貸していますか|貸してもらえますか]。
        == tuning=調律
        {x} is out of tune; when can somebody come?
        Two keys of {x} stick. [Can you put it right|Please send your tuner].
        The strings of {x} buzz; what would it take to set it up?
        {x} sounds dull since we moved it.
        {x}の音が[狂っています|ずれています]。いつ来てもらえますか。
        {x}の鍵盤が二つ[動きません|引っかかります]。[調律師を送ってください|直してもらえますか]。
        {x}の弦が[びびります|緩んでいます]。調整できますか。
        {x}を移したら音が[こもりました|おかしくなりました]。
        == lessons=レッスン
        Do you teach {x} to adults?
        How much is an hour of {x} with a teacher?
        My son wants to learn {x}; is Tuesday possible?
        I have to miss my lesson on {x} tomorrow.
        {x}は大人にも[教えてもらえますか|習えますか]。
        {x}のレッスンは一時間いくらですか。
        息子が{x}を習いたがっています。火曜日は[空いていますか|できますか]。
        明日の{x}のレッスンを[休みます|休ませてください]。
        == on hand=店頭在庫
        Have you {x} in the shop so that I can try it?
        Is {x} there in [black|a small size]?
        I would come from far; is {x} really on the shelf?
        When do you expect {x} again?
        {x}は店で試せますか。置いてありますか。
        {x}の[黒|小さいもの]はありますか。
        遠くから行きます。{x}は本当に店にありますか。
        {x}は次にいつ[届きますか|入りますか]。
        == sheet music=楽譜
        Do you have the notes of the song for {x}?
        I look for an easy book for {x}.
        The last page is missing in my score for {x}.
        Can you print the part of {x} a tone lower?
        {x}用の楽譜は[ありますか|売っていますか]。
        {x}のやさしい曲集を[探しています|ください]。
        {x}の楽譜の最後のページが[ありません|抜けています]。
        {x}のパートを一音低く[印刷できますか|書き直せますか]。
        """);
}
