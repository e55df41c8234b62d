namespace FineTuneKit.Lab.World;

/// <summary>The houses of the mini world that get letters.</summary>
public static partial class Domains
{
    /// <summary>All houses.</summary>
    public static IReadOnlyList<Domain> All { get; } =
    [
        Library, Hotel, Clinic, Bakery, Cinema, School, GardenCentre, Restaurant, Museum, Airline, FurnitureMaker, PhoneCompany, Gym, ToyMaker,
        CameraShop, ShoeShop, Hairdresser, PowerCompany, PostOffice, PetClinic, TownHall, MusicShop, BicycleHire, Garage, CyclingClub, MailOrder,
    ];

    /// <summary>What fits no topic of any house.</summary>
    public static Topic Other { get; } = Domain.ParseTopic("""
        other=その他
        [Do you|Does your house] have a newsletter that I [could read|can sign up for]?
        I [just|only] wanted to [say hello|wish you a good year].
        [Are you|Is your house] looking for [new staff|someone to help at weekends]?
        My daughter [drew a picture of|wrote a poem about] your building.
        Who [painted|made] the sign over your door?
        [I am writing an article about|We are studying] houses like yours.
        Is there [a bus stop|parking|a car park] near you?
        [Can I|May I] put up a poster in your window?
        Do you sell gift cards?
        What is the name of the song in your advert?
        Are dogs allowed inside?
        I would like to speak to [the owner|Mr Brown], please.
        ニュースレターは[ありますか|出していますか]。
        [ごあいさつだけ|一言ごあいさつを]と思い、[ご連絡しました|書きました]。
        [アルバイト|新しいスタッフ]は募集していますか。
        娘が[そちらの絵を描きました|そちらの建物を気に入っています]。
        入口の看板は誰が[描いた|作った]のですか。
        近くに[バス停|駐車場]はありますか。
        窓にポスターを[貼っても|貼らせてもらっても]いいですか。
        商品券は[ありますか|売っていますか]。
        広告の曲の名前を教えてください。
        犬を連れて入っても[いいですか|大丈夫ですか]。
        [店長|責任者の方]とお話ししたいです。
        学校の[宿題|授業]でそちらについて[調べています|書いています]。
        """);

    private static Domain Library => Domain.Parse("""
        name: library=図書館
        things: titles
        kinds: book=本; novel=小説; magazine=雑誌; atlas=地図帳; picture book=絵本
        codes: card number=カード番号; reader number=利用者番号
        == renewal=延長
        [Can|Could|May] I keep {x} for [another week|two more weeks|a little longer]?
        I have not finished {x} yet [and need more time|and would like some more days].
        [Please extend|I would like to extend] the loan of {x}.
        {x} is due [tomorrow|soon], but I am [only halfway through|still reading it].
        {x}の貸出を延長[できますか|したいです|してください]。
        {x}をまだ読み終えていないので、もう[一週間|少し]借りていたいです。
        {x}の返却日を[延ばして|来週にして]もらえますか。
        {x}の期限が[明日|もうすぐ]ですが、まだ[半分しか読んでいません|途中です]。
        == loan=貸出
        [Can|Could] I borrow {x}?
        Is {x} [on the shelf|in your house], or has someone [taken it out|borrowed it]?
        [I would like to|I want to] take {x} home [this weekend|for the holidays].
        How do I [get|reserve] {x} to read at home?
        {x}を[借りたい|家で読みたい]のですが、[どうすればいいですか|ありますか]。
        {x}は今[棚にありますか|貸し出し中ですか]。
        {x}を[予約|取り置き]して、週末に借りたいです。
        {x}を借りることは[できますか|可能ですか]。
        == fine=延滞金
        Why [do I have|am I asked] to pay a late fee for {x}?
        How much [do I owe|must I pay] because {x} [came back late|is overdue]?
        I got a bill for {x}, but I [brought it back on time|gave it back last week].
        The overdue charge for {x} [seems wrong|is too high].
        {x}の延滞金は[いくらですか|なぜかかるのですか]。
        {x}は期限内に返したのに、[罰金の知らせ|請求]が来ました。
        {x}を返すのが遅れました。いくら払えば[いいですか|よいでしょうか]。
        {x}の遅れに対する料金が[高すぎます|間違っているようです]。
        == lost=紛失
        I [cannot find|have lost] {x} [anywhere|on the train|on holiday].
        {x} [has disappeared from|is no longer in] my bag.
        [I am afraid|I think] I left {x} [on the bus|in a café].
        My [son|dog] lost {x} in the park; what now?
        {x}を[なくして|紛失して]しまいました。
        {x}が[どこにも見つかりません|かばんから消えました]。
        {x}を[電車|喫茶店]に置き忘れました。
        子供が{x}を公園で[なくしました|失くしました]。[どうしましょう|どうすればいいですか]。
        == damage=破損
        {x} has [torn pages|a broken spine|coffee stains].
        [Some pages of|The cover of] {x} came off [while I was reading|yesterday].
        My dog [chewed|bit into] {x}.
        {x} got wet in the rain [and is ruined|and the pages stick together].
        {x}の[ページが破れて|表紙が取れて]しまいました。
        {x}を雨で[濡らして|汚して]しまいました。
        犬が{x}を[かじりました|噛んでしまいました]。
        {x}に[コーヒーのしみ|落書き]があります。
        """);

