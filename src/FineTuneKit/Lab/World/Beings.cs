namespace FineTuneKit.Lab.World;

/// <summary>The kinds of beings that passages, forms and questions tell of.</summary>
public static class Beings
{
    private static readonly FactKind Price = Kind("price=価格", "costs {v}|is sold for {v}|has a price of {v}", """
        How much does {n} cost?
        What does {n} cost?
        {n}はいくらですか。
        {n}の値段は？
        """, (r, _) => Money(r));

    private static readonly FactKind Colour = Kind("colour=色", "is {v}|comes in {v}|is painted {v}", """
        Which colour is {n}?
        What colour does {n} have?
        {n}は何色ですか。
        """, (r, _) => r.Pick(Lexicon.ColourNames));

    private static readonly FactKind Delivery = Kind("delivery=納期", "arrives in {v}|is delivered in {v}|ships in {v}", """
        How long does the delivery of {n} take?
        When does {n} arrive?
        {n}は何日で届きますか。
        {n}の配達にはどのくらいかかりますか。
        """, (r, _) => Counted(r, 2, 29, "days", "日"));

    private static readonly FactKind Weight = Kind("weight=重さ", "weighs {v}|has a weight of {v}", """
        How heavy is {n}?
        How much does {n} weigh?
        {n}はどのくらい重いですか。
        """, (r, _) => Counted(r, 2, 99, "kg", "キロ"));

    private static readonly FactKind Material = Kind("material=素材", "is made of {v}|consists of {v}", """
        What is {n} made of?
        {n}は何でできていますか。
        """, (r, _) => r.Pick(Lexicon.Materials));

    private static readonly FactKind Stock = Kind("stock=在庫", "has a stock of {v}|has {v} in stock", """
        How many pieces of {n} are in stock?
        {n}はあと何個ありますか。
        """, (r, _) => Counted(r, 2, 99, "pieces", "個"));

    private static readonly FactKind Maker = Kind("maker=メーカー", "is made by {v}|comes from the firm {v}", """
        Who makes {n}?
        {n}はどこが作っていますか。
        """, (r, s) => Invented(r, s));

    private static readonly FactKind Warranty = Kind("warranty=保証", "has a warranty of {v}|is under warranty for {v}", """
        How long is the warranty of {n}?
        {n}の保証は何か月ですか。
        """, (r, _) => Counted(r, 6, 60, "months", "か月"));

    private static readonly FactKind Origin = Kind("country=国", "comes from {v}|was made in {v}", """
        Where does {n} come from?
        {n}はどこの国のものですか。
        """, (r, _) => r.Pick(Lexicon.Countries));

    private static readonly FactKind Length = Kind("length=長さ", "is {v} long|measures {v}", """
        How long is {n}?
        {n}の長さは何センチですか。
        """, (r, _) => Counted(r, 15, 260, "cm", "センチ"));

    private static readonly FactKind Number = Kind("code=番号", "has the code {v}|is listed under {v}", """
        Under which code is {n} listed?
        {n}の番号を教えてください。
        """, (r, s) => Same(Names.Code(r, s)));

    private static readonly FactKind Age = Kind("age=年齢", "is {v} old|turned {v} old this year", """
        How old is {n}?
        {n}は何歳ですか。
        """, (r, _) => Counted(r, 18, 90, "years", "歳"));

    private static readonly FactKind Job = Kind("job=仕事", "works as {a} {v}|earns a living as {a} {v}", """
        What does {n} do for a living?
        What work does {n} do?
        {n}は何をしている人ですか。
        """, (r, _) => r.Pick(Lexicon.Groups[10].Nouns));

    private static readonly FactKind City = Kind("city=町", "lives in {v}|has a house in {v}", """
        Where does {n} live?
        In which city is the home of {n}?
        {n}はどこに住んでいますか。
        """, (r, _) => r.Pick(Lexicon.Cities));

    private static readonly FactKind Hobby = Kind("hobby=趣味", "loves {v}|spends weekends on {v}|is fond of {v}", """
        What does {n} like to do?
        {n}は休みの日に何をしますか。
        """, (r, _) => r.Pick(Lexicon.Hobbies));

