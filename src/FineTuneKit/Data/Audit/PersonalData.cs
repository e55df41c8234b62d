using System.Net;
using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>
/// Personal data by its form: e-mail, telephone (Japan, US, international, UK), post codes and addresses, cards (Luhn),
/// My Number and IBAN (check digits), US social security numbers, IP addresses. Names are not looked for.
/// </summary>
internal static partial class PersonalData
{
    private const string Advice = "replace it by an invented value or a placeholder such as [EMAIL]: a model can recite what it was trained on";

    private static readonly (string Kind, Regex Pattern, Func<Match, bool> Holds)[] Kinds =
    [
        ("e-mail", Email(), _ => true),
        ("card number", Card(), m => Digits(m.Value) is { Length: >= 13 and <= 19 } d && CheckDigits.Luhn(d) && d.Distinct().Count() > 1),
        ("IBAN", IbanForm(), m => m.Value.Replace(" ", "", StringComparison.Ordinal) is { Length: >= 15 and <= 34 } i && CheckDigits.Iban(i)),
        ("My Number", TwelveDigits(), m => CheckDigits.MyNumber(Digits(m.Value))),
        ("US social security number", SocialSecurity(), _ => true),
        ("telephone number", PhoneJapan(), m => Digits(m.Value).Length is 10 or 11),
        ("telephone number", PhoneUs(), _ => true),
        ("telephone number", PhoneInternational(), m => Digits(m.Value).Length is >= 9 and <= 15),
        ("telephone number", PhoneUk(), m => Digits(m.Value).Length is 10 or 11),
        ("post code", PostJapan(), _ => true),
        ("post code", PostUs(), _ => true),
        ("post code", PostUk(), _ => true),
        ("address", AddressJapan(), _ => true),
        ("address", AddressEnglish(), _ => true),
        ("IP address", Ip4(), m => IPAddress.TryParse(m.Value, out IPAddress? ip) && !IPAddress.IsLoopback(ip) && m.Value != "0.0.0.0"),
        ("IP address", Ip6(), m => IPAddress.TryParse(m.Value, out IPAddress? ip) && !IPAddress.IsLoopback(ip)),
    ];

    public static IEnumerable<Finding> Find(AuditedRows rows) => MatchedForms.Find(rows, AuditRules.PersonalData, Kinds, Advice);

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
}
