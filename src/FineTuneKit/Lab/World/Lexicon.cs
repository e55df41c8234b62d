namespace FineTuneKit.Lab.World;

/// <summary>A group of nouns with its own name, such as the animals.</summary>
public sealed record NounGroup(Term Name, Term[] Nouns);

/// <summary>The common words of the mini world, each with one counterpart in the other language.</summary>
public static class Lexicon
{
    /// <summary>Nouns by kind; every English and every Japanese noun occurs once.</summary>
    public static IReadOnlyList<NounGroup> Groups { get; } =
    [
        Group("animal=動物", """
            dog=犬; cat=猫; horse=馬; cow=牛; pig=豚; sheep=羊; goat=ヤギ; rabbit=ウサギ; mouse=ネズミ; bear=熊; fox=キツネ; wolf=オオカミ;
            monkey=猿; elephant=象; lion=ライオン; tiger=虎; bird=鳥; duck=アヒル; crow=カラス; owl=フクロウ; frog=カエル; snake=蛇; turtle=亀;
            whale=クジラ; squirrel=リス; deer=鹿; bee=蜂; ant=アリ; spider=クモ; butterfly=蝶
            """),
        Group("food=食べ物", """
            apple=リンゴ; orange=ミカン; banana=バナナ; grape=ブドウ; peach=桃; strawberry=イチゴ; lemon=レモン; melon=メロン; onion=玉ねぎ;
            carrot=ニンジン; potato=ジャガイモ; tomato=トマト; cabbage=キャベツ; mushroom=キノコ; bean=豆; rice=米; bread=パン; egg=卵; meat=肉;
            cheese=チーズ; butter=バター; salt=塩; sugar=砂糖; honey=蜂蜜; soup=スープ; cake=ケーキ; cookie=クッキー; noodle=麺; salad=サラダ; sandwich=サンドイッチ
            """),
        Group("drink=飲み物", "water=水; tea=お茶; coffee=コーヒー; milk=牛乳; juice=ジュース; beer=ビール; wine=ワイン; cocoa=ココア"),
        Group("clothing=衣類", """
            shirt=シャツ; coat=コート; hat=帽子; shoe=靴; sock=靴下; glove=手袋; scarf=マフラー; belt=ベルト; skirt=スカート; jacket=ジャケット;
            dress=ドレス; boot=ブーツ; tie=ネクタイ; sweater=セーター; uniform=制服; umbrella=傘
            """),
        Group("vehicle=乗り物", """
            car=車; bus=バス; train=電車; ship=船; boat=ボート; plane=飛行機; bicycle=自転車; truck=トラック; taxi=タクシー; ambulance=救急車;
            helicopter=ヘリコプター; motorbike=バイク; tricycle=三輪車; subway=地下鉄
            """),
        Group("part=部品", """
            wheel=車輪; tyre=タイヤ; brake=ブレーキ; saddle=サドル; pedal=ペダル; chain=チェーン; bell=ベル; basket=かご; helmet=ヘルメット;
            pump=空気入れ; screw=ねじ; spring=ばね; lock=鍵; handle=取っ手; engine=エンジン; battery=電池; cable=ケーブル; switch=スイッチ
            """),
        Group("furniture=家具", """
            table=テーブル; chair=椅子; desk=机; bed=ベッド; sofa=ソファ; shelf=棚; lamp=ランプ; mirror=鏡; curtain=カーテン; carpet=じゅうたん;
            drawer=引き出し; cushion=クッション; blanket=毛布; pillow=枕; clock=時計; vase=花瓶
            """),
        Group("tool=道具", """
            hammer=金づち; knife=ナイフ; scissors=はさみ; rope=ロープ; needle=針; ladder=はしご; bucket=バケツ; broom=ほうき; shovel=シャベル;
            key=キー; saw=のこぎり; brush=ブラシ; net=網; candle=ろうそく; torch=懐中電灯; spoon=スプーン; fork=フォーク; pot=鍋; cup=コップ; plate=皿; bottle=瓶; kettle=やかん
            """),
        Group("nature=自然", """
            mountain=山; river=川; sea=海; lake=湖; forest=森; island=島; sky=空; star=星; moon=月; sun=太陽; rain=雨; snow=雪; wind=風; cloud=雲;
            stone=石; sand=砂; tree=木; flower=花; leaf=葉; grass=草; fire=火; ice=氷; field=畑; valley=谷; waterfall=滝; beach=浜辺; storm=嵐; rainbow=虹
            """),
        Group("building=建物", """
            house=家; school=学校; hospital=病院; library=図書館; station=駅; church=教会; temple=寺; castle=城; tower=塔; bridge=橋; factory=工場;
            museum=博物館; hotel=ホテル; shop=店; bank=銀行; theatre=劇場; airport=空港; market=市場; bakery=パン屋; garage=車庫; prison=刑務所; stadium=競技場
            """),
        Group("job=職業", """
            teacher=先生; doctor=医者; nurse=看護師; farmer=農家; cook=料理人; driver=運転手; singer=歌手; painter=画家; lawyer=弁護士; writer=作家;
            carpenter=大工; soldier=兵士; baker=パン職人; pilot=操縦士; dentist=歯医者; actor=俳優; engineer=技師; waiter=給仕; fisherman=漁師; barber=床屋; student=学生; clerk=店員
            """),
        Group("stationery=文房具", """
            book=本; pen=ペン; pencil=鉛筆; notebook=ノート; paper=紙; eraser=消しゴム; ruler=定規; letter=手紙; stamp=切手; envelope=封筒; map=地図;
            dictionary=辞書; newspaper=新聞; magazine=雑誌; calendar=カレンダー; ticket=切符; bag=かばん; box=箱; card=カード; photo=写真
            """),
        Group("instrument=楽器", "piano=ピアノ; guitar=ギター; violin=バイオリン; drum=太鼓; flute=フルート; trumpet=トランペット; harp=ハープ; organ=オルガン"),
        Group("body part=体の部分", """
            head=頭; hand=手; foot=足; eye=目; ear=耳; nose=鼻; mouth=口; tooth=歯; neck=首; finger=指; knee=膝; shoulder=肩; back=背中; heart=心臓; hair=髪
            """),
        Group("sport=スポーツ", "football=サッカー; baseball=野球; tennis=テニス; swimming=水泳; skiing=スキー; boxing=ボクシング; golf=ゴルフ; judo=柔道; rowing=ボート競技; cycling=自転車競技"),
        Group("machine=機械", """
            computer=パソコン; telephone=電話; camera=カメラ; television=テレビ; radio=ラジオ; printer=プリンター; refrigerator=冷蔵庫; robot=ロボット;
            heater=暖房器具; fan=扇風機; washing machine=洗濯機; vacuum cleaner=掃除機; microwave=電子レンジ; calculator=電卓; headphones=ヘッドホン
            """),
    ];