    private static Domain Hotel => Domain.Parse("""
        name: hotel=ホテル
        things: products
        kinds: room=部屋; suite=スイート; single room=シングルルーム; family room=ファミリールーム
        codes: booking=予約番号; reservation number=ご予約番号
        == booking=宿泊予約
        [I would like to|We want to] stay in {x} [for two nights|next weekend].
        Is {x} [free|available] [on Saturday|in June]?
        [Please reserve|Please hold] {x} for [my parents|two adults and a child].
        We need {x} from Monday to Thursday.
        {x}に[二泊|週末に]泊まりたいです。
        {x}は[土曜日|来月]空いていますか。
        {x}を[予約|確保]して[ください|いただけますか]。
        月曜日から三日間、{x}を[お願いします|使いたいです]。
        == cancellation=取り消し
        [Unfortunately|Sadly] we cannot come, so [please cancel|I have to give up] {x}.
        Our trip was called off; we [no longer need|do not need] {x}.
        How can I cancel {x} [without a fee|today]?
        My plans changed and {x} can be given to somebody else.
        {x}の予約を[取り消したい|キャンセルしたい]です。
        旅行が中止になり、{x}は[不要になりました|必要なくなりました]。
        行けなくなったので、{x}を[キャンセル|取り消し]してください。
        {x}は他の方に[お譲りください|使っていただいて構いません]。
        == noise=騒音
        [I could not sleep in|Nobody can sleep in] {x} because of the [music|traffic|neighbours].
        The people next to {x} [shouted all night|had a party until three].
        {x} is [far too loud|so noisy that we cannot rest].
        There was drilling outside {x} [all morning|from six o'clock].
        {x}は[音楽|車の音]がうるさくて眠れませんでした。
        {x}の隣の人が[一晩中騒いで|朝まで大声を出して]いました。
        {x}の外の工事の音が[ひどいです|大きすぎます]。
        夜中ずっと騒がしくて、{x}では[休めません|一睡もできませんでした]。
        == forgotten=忘れ物
        I left my [glasses|charger|scarf] in {x}.
        Did the cleaners find [a ring|a blue coat] in {x}?
        After we checked out of {x}, my [watch|passport] was missing.
        [Please send me|Please post] the jacket that I forgot in {x}.
        {x}に[眼鏡|充電器|マフラー]を忘れました。
        {x}で[指輪|青いコート]は見つかりませんでしたか。
        {x}に置いてきた[上着|時計]を送ってもらえますか。
        {x}を出たあと、[財布|パスポート]がないことに気づきました。
        == breakfast=朝食
        [Is breakfast included|Do we get breakfast] with {x}?
        Until what time [do you serve|can we have] breakfast for guests of {x}?
        Could you bring [coffee and rolls|a vegetarian breakfast] to {x} in the morning?
        The guests of {x} [do not eat eggs|would like to eat early, at six].
        {x}には朝食が[付いていますか|含まれますか]。
        {x}に[朝、コーヒーとパンを|菜食の朝食を]届けてもらえますか。
        {x}の宿泊客は朝食を何時まで[食べられますか|取れますか]。
        {x}の者ですが、朝ごはんを[六時に|早めに]お願いできますか。
        """);

