namespace FineTuneKit.Lab.SupportDesk;

/// <summary>
/// Personal data and secrets that belong to nobody: reserved domains and telephone numbers, postcodes that are not
/// assigned, the card schemes' published test numbers, identity numbers that begin with six zeros.
/// </summary>
internal sealed class InventedPersonalData(NamedRandom random)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly string[] TestCards =
        ["4242 4242 4242 4242", "4111-1111-1111-1111", "5555 5555 5555 4444", "5105-1051-0510-5100", "3530 1113 3330 0000", "378282246310005"];

    public static readonly string[] Kinds = ["email", "phone_jp", "phone_us", "address", "card", "my_number"];
    public static readonly string[] SecretKinds = ["api_key", "access_key", "password"];

    public string Draw(string kind, bool japanese) => kind switch
    {
        "email" => $"customer{random.Next(100, 1000)}@example.{random.Pick(["com", "org", "jp"])}",
        "phone_jp" => $"{random.Pick(["090", "080", "070"])}-0000-{random.Next(10_000):0000}",
        "phone_us" => random.Pick([$"(212) 555-01{random.Next(100):00}", $"+1-415-555-01{random.Next(100):00}", $"303-555-01{random.Next(100):00}"]),
        "address" => japanese
            ? $"〒000-{random.Next(10_000):0000} 架空県見本市例町{random.Next(1, 9)}-{random.Next(1, 30)}-{random.Next(1, 20)}"
            : $"{random.Next(10, 1000)} Example Street, Sampleton, CA 000{random.Next(10, 100)}",
        "card" => random.Pick(TestCards),
        "my_number" => MyNumber(),
        "api_key" => "sk-" + Letters(36),
        "access_key" => "AKIA" + Letters(9).ToUpperInvariant() + "EXAMPLE",
        "password" => $"{random.Pick(["Pedal", "Saddle", "Spoke"])}{random.Next(1000, 10_000)}!{Letters(3)}",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    /// <summary>A sentence in which a customer would give it.</summary>
    public static string Sentence(string kind, string value, bool japanese) => (kind, japanese) switch
    {
        ("email", false) => $" Write to me at {value}.",
        ("email", true) => $"返信は{value}までお願いします。",
        ("phone_jp" or "phone_us", false) => $" My number is {value}.",
        ("phone_jp" or "phone_us", true) => $"電話は{value}です。",
        ("address", false) => $" I live at {value}.",
        ("address", true) => $"住所は{value}です。",
        ("card", false) => $" I paid with the card {value}.",
        ("card", true) => $"カード番号は{value}です。",
        ("my_number", false) => $" My Number (the tax ID) is {value}.",
        ("my_number", true) => $"マイナンバーは{value}です。",
        ("password", false) => $" My password for your site is {value}",
        ("password", true) => $"サイトのパスワードは{value}です。",
        (_, false) => $" The API key of our fleet account is {value}.",
        (_, true) => $"法人口座のAPIキーは{value}です。",
    };

    // Check digit: Ordinance 85 of the Ministry of Internal Affairs and Communications (2014), article 5.
    private string MyNumber()
    {
        string digits = $"000000{random.Next(100_000):00000}";
        int sum = 0;
        for (int n = 1; n <= 11; n++) sum += (digits[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
        int remainder = sum % 11;
        digits += remainder <= 1 ? 0 : 11 - remainder;
        return random.Chance(0.5) ? digits : $"{digits[..4]} {digits[4..8]} {digits[8..]}";
    }

    private string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
}