    private static readonly FactKind Pet = Kind("pet=ペット", "has {a} {v} as a pet|keeps {a} {v}", """
        Which animal does {n} keep?
        {n}は何を飼っていますか。
        """, (r, _) => r.Pick(Lexicon.Groups[0].Nouns));

    private static readonly FactKind Dish = Kind("favourite food=好物", "names {v} as a favourite food|wants {v} for every meal", """
        What does {n} like to eat?
        {n}は何を食べるのが好きですか。
        """, (r, _) => r.Pick(Lexicon.Groups[1].Nouns));

    private static readonly FactKind Birthday = Kind("birthday=誕生日", "was born on {v}|has a birthday on {v}", """
        When is the birthday of {n}?
        {n}はいつ生まれましたか。
        """, (r, _) => MonthDay(r));

    private static readonly FactKind Opens = Kind("opening time=開始時刻", "opens at {v}|starts at {v}", """
        When does {n} open?
        At what time does {n} open?
        {n}は何時に開きますか。
        {n}は何時からですか。
        """, (r, _) => Clock(r, 6, 12));

    private static readonly FactKind Closes = Kind("closing time=終了時刻", "closes at {v}|is open until {v}", """
        When does {n} close?
        Until when is {n} open?
        {n}は何時に閉まりますか。
        {n}は何時までですか。
        """, (r, _) => Clock(r, 14, 23));

    private static readonly FactKind ClosedOn = Kind("closing day=定休日", "is closed on {v}|has its day off on {v}", """
        On which day is {n} closed?
        {n}は何曜日が休みですか。
        """, (r, _) => r.Pick(Lexicon.Weekdays));

    private static readonly FactKind Floor = Kind("floor=階", "is on {v}|can be found on {v}", """
        Where in the building is {n}?
        {n}は何階にありますか。
        """, (r, _) => FloorNumber(r));

    private static readonly FactKind Head = Kind("head=責任者", "is run by {v}|is led by {v}", """
        Who runs {n}?
        Who is in charge of {n}?
        {n}の担当は誰ですか。
        """, (r, s) => Invented(r, s));

    private static readonly FactKind Phone = Kind("phone=電話", "has the phone number {v}|answers the phone under {v}", """
        How do I call {n}?
        {n}の電話番号は？
        """, (r, _) => Same($"{r.Next(100, 1000)}-{r.Next(1000, 10000)}"));

    private static readonly FactKind Fee = Kind("fee=料金", "takes a fee of {v}|asks for {v}", """
        How much must I pay for {n}?
        {n}にはいくら払いますか。
        """, (r, _) => Money(r));

    private static readonly FactKind Limit = Kind("limit=期限", "has a limit of {v}|is allowed for {v}", """
        How long is {n} allowed?
        {n}は何日以内ですか。
        """, (r, _) => Counted(r, 2, 90, "days", "日"));

    private static readonly FactKind Places = Kind("places=定員", "has room for {v}|takes {v}", """
        How many people fit into {n}?
        {n}は何人まで入れますか。
        """, (r, _) => Counted(r, 4, 400, "people", "人"));

    private static readonly Term[] HouseParts = Term.Parse("""
        the reading room=閲覧室; the car park=駐車場; the workshop=工房; the garden=庭園; the pool=プール; the front desk=受付; the café=喫茶室; the sauna=サウナ; the cloakroom=クローク;
        the playground=遊び場; the gallery=画廊; the ski rental=スキー貸出所; the archive=資料室; the gift shop=売店; the laundry=洗濯室; the music room=音楽室; the roof terrace=屋上; the kitchen=厨房
        """);

    private static readonly Term[] ServiceNouns = Term.Parse("pass=パス; plan=プラン; loan=ローン; tour=ツアー; card=カード; service=サービス; rental=レンタル");
    private static readonly Term[] PlaceSuffixes = Term.Parse("Hall=ホール; Park=公園; House=館; Market=市場; Inn=旅館; Café=カフェ; Tower=タワー; Gallery=画廊; Shop=商店");

