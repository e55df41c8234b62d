using System.Text;

namespace FineTuneKit.Lab.World;

/// <summary>
/// Invented names of products, people, places and works, and reference codes: spaces far too large to learn by heart,
/// so a model must copy. Each name's invented word, and each code, belongs to one <see cref="Side"/>.
/// </summary>
public static class Names
{
    private static readonly string[] Onsets =
        ("b c d f g h j k l m n p r s t v w y z b d f g k l m n p r s t v b d f g k l m n p r s t v " +
         "br ch cl cr dr fl fr gl gr kr pl pr qu sh sk sl sp st sw th tr tw vl zh").Split(' ');

    private static readonly string[] Nuclei = "a e i o u a e i o u a e i o u a e i o ai au ea ee ia ie io oo ou y".Split(' ');
    private static readonly string[] Codas = "l n r s m x k t nd rt lk st rn sh ck p v".Split(' ');
    private static readonly string[] Endings = "a o us is en or ix um in el ar ia eo ette yn ax on er ine ora ique i".Split(' ');

    private static readonly string[] Kana =
        ("ア イ ウ エ オ カ キ ク ケ コ サ シ ス セ ソ タ チ ツ テ ト ナ ニ ヌ ネ ノ ハ ヒ フ ヘ ホ マ ミ ム メ モ ヤ ユ ヨ ラ リ ル レ ロ ワ " +
         "ガ ギ グ ゲ ゴ ザ ジ ズ ゼ ゾ ダ デ ド バ ビ ブ ベ ボ パ ピ プ ペ ポ シャ シュ ショ チャ チュ チョ ジャ ジュ ジョ ファ フィ フェ フォ ヴァ ヴィ ヴェ ティ ディ リュ キャ ミュ").Split(' ');

    private static readonly string[] Suffixes = "Light Plus Pro Mini Max One Air Classic Sport Junior Duo Neo XT ZR MK LX".Split(' ');
    private static readonly string[] KanaSuffixes = "ライト プラス プロ ミニ マックス ワン エア クラシック スポーツ ジュニア デュオ ネオ".Split(' ');
    private static readonly string[] Prefixes = "City Royal Blue Silver Urban Grand North Little Happy Green".Split(' ');

    private static readonly Term[] TitleNouns = Term.Parse("""
        garden=庭; river=川; house=家; island=島; clock=時計; letter=手紙; night=夜; song=歌; road=道; winter=冬; mirror=鏡;
        tower=塔; forest=森; door=扉; star=星; bridge=橋; secret=秘密; lighthouse=灯台; rain=雨; moon=月
        """);

    private static readonly string[] Given =
        ("Anna Ben Clara David Emma Felix Grace Henry Irene Jack Karen Leo Maria Nora Oscar Paul Rosa Sam Tina Victor " +
         "Alice Bruno Carla Dylan Elena Frank Gina Hugo Ivy Jonas Kate Lucas Mia Noah Olivia Peter Ruth Simon Tom Vera " +
         "Amir Bella Cora Dora Eric Fiona Greta Harold Iris James Linda Martin Nina Otto Rita Sarah Tara Walter Yara Zoe").Split(' ');

    private static readonly string[] Surnames =
        ("佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 " +
         "阿部 石川 前田 藤田 小川 岡田 後藤 長谷川 村上 近藤 石井 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 岡本 松田 中島 中野 原田").Split(' ');

    private const string CodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ";

    // A capital stands for a letter, a 0 for a digit; the first shape is the commonest of the world.
    private static readonly string[] CodeShapes =
        ["AA00000", "AA00000", "AA00000", "AA00000", "AA0000", "A0000", "AAA-000", "AA-0000", "A00-000", "000-AA", "AAA0000", "0000A", "A-00000", "AA000000", "AAA00", "00-AA-00"];

    /// <summary>An invented word in Latin letters with a capital, such as <c>Velmora</c>; 4 to 10 letters.</summary>
    public static string Latin(NamedRandom random, Side side) => Until(side, random, LatinWord);

    /// <summary>An invented word in katakana, such as <c>ベルモラ</c>.</summary>
    public static string Katakana(NamedRandom random, Side side) => Until(side, random, KatakanaWord);

    /// <summary>An invented word in lower case, shorter than a name, such as <c>zib</c>.</summary>
    public static string Nonsense(NamedRandom random, Side side) => Until(side, random, NonsenseWord);