    private static Domain Clinic => Domain.Parse("""
        name: clinic=診療所
        things: products
        kinds: medicine=薬; ointment=塗り薬; cough syrup=咳止め; vitamin=ビタミン剤
        codes: patient number=患者番号; chart number=診察券番号
        == prescription=処方
        I need a new prescription for {x}, [please|if possible].
        I have [only two tablets left of|almost no more of] {x}.
        [Can the doctor|Could you] prescribe {x} [again|for another month]?
        Please send the recipe for {x} to my pharmacy.
        {x}の処方箋を[もう一度|また]お願いします。
        {x}が[あと二日分|残りわずか]です。また処方してください。
        {x}を[もう一か月分|続けて]出してもらえますか。
        {x}の処方を薬局に[送って|届けて]ください。
        == side effect=副作用
        Since I take {x}, my [head hurts|skin itches|hands shake].
        {x} makes me [dizzy|feel sick|very sleepy].
        I got [a rash|stomach ache] after [swallowing|using] {x}.
        Is it normal that {x} [keeps me awake|gives me a fever]?
        {x}を飲んでから[頭が痛いです|肌がかゆいです|手が震えます]。
        {x}を使うと[めまいがします|吐き気がします|とても眠くなります]。
        {x}のあと[発疹が出ました|お腹が痛くなりました]。
        {x}で[眠れなくなる|熱が出る]のは普通ですか。
        == dosage=用量
        How [many times a day|often] should I take {x}?
        [Before or after meals|With water or with milk]: how do I take {x}?
        How much of {x} [may a child have|is right for my son]?
        I forgot {x} this morning; [shall I take two now|should I double it]?
        {x}は一日に何回[飲みますか|使えばいいですか]。
        {x}は食前ですか、[食後|食間]ですか。
        子供には{x}を[どのくらい|何錠]飲ませますか。
        今朝{x}を飲み忘れました。二回分[飲んでもいいですか|まとめて飲むべきですか]。
        == results=検査結果
        [Are the results of|Have you got] my blood test [back|from last week]?
        When will I [hear|know] what the X-ray showed?
        [Please tell me|I am waiting to hear] how my test turned out.
        The laboratory said that you have my results.
        血液検査の結果は[出ましたか|もう届きましたか]。
        レントゲンの結果は[いつ分かりますか|どうでしたか]。
        先週の検査の結果を[知りたい|聞きたい]です。
        検査の[報告|結果]を待っています。
        == vaccination=予防接種
        [I would like|My mother needs] a flu shot.
        Do you give the [measles|travel] vaccine to [children|adults]?
        [Which|What] jabs does my baby need [this year|before the trip]?
        My last tetanus vaccination was ten years ago.
        インフルエンザの[予防接種|ワクチン]を受けたいです。
        子供に[はしか|水ぼうそう]のワクチンは打てますか。
        旅行の前に[どの注射|どんな予防接種]が必要ですか。
        最後の破傷風の注射は十年前です。
        """);

    private static Domain Bakery => Domain.Parse("""
        name: bakery=パン屋
        things: products
        kinds: cake=ケーキ; tart=タルト; loaf=食パン; bun=菓子パン; pie=パイ
        codes: slip number=伝票番号; pick-up number=引換番号
        == cake order=ケーキの注文
        I would like {x} for [a birthday|my wedding|ten people].
        [Please make|We need] {x} with [the name Mia|seven candles] on it.
        Can I [order|have] {x} for [Sunday|my son's party]?
        Would you prepare {x} for our office party?
        [誕生日|結婚式]のために{x}を[作って|焼いて]ください。
        {x}に[名前|ろうそく七本]を付けて[作れますか|お願いします]。
        [日曜日|パーティー]に{x}を[頼みたい|注文したい]です。
        十人分の{x}を[お願いします|焼いてもらえますか]。
        == ingredients=原材料
        Does {x} contain [nuts|milk|eggs]?
        [What is in|What do you put into] {x}?
        My child [cannot eat wheat|is allergic to eggs]; is {x} safe?
        Is {x} made [without butter|with real cream]?
        {x}に[ナッツ|牛乳|卵]は入っていますか。
        {x}の材料は[何ですか|何を使っていますか]。
        子供が[小麦|卵]アレルギーですが、{x}は食べられますか。
        {x}は[バターを使わずに|本物のクリームで]作っていますか。
        == stale goods=品質
        {x} was [dry|hard as stone|stale].
        I found [a hair|mould] in {x}.
        {x} that you sold me [tasted sour|was burnt at the bottom].
        The cream on {x} had gone off.
        {x}が[固くて|古くて]食べられませんでした。
        {x}に[髪の毛|かび]が付いていました。
        買った{x}が[焦げて|酸っぱくなって]いました。
        {x}のクリームが[傷んで|変な味がして]いました。
        == opening hours=営業時間
        [When|At what time] do you open [on Sundays|tomorrow]?
        Are you [open|closed] [on public holidays|on Monday mornings]?
        How late can I [come in|buy bread] in the evening?
        Do you shut for lunch?
        [日曜日|明日]は何時に開きますか。
        [祝日|月曜の朝]は開いていますか。
        夜は何時まで[買えますか|やっていますか]。
        昼休みはありますか。
        == compliment=お褒め
        {x} was the best I [ever had|have eaten in years]!
        Everybody at the party loved {x}.
        [My compliments|Thank you so much]: {x} was [delicious|a dream].
        We [still talk about|cannot forget] {x}; what a taste!
        {x}は今までで一番[おいしかった|すばらしかった]です。
        みんな{x}に[大喜び|感動]でした。
        {x}、本当に[おいしかったです|最高でした]。ありがとう。
        {x}の味が[忘れられません|今も話題です]。
        """);

