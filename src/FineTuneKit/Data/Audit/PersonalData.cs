using System.Net;
using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>
/// Personal data by its form: e-mail, telephone (Japan, US, international, UK), post codes and addresses, cards (Luhn),
/// My Number and IBAN (check digits), US social security numbers, IP addresses, names that stand next to a title. Names
/// without a title are not looked for.
/// </summary>
internal static partial class PersonalData
{
    private const string Advice = "replace it by an invented value or a placeholder such as [EMAIL]: a model can recite what it was trained on";

    // Words that are written with a capital after a title and name nobody.
    private static readonly HashSet<string> NotNames = new(["President", "Chairman", "Speaker", "Minister", "Secretary", "Sir", "Madam", "Right", "Wrong", "Who", "And", "Or"], StringComparer.Ordinal);

    public static IReadOnlyList<SensitiveForm> Forms { get; } =
    [
        new("e-mail", Email(), _ => true),
        new("card number", Card(), m => Digits(m.Value) is { Length: >= 13 and <= 19 } d && CheckDigits.Luhn(d) && d.Distinct().Count() > 1, NeedsDigits: true),
        new("IBAN", IbanForm(), m => m.Value.Replace(" ", "", StringComparison.Ordinal) is { Length: >= 15 and <= 34 } i && CheckDigits.Iban(i), NeedsDigits: true),
        new("My Number", TwelveDigits(), m => CheckDigits.MyNumber(Digits(m.Value)), NeedsDigits: true),
        new("US social security number", SocialSecurity(), _ => true, NeedsDigits: true),
        new("telephone number", PhoneJapan(), m => Digits(m.Value).Length is 10 or 11, NeedsDigits: true),
        new("telephone number", PhoneUs(), _ => true, NeedsDigits: true),
        new("telephone number", PhoneInternational(), m => Digits(m.Value).Length is >= 9 and <= 15, NeedsDigits: true),
        new("telephone number", PhoneUk(), m => Digits(m.Value).Length is 10 or 11, NeedsDigits: true),
        new("post code", PostJapan(), _ => true, NeedsDigits: true),
        new("post code", PostUs(), _ => true, NeedsDigits: true),
        new("post code", PostUk(), _ => true, NeedsDigits: true),
        new("post code", PostEurope(), _ => true, NeedsDigits: true),
        new("address", AddressJapan(), _ => true),
        new("address", AddressEnglish(), _ => true),
        new("IP address", Ip4(), m => IPAddress.TryParse(m.Value, out IPAddress? ip) && !IPAddress.IsLoopback(ip) && m.Value != "0.0.0.0", NeedsDigits: true),
        new("IP address", Ip6(), m => IPAddress.TryParse(m.Value, out IPAddress? ip) && !IPAddress.IsLoopback(ip), NeedsDigits: true),
        new("name", NameEnglish(), m => !NotNames.Contains(m.Groups["value"].Value.Split(' ')[0])),
        new("name", NameJapanese(), _ => true),
    ];

    public static IEnumerable<Finding> Find(AuditedRows rows) => SensitiveFindings.Find(rows, AuditRules.PersonalData, Forms, Advice);

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    [GeneratedRegex(@"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,}")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![A-Za-z0-9-]|[0-9][ ])(?:[3-6][0-9]{12,18}|[3-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}|3[0-9]{3}([ -])[0-9]{6}\2[0-9]{4,5})(?![A-Za-z0-9-]|[ ][0-9])")]
    private static partial Regex Card();

    [GeneratedRegex(@"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")]
    private static partial Regex IbanForm();

    [GeneratedRegex(@"(?<![A-Za-z0-9-])[0-9]{4}([ -]?)[0-9]{4}\1[0-9]{4}(?![A-Za-z0-9-]|[ ][0-9])")]
    private static partial Regex TwelveDigits();