    /// <summary>The name of a thing on sale, such as <c>Velmora 320</c> or <c>ベルモラ・ライト</c>.</summary>
    public static string Product(NamedRandom random, Side side, Tongue tongue)
    {
        bool latin = tongue == Tongue.English || random.Chance(0.4);
        string word = latin ? Latin(random, side) : Katakana(random, side);
        return random.Next(12) switch
        {
            0 or 1 or 2 or 3 => latin || random.Chance(0.3) ? $"{word} {ModelNumber(random)}" : $"{word}{ModelNumber(random)}",
            4 => latin ? $"{word} {random.Pick(Suffixes)}" : $"{word}・{random.Pick(KanaSuffixes)}",
            5 => latin ? $"{random.Pick(Prefixes)} {word}" : $"{word}{random.Pick(KanaSuffixes)}",
            6 => $"{word}{(latin ? " " : "")}{CodeLetters[random.Next(CodeLetters.Length)]}{random.Next(1, 10)}",
            7 => latin ? $"{word} {Latin(random, side)}" : $"{word}・{Katakana(random, side)}",
            _ => word,
        };
    }

    /// <summary>The title of a book, a film or a course.</summary>
    public static string Title(NamedRandom random, Side side, Tongue tongue)
    {
        var noun = random.Pick(TitleNouns);
        if (tongue == Tongue.Japanese)
        {
            string name = random.Chance(0.8) ? Katakana(random, side) : Latin(random, side);
            return random.Next(3) switch { 0 => $"{name}の{noun.Japanese}", 1 => $"{noun.Japanese}と{name}", _ => $"{name}{noun.Japanese}" };
        }
        string word = Latin(random, side);
        string capital = noun.English.Capitalised();
        return random.Next(4) switch { 0 => $"{capital} of {word}", 1 => $"{word} {capital}", 2 => $"{word} and the {capital}", _ => $"My {word} {capital}" };
    }

    /// <summary>A person: common names and invented ones; in Japanese with さん.</summary>
    public static string Person(NamedRandom random, Side side, Tongue tongue)
    {
        if (tongue == Tongue.English) return random.Chance(0.5) ? Until(side, random, r => r.Pick(Given)) : Latin(random, side);
        return (random.Chance(0.6) ? Until(side, random, r => r.Pick(Surnames)) : Katakana(random, side)) + "さん";
    }

    /// <summary>A reference code, such as <c>KD48213</c>, <c>QX-1947</c> or <c>T0386</c>.</summary>
    public static string Code(NamedRandom random, Side side) => Until(side, random, CodeWord);

    /// <summary>True where the code is just so many letters and then so many digits.</summary>
    public static bool IsPlainCode(string code, int letters, int digits) =>
        code.Length == letters + digits && code[..letters].All(char.IsAsciiLetterUpper) && code[letters..].All(char.IsAsciiDigit);

    private static string Until(Side side, NamedRandom random, Func<NamedRandom, string> draw)
    {
        string word;
        do word = draw(random); while (!side.Has(word));
        return word;
    }

    private static string LatinWord(NamedRandom random)
    {
        var word = new StringBuilder();
        int syllables = random.Chance(0.6) ? 1 : 2;
        for (int i = 0; i < syllables; i++)
        {
            word.Append(random.Pick(Onsets)).Append(random.Pick(Nuclei));
            if (random.Chance(0.3)) word.Append(random.Pick(Codas));
        }
        if (syllables == 1 || random.Chance(0.8)) word.Append(random.Pick(Onsets)).Append(random.Pick(Endings));
        word[0] = char.ToUpperInvariant(word[0]);
        return word.ToString();
    }

    private static string KatakanaWord(NamedRandom random)
    {
        var word = new StringBuilder();
        int length = random.Next(2, 5);
        for (int i = 0; i < length; i++)
        {
            word.Append(random.Pick(Kana));
            double mark = random.NextDouble();
            if (mark < 0.12) word.Append('ー');
            else if (mark < 0.22) word.Append('ン');
            else if (mark < 0.25 && i + 1 < length) word.Append('ッ');
        }
        if (length == 2) word.Append(random.Pick(Kana));
        return word.ToString();
    }

    private static string NonsenseWord(NamedRandom random)
    {
        string word = random.Pick(Onsets) + random.Pick(Nuclei);
        if (random.Chance(0.5)) word += random.Pick(Codas);
        return word.Length < 3 || random.Chance(0.4) ? word + random.Pick(Onsets) + random.Pick(Nuclei) : word;
    }

    private static string ModelNumber(NamedRandom random) => random.Next(4) switch
    {
        0 => (random.Next(1, 100) * 10).ToString(),
        1 => random.Next(2, 10).ToString(),
        2 => (random.Next(10, 100) * 100).ToString(),
        _ => random.Next(10, 1000).ToString(),
    };

    private static string CodeWord(NamedRandom random)
    {
        char[] code = random.Pick(CodeShapes).ToCharArray();
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i] == 'A') code[i] = CodeLetters[random.Next(CodeLetters.Length)];
            else if (code[i] == '0') code[i] = (char)('0' + random.Next(10));
        }
        return new string(code);
    }
}