    private static Domain Cinema => Domain.Parse("""
        name: cinema=映画館
        things: titles
        kinds: film=映画; cartoon=アニメ; documentary=記録映画; comedy=喜劇
        codes: ticket number=チケット番号; seat code=座席番号
        == showtimes=上映時間
        [When|At what time] does {x} [start|begin] [tonight|on Friday]?
        Is {x} shown in the [morning|afternoon] too?
        Until which day [is {x} running|do you show {x}]?
        How long [does {x} last|is {x} without the adverts]?
        {x}は[今夜|金曜日]何時に始まりますか。
        {x}は[午前|午後]にも上映しますか。
        {x}は[いつまで|何日まで]やっていますか。
        {x}の上映は何分ですか。
        == seats=座席
        Are there [two seats together|seats in the last row] for {x}?
        [Could we move|May I move] to [the front|an aisle seat] for {x}?
        My [mother|friend] uses a wheelchair; where can she sit for {x}?
        For {x} we were put in different rows.
        {x}で[二人並んだ席|最後列の席]はありますか。
        {x}の席を[通路側|前の方]に変えられますか。
        車椅子の[母|友人]は{x}をどこで見られますか。
        {x}で家族の席が[離れて|別の列になって]しまいました。
        == refund=返金
        [I want my money back|Please give me my money back]: {x} [was cancelled|stopped in the middle].
        [Can you refund|Will you refund] my tickets for {x}?
        I was charged twice for {x} and [want one back|would like the money returned].
        We paid for {x} but [could not come|were ill]; do we get anything back?
        {x}が中止になったので[返金して|お金を返して]ください。
        {x}のチケット代は[返してもらえますか|戻りますか]。
        {x}の料金を二回[引き落とされました|請求されました]。一回分を返してください。
        {x}に行けませんでした。払い戻しは[できますか|ありますか]。
        == sound=音響
        The sound of {x} was [much too loud|hardly to be heard].
        During {x} the [left speaker crackled|voices did not match the lips].
        I [could not hear|did not understand] a word of {x} [in the back row|because of an echo].
        The music in {x} drowned the voices.
        {x}の音が[大きすぎました|ほとんど聞こえませんでした]。
        {x}の間、[左のスピーカーが割れて|声がずれて]いました。
        後ろの席では{x}のせりふが[聞き取れません|聞こえません]でした。
        {x}は音楽で声が[かき消されていました|聞こえませんでした]。
        == snacks=売店
        The popcorn I had with {x} was [cold|too salty].
        [May I|Can we] bring our own [drinks|food] to {x}?
        Do you sell [ice cream|tea] before {x}?
        The queue for snacks was so long that I missed the start of {x}.
        {x}の時に買ったポップコーンが[冷めていました|しょっぱすぎました]。
        {x}に[飲み物|食べ物]を持ち込めますか。
        {x}の前に[アイス|お茶]は買えますか。
        売店の列が長くて{x}の始まりを[見逃しました|見られませんでした]。
        """);
}