    [GeneratedRegex(@"(?<![0-9-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])")]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(@"(?<![A-Za-z0-9-])(?:\+81[ -]?[1-9]|0[1-9])[0-9]{0,3}[ -]?\(?[0-9]{1,4}\)?[ -]?[0-9]{4}(?![A-Za-z0-9-])")]
    private static partial Regex PhoneJapan();

    [GeneratedRegex(@"(?<![A-Za-z0-9-])(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\)[ ]?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[ .-][0-9]{4}(?![A-Za-z0-9-])")]
    private static partial Regex PhoneUs();

    [GeneratedRegex(@"(?<![A-Za-z0-9]|[0-9][ ])(?:\+|00)[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,5}\)?){2,6}(?![A-Za-z0-9])")]
    private static partial Regex PhoneInternational();

    [GeneratedRegex(@"(?<![A-Za-z0-9-])0[1-9][0-9]{2,3}[ ][0-9]{3,4}[ ]?[0-9]{3,4}(?![A-Za-z0-9-])")]
    private static partial Regex PhoneUk();

    [GeneratedRegex(@"(?:〒|郵便番号[はが:： ]*)\s*[0-9]{3}[-‐－]?[0-9]{4}(?![0-9])")]
    private static partial Regex PostJapan();

    [GeneratedRegex(@"(?:,\s*(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])|\b[Zz][Ii][Pp](?: code)?:?)\s+[0-9]{5}(?:-[0-9]{4})?(?![0-9])")]
    private static partial Regex PostUs();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?:[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])")]
    private static partial Regex PostUk();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}{2,3}[都道府県][\p{IsCJKUnifiedIdeographs}\p{IsHiragana}\p{IsKatakana}]{1,8}[市区町村郡][^\s、。]{0,16}?[0-9０-９一二三四五六七八九十]+(?:[-−丁番][0-9０-９]*)*")]
    private static partial Regex AddressJapan();

    [GeneratedRegex(@"(?<![A-Za-z0-9])[0-9]{1,5}[A-Za-z]? (?:[A-Z][A-Za-z'.]* ){1,3}(?:Street|St\.|Road|Rd\.|Avenue|Ave\.|Lane|Drive|Boulevard|Blvd\.|Court|Square|Terrace)(?![A-Za-z])")]
    private static partial Regex AddressEnglish();

    [GeneratedRegex(@"(?<![0-9A-Za-z.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?![0-9A-Za-z]|\.[0-9])")]
    private static partial Regex Ip4();

    [GeneratedRegex(@"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}|:)(?::[0-9A-Fa-f]{1,4})*(?![0-9A-Za-z:])")]
    private static partial Regex Ip6();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?:D|A|CH|F|B|L|NL|I|E)-(?:[0-9]{4,5}|[0-9]{4} ?[A-Z]{2})(?= [A-ZÄÖÜÉ][a-zäöüßé]+)|(?<![0-9.,-])[0-9]{5} (?:Berlin|Hamburg|München|Köln|Frankfurt|Stuttgart|Düsseldorf|Leipzig|Dresden|Hannover|Bremen|Paris|Lyon|Marseille|Toulouse|Nice|Nantes|Bordeaux|Lille|Madrid|Barcelona|Valencia|Sevilla|Roma|Milano|Torino|Napoli)(?![A-Za-z])|(?<![A-Za-z0-9])[1-9][0-9]{3} [A-Z]{2} (?:Amsterdam|Rotterdam|Den Haag|Utrecht|Eindhoven|Groningen)(?![A-Za-z])")]
    private static partial Regex PostEurope();

    [GeneratedRegex(@"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herr|Frau|Monsieur|Madame|Mme|Señora?)\b\.? (?<value>[A-ZÄÖÜÉ][a-zäöüßéèáíóúñç'’-]+(?: [A-ZÄÖÜÉ][a-zäöüßéèáíóúñç'’-]+){0,2})")]
    private static partial Regex NameEnglish();

    // Common surnames: the honorific follows many words that are no names.
    [GeneratedRegex(@"(?<value>(?:佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|斉藤|清水|山崎|池田|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田|西村|藤井|金子|岡本|藤原|中野|三浦|原田|中川|松田|竹内|小野|田村|中山|和田|石田|森田|上田|内田|柴田|酒井|宮崎|横山|高木|安藤|宮本|大野|小島|谷口|工藤|今井|高田|増田|丸山|杉山|村田|大塚|新井|小山|平野|藤本|河野|上野|野口|武田|松井|千葉|菅原|岩崎|久保|木下|佐野|野村|松尾|市川|菊地|杉本|古川|大西|島田|水野|桜井|渡部|高野|吉川|山内|西田|飯田|菊池|西川|小松|北村|安田|五十嵐|川口|平田|中田|川崎|服部|岩田|土屋|本田|川上|樋口|田口|永井|秋山|中西|福島|山中)\p{IsCJKUnifiedIdeographs}{0,2}|(?<!\p{IsCJKUnifiedIdeographs})[林森原関東辻])(?:様|さま|さん|氏|先生|部長|課長|社長)(?!子|々)")]
    private static partial Regex NameJapanese();
}
