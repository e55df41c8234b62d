using System.Text;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>A thing that the shop sells. The name is what a ticket's <c>product</c> holds, letter for letter.</summary>
/// <param name="Name">An invented word and a model, in Latin letters or katakana; no two products share the word.</param>
/// <param name="Kind">What it is, in English.</param>
/// <param name="KindJapanese">What it is, in Japanese.</param>
/// <param name="IsBicycle">False for helmets, locks and other gear.</param>
/// <param name="PriceYen">The price with tax, in yen.</param>
/// <param name="Stock">Pieces in the shop.</param>
/// <param name="Colour">The colour, in English.</param>
/// <param name="ColourJapanese">The colour, in Japanese.</param>
public sealed record BicycleProduct(
    string Name, string Kind, string KindJapanese, bool IsBicycle, int PriceYen, int Stock, string Colour, string ColourJapanese);

/// <summary>What holds for the whole shop.</summary>
public static class ShopFacts
{
    /// <summary>Days in which goods can be returned.</summary>
    public const int ReturnDays = 30;

    /// <summary>The hour at which the shop opens.</summary>
    public const int OpensAt = 10;

    /// <summary>The hour at which the shop closes.</summary>
    public const int ClosesAt = 19;
}

/// <summary>Everything that the shop sells; invented, and always the same.</summary>
public static class Catalogue
{
    private static readonly (string English, string Japanese, int FromYen, int ToYen)[] Bicycles =
    [
        ("city bike", "シティバイク", 28, 75), ("road bike", "ロードバイク", 88, 320), ("folding bike", "折りたたみ自転車", 35, 120),
        ("e-bike", "電動自転車", 98, 290), ("mountain bike", "マウンテンバイク", 65, 260), ("touring bike", "ツーリング車", 90, 240),
        ("gravel bike", "グラベルバイク", 95, 280), ("cargo bike", "カーゴバイク", 120, 350), ("children's bike", "子ども用自転車", 15, 40),
    ];

    private static readonly (string English, string Japanese, int FromYen, int ToYen)[] Gear =
    [
        ("helmet", "ヘルメット", 5, 22), ("lock", "ロック", 2, 14), ("front light", "ライト", 2, 16), ("pump", "空気入れ", 2, 12),
        ("basket", "かご", 2, 9), ("child seat", "チャイルドシート", 12, 34), ("saddle", "サドル", 4, 25), ("pannier bag", "サイドバッグ", 5, 24),
    ];

    private static readonly (string English, string Japanese)[] Colours =
        [("black", "黒"), ("white", "白"), ("blue", "青"), ("red", "赤"), ("green", "緑"), ("grey", "灰色"), ("yellow", "黄色")];

    internal const int LatinBicycles = 324, LatinGear = 76, KatakanaBicycles = 128, KatakanaGear = 76;

    /// <summary>The products, by name in ordinal order.</summary>
    public static IReadOnlyList<BicycleProduct> Products { get; }

    private static readonly Dictionary<string, BicycleProduct> ByName;

    static Catalogue()
    {
        var random = new NamedRandom("support-desk/catalogue", 2026);
        var names = new ProductNames(random);
        List<BicycleProduct> products = [];
        void Add(int count, bool katakana, bool bicycle)
        {
            for (int i = 0; i < count; i++) products.Add(Draw(names.Next(katakana), bicycle, random));
        }
        Add(LatinBicycles, katakana: false, bicycle: true);
        Add(LatinGear, katakana: false, bicycle: false);
        Add(KatakanaBicycles, katakana: true, bicycle: true);
        Add(KatakanaGear, katakana: true, bicycle: false);
        Products = [.. products.OrderBy(p => p.Name, StringComparer.Ordinal)];
        ByName = Products.ToDictionary(p => p.Name);
    }

    /// <summary>The product of this exact name, or null.</summary>
    public static BicycleProduct? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The catalogue as JSON: what holds for the shop, then one product a line.</summary>
    public static string ToJson()
    {
        var json = new StringBuilder();
        json.Append($"{{\"shop\": {{\"opens_at\": {ShopFacts.OpensAt}, \"closes_at\": {ShopFacts.ClosesAt}, \"return_days\": {ShopFacts.ReturnDays}}},\n");
        json.Append("\"products\": [\n");
        // Every name here is letters, digits and spaces, so nothing needs an escape.
        json.AppendJoin(",\n", Products.Select(p =>
            $"{{\"name\": \"{p.Name}\", \"kind\": \"{p.Kind}\", \"kind_ja\": \"{p.KindJapanese}\", \"price_yen\": {p.PriceYen}, \"stock\": {p.Stock}, \"colour\": \"{p.Colour}\", \"colour_ja\": \"{p.ColourJapanese}\"}}"));
        return json.Append("\n]}\n").ToString();
    }

