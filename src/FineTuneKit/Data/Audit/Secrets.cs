using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>Passwords, keys and tokens: by the form that a service gives them, by the word before them, by their entropy.</summary>
internal static partial class Secrets
{
    private const string Advice = "remove it and have it revoked where it is real: a model can recite what it was trained on";

    // English prose has about 4 bits a character over many words; random letters of three kinds have more in one.
    private const double LeastEntropy = 3.8;

    public static IReadOnlyList<SensitiveForm> Forms { get; } =
    [
        new("private key", PrivateKey(), _ => true),
        new("key of a service", ServiceKey(), _ => true),
        new("web token", WebToken(), _ => true),
        new("password", Password(), m => LooksChosen(m.Groups["value"].Value)),
        new("key or token", NamedKey(), m => LooksChosen(m.Groups["value"].Value)),
        new("password in an address", UrlPassword(), _ => true),
        new("random token", LongToken(), m => IsRandom(m.Value)),
    ];

    public static IEnumerable<Finding> Find(AuditedRows rows) => SensitiveFindings.Find(rows, AuditRules.Secret, Forms, Advice);

    /// <summary>Not a word that follows by chance, as in "my password is wrong", and no placeholder.</summary>
    private static bool LooksChosen(string value) =>
        value.Length >= 6 && !MaskVault.Pattern().IsMatch(value) && (value.Any(char.IsAsciiDigit) || value.TrimEnd('.', ',', '!', '?').Any(c => "!@#$%^&*_+=".Contains(c)));

    private static bool IsRandom(string token) =>
        token.Any(char.IsAsciiDigit) && token.Any(char.IsAsciiLetterUpper) && token.Any(char.IsAsciiLetterLower) && Entropy(token) >= LeastEntropy;

    /// <summary>Shannon entropy of the characters, bits a character.</summary>
    private static double Entropy(string token) =>
        token.GroupBy(c => c).Sum(g => -(double)g.Count() / token.Length * Math.Log2((double)g.Count() / token.Length));

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|sk-[A-Za-z0-9_-]{20,}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{35}|hf_[A-Za-z0-9]{30,}|npm_[A-Za-z0-9]{36}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})(?![A-Za-z0-9])")]
    private static partial Regex ServiceKey();

    [GeneratedRegex(@"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")]
    private static partial Regex WebToken();

    [GeneratedRegex(@"(?:\b(?:password|passwd|passphrase|passcode|pwd)\b[^\n.!?;0-9]{0,40}?(?:\bis|\bwas|[:=])|(?:パスワード|暗証番号|合言葉)[^\n。]{0,20}?[はが:：=＝])\s*[""'`「]?(?<value>[!#-&(-\[\]-_a-~]{4,})", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    [GeneratedRegex(@"(?:\b(?:api[ _-]?key|access[ _-]?key|secret(?:[ _-]?key)?|auth[ _-]?token|access[ _-]?token|bearer)\b[^\n.!?;0-9]{0,40}?(?:\bis|[:=])|(?:APIキー|アクセスキー|秘密鍵|トークン)[^\n。]{0,20}?[はが:：=＝])\s*[""'`「]?(?<value>[A-Za-z0-9_+/=.-]{8,})", RegexOptions.IgnoreCase)]
    private static partial Regex NamedKey();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]*://[^\s/:@""]+:[^\s/:@""]+@[^\s/""\\]+")]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"(?<![A-Za-z0-9+/_=.-])[A-Za-z0-9+_-]{20,}={0,2}(?![A-Za-z0-9+/_=])")]
    private static partial Regex LongToken();
}