    /// <summary>All nouns.</summary>
    public static IReadOnlyList<Term> Nouns { get; } = [.. Groups.SelectMany(g => g.Nouns)];

    /// <summary>Colours; the Japanese form stands before a noun.</summary>
    public static IReadOnlyList<Term> Colours { get; } = Term.Parse("""
        red=赤い; blue=青い; white=白い; black=黒い; yellow=黄色い; green=緑の; purple=紫の; brown=茶色の; grey=灰色の; pink=ピンクの;
        golden=金色の; silver=銀色の; sky-blue=水色の; navy=紺色の
        """);

    /// <summary>Adjectives other than colours; the Japanese form stands before a noun.</summary>
    public static IReadOnlyList<Term> Adjectives { get; } = Term.Parse("""
        big=大きい; small=小さい; new=新しい; old=古い; long=長い; short=短い; heavy=重い; lightweight=軽い; expensive=高価な; cheap=安い; tall=背の高い;
        fast=速い; slow=遅い; quiet=静かな; noisy=うるさい; beautiful=美しい; cute=かわいい; clean=きれいな; dirty=汚い; warm=温かい; cold=冷たい; hot=熱い;
        strong=強い; weak=弱い; round=丸い; square=四角い; thick=厚い; thin=薄い; deep=深い; bright=明るい; dark=暗い; hard=硬い; soft=柔らかい; sweet=甘い;
        strange=不思議な; famous=有名な; safe=安全な; dangerous=危険な; broken=壊れた; wooden=木製の; plastic=プラスチックの; glass=ガラスの; iron=鉄の;
        important=大切な; simple=簡単な; difficult=難しい; interesting=面白い; useful=便利な; rare=珍しい; kind=親切な; young=若い; good=良い; bad=悪い;
        wide=広い; narrow=狭い; favourite=お気に入りの; empty=空っぽの; sharp=鋭い; smooth=滑らかな; popular=人気の; local=地元の; foreign=外国の; modern=現代的な;
        lost=なくした; wet=濡れた; dry=乾いた; folded=折りたたんだ; hidden=隠された; electric=電動の; secret=秘密の
        """);