    internal static bool IsKatakana(BicycleProduct product) => product.Name[0] >= '\u30a0';

    private static BicycleProduct Draw(string name, bool bicycle, NamedRandom random)
    {
        (string english, string japanese, int from, int to) = random.Pick(bicycle ? Bicycles : Gear);
        (string colour, string colourJapanese) = random.Pick(Colours);
        int price = random.Next(from * 10, to * 10) * 100;
        int stock = random.Chance(0.25) ? 0 : random.Next(1, 16);
        return new BicycleProduct(name, english, japanese, bicycle, price, stock, colour, colourJapanese);
    }
}

/// <summary>Invented product names: a word of two or three syllables that no other name has, and a model.</summary>
internal sealed class ProductNames(NamedRandom random)
{
    private static readonly string[] Onsets =
        ["B", "Br", "D", "Dr", "F", "G", "Gl", "H", "J", "K", "Kr", "L", "M", "N", "P", "Pr", "R", "S", "St", "T", "Tr", "V", "Z"];

    private static readonly string[] Vowels = ["a", "e", "i", "o", "a", "e", "i", "o", "u", "ei", "au"];
    private static readonly string[] Middles = ["l", "r", "n", "d", "m", "v", "k", "t", "rn", "lm", "nd", "st", "rv", "nt", "sk", "z", "b"];
    private static readonly string[] Ends = ["a", "o", "is", "en", "ar", "ix", "on", "ek", "el", "os", "ia", "ur", "im", "at"];

    private static readonly string[] Kana =
    [
        "ア", "イ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ", "サ", "シ", "ス", "セ", "ソ", "タ", "テ", "ト", "ナ", "ニ", "ネ", "ノ", "ハ", "フ", "ヘ", "ホ",
        "マ", "ミ", "ム", "メ", "モ", "ラ", "リ", "ル", "レ", "ロ", "ガ", "ギ", "グ", "ゴ", "ザ", "ジ", "ゼ", "ダ", "デ", "ド", "バ", "ビ", "ブ", "ベ", "ボ",
        "パ", "ピ", "ペ", "ポ", "ヴァ", "ヴェ", "フィ", "フォ", "ティ", "チェ", "シャ", "リュ",
    ];

    private readonly List<string> _words = [];

    public string Next(bool katakana)
    {
        string word;
        do word = katakana ? KatakanaWord() : LatinWord();
        while (_words.Exists(other => Overlap(word, other)));
        _words.Add(word);
        string gap = katakana ? "" : " ";
        return word + gap + Model();
    }

    // Not only equal words: none may begin like another, or a name learnt would be half of a name tested.
    private static bool Overlap(string a, string b) =>
        a.Contains(b, StringComparison.OrdinalIgnoreCase) || b.Contains(a, StringComparison.OrdinalIgnoreCase);

    private string LatinWord()
    {
        string word = random.Pick(Onsets) + random.Pick(Vowels) + random.Pick(Middles);
        if (random.Chance(0.4)) word += random.Pick(Vowels) + random.Pick(Middles);
        return word + random.Pick(Ends);
    }

    private string KatakanaWord()
    {
        string word = random.Pick(Kana) + random.Pick(["", "ー", "ル", "ン", ""]) + random.Pick(Kana);
        if (random.Chance(0.7)) word += random.Pick(Kana);
        return word + random.Pick(["ン", "ス", "ル", "ク", "ト", "ア", "ナ", "ル"]);
    }

    private string Model() => random.Next(10) switch
    {
        < 5 => $"{random.Next(1, 100)}0",
        < 6 => $"{random.Next(2, 10)}",
        < 8 => $"{random.Pick(["R", "S", "X", "C", "T", "E"])}{random.Next(1, 10)}",
        _ => random.Pick(["GT", "SL", "RS", "XL", "EX", "LT"]),
    };
}