    /// <summary>A thing on sale.</summary>
    public static BeingKind Product { get; } = new(One("product=商品"), IsPerson: false,
        [Price, Colour, Delivery, Weight, Material, Stock, Maker, Warranty, Origin, Length, Number], Names.Product);

    /// <summary>A person.</summary>
    public static BeingKind Person { get; } = new(One("person=人"), IsPerson: true, [Age, Job, City, Hobby, Pet, Dish, Birthday, Colour with
    {
        Key = One("favourite colour=好きな色"),
        Tell = Frame.Lines("likes the colour {v}\nalways wears {v}"),
        Ask = Frame.Lines("Which colour does {n} like?\n{n}は何色が好きですか。"),
    }], Names.Person);

    /// <summary>A shop or house with an invented name.</summary>
    public static BeingKind Place { get; } = new(One("place=場所"), IsPerson: false,
        [Opens, Closes, ClosedOn, Floor, Head, Phone, Fee, Places], (r, s, t) => t == Tongue.English ? Names.Latin(r, s) + PlaceSuffix(r, t) : (r.Chance(0.7) ? Names.Katakana(r, s) : Names.Latin(r, s)) + PlaceSuffix(r, t));

    /// <summary>A part of a house, as handbooks speak of it: plain words, no invented name.</summary>
    public static BeingKind HousePart { get; } = new(One("place=場所"), IsPerson: false,
        [Opens, Closes, ClosedOn, Floor, Head, Phone, Fee, Places], (r, _, t) => r.Pick(HouseParts).In(t));

    /// <summary>A service with its rules.</summary>
    public static BeingKind Service { get; } = new(One("service=サービス"), IsPerson: false,
        [Fee, Limit, Head, Phone, ClosedOn, Number], (r, s, t) => t == Tongue.English ? $"the {Names.Latin(r, s)} {r.Pick(ServiceNouns).English}" : $"{Names.Katakana(r, s)}{r.Pick(ServiceNouns).Japanese}");

    /// <summary>All kinds; products and persons count double.</summary>
    public static IReadOnlyList<BeingKind> All { get; } = [Product, Product, Product, Person, Person, Place, HousePart, Service];

    private static string PlaceSuffix(NamedRandom random, Tongue tongue) =>
        random.Chance(0.4) ? "" : tongue == Tongue.English ? " " + random.Pick(PlaceSuffixes).English : random.Pick(PlaceSuffixes).Japanese;

    private static FactKind Kind(string key, string tell, string ask, Func<NamedRandom, Side, Term> value) =>
        new(One(key), [.. tell.Split('|').Select(Frame.Parse)], Frame.Lines(ask), value);

    private static Term One(string pair) => Term.Parse(pair)[0];

    private static Term Same(string text) => new(text, text);

    private static Term Money(NamedRandom random)
    {
        int amount = random.Chance(0.5) ? random.Next(3, 100) : random.Next(10, 100) * 10 + (random.Chance(0.3) ? random.Next(10) : 0);
        return random.Chance(0.7) ? new Term($"{amount} dollars", $"{amount * 100}円") : new Term($"{amount} euros", $"{amount}ユーロ");
    }

    private static Term Counted(NamedRandom random, int from, int to, string english, string japanese)
    {
        int count = random.Next(from, to + 1);
        return new Term($"{count} {english}", $"{count}{japanese}");
    }

    private static Term Invented(NamedRandom random, Side side) => new(Names.Latin(random, side), Names.Katakana(random, side));

    private static Term FloorNumber(NamedRandom random)
    {
        int floor = random.Next(1, 40);
        return new Term($"floor {floor}", $"{floor}階");
    }

    private static Term Clock(NamedRandom random, int from, int to)
    {
        int hour = random.Next(from, to + 1), minute = random.Pick<int>([0, 0, 15, 30, 45]);
        return new Term($"{hour}:{minute:00}", minute == 0 ? $"{hour}時" : $"{hour}時{minute}分");
    }

    private static Term MonthDay(NamedRandom random)
    {
        int month = random.Next(12), day = random.Next(1, 29);
        return new Term($"{Lexicon.Months[month].English} {day}", $"{Lexicon.Months[month].Japanese}{day}日");
    }
}