    /// <summary>Owners, as they stand before a noun in both languages.</summary>
    public static IReadOnlyList<Term> Owners { get; } = Term.Parse("""
        my=私の; our=私たちの; your=あなたの; his=彼の; her=彼女の; the teacher's=先生の; the doctor's=医者の; my friend's=友達の; my mother's=母の; my father's=父の;
        the child's=子供の; the king's=王様の; the neighbour's=隣人の; today's=今日の; yesterday's=昨日の
        """);

    /// <summary>Months, January first.</summary>
    public static IReadOnlyList<Term> Months { get; } = Term.Parse("""
        January=1月; February=2月; March=3月; April=4月; May=5月; June=6月; July=7月; August=8月; September=9月; October=10月; November=11月; December=12月
        """);

    /// <summary>Weekdays, Monday first.</summary>
    public static IReadOnlyList<Term> Weekdays { get; } = Term.Parse("""
        Monday=月曜日; Tuesday=火曜日; Wednesday=水曜日; Thursday=木曜日; Friday=金曜日; Saturday=土曜日; Sunday=日曜日
        """);

    /// <summary>Colours as values: the Japanese form stands alone.</summary>
    public static IReadOnlyList<Term> ColourNames { get; } = Term.Parse("""
        red=赤; blue=青; white=白; black=黒; yellow=黄色; green=緑; purple=紫; brown=茶色; grey=灰色; pink=ピンク; gold=金色; silver=銀色; sky blue=水色; navy=紺色;
        dark green=深緑; dark red=えんじ色; orange=オレンジ色; cream=クリーム色
        """);

    /// <summary>Materials as values.</summary>
    public static IReadOnlyList<Term> Materials { get; } = Term.Parse("""
        steel=鋼; iron=鉄; wood=木; glass=ガラス; cotton=綿; leather=革; wool=ウール; paper=紙; plastic=プラスチック; silk=絹; rubber=ゴム; stone=石; copper=銅; aluminium=アルミ; bamboo=竹
        """);

    /// <summary>Towns and countries.</summary>
    public static IReadOnlyList<Term> Cities { get; } = Term.Parse("""
        Tokyo=東京; Osaka=大阪; Kyoto=京都; Nagoya=名古屋; Sapporo=札幌; Kobe=神戸; Nara=奈良; Sendai=仙台; Fukuoka=福岡; Hiroshima=広島; London=ロンドン; Paris=パリ;
        Rome=ローマ; Berlin=ベルリン; Madrid=マドリード; Vienna=ウィーン; Lisbon=リスボン; Dublin=ダブリン; Oslo=オスロ; Cairo=カイロ; Lima=リマ; Toronto=トロント; Sydney=シドニー; Boston=ボストン
        """);

    /// <summary>Countries of origin.</summary>
    public static IReadOnlyList<Term> Countries { get; } = Term.Parse("""
        Japan=日本; Italy=イタリア; France=フランス; Germany=ドイツ; Spain=スペイン; Canada=カナダ; India=インド; China=中国; Brazil=ブラジル; Sweden=スウェーデン; Egypt=エジプト; Kenya=ケニア; Peru=ペルー; Korea=韓国
        """);

    /// <summary>Hobbies as values.</summary>
    public static IReadOnlyList<Term> Hobbies { get; } = Term.Parse("""
        fishing=釣り; cooking=料理; reading=読書; dancing=ダンス; painting=絵画; gardening=園芸; chess=チェス; swimming=水泳; climbing=登山; photography=写真; knitting=編み物; singing=歌; cycling=サイクリング; travel=旅行
        """);

    private static NounGroup Group(string name, string nouns) => new(Term.Parse(name)[0], Term.Parse(nouns));
}
