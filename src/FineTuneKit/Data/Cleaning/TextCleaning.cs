using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FineTuneKit.Text;

namespace FineTuneKit.Data;

/// <summary>The rules that change a text, each on what the ones before it left.</summary>
internal sealed class TextCleaning
{
    private readonly List<(string Rule, Func<string, string> Change)> _rules = [];

    public TextCleaning(CleaningOptions options)
    {
        if (options.Mojibake) _rules.Add((CleaningRules.Mojibake, Mojibake.Mend));
        if (options.Normalization != "none")
        {
            var form = new UnicodeNormalizer(compose: true, compatible: options.Normalization == "NFKC");
            char first = options.Normalization == "NFKC" ? '\u00A0' : '\u0300';
            _rules.Add((CleaningRules.Normalization, text => Normalize(text, form, first)));
        }
        if (options.Html) _rules.Add((CleaningRules.Html, text => text.AsSpan().ContainsAny('<', '&') ? CodeSpans.Outside(text, HtmlRemains.Remove) : text));
        if (options.ControlCharacters) _rules.Add((CleaningRules.ControlCharacters, WithoutControls));
        if (options.WhiteSpace) _rules.Add((CleaningRules.WhiteSpace, Spaces));
        if (options.Terms.Count > 0) _rules.Add((CleaningRules.Terms, new TermList(options.Terms).Unify));
    }

    /// <summary>The clean text; the rules that changed it are added to the list.</summary>
    public string Clean(string text, List<string> rules)
    {
        foreach ((string rule, Func<string, string> change) in _rules)
        {
            string changed = change(text);
            // An entity for a quotation mark, decoded, would end the string that it stands in.
            if (changed == text || (IsJson(text) && !IsJson(changed))) continue;
            rules.Add(rule);
            text = changed;
        }
        return text;
    }

    private static bool IsJson(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..]) return false;
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    private static string Normalize(string text, UnicodeNormalizer form, char firstThatChanges) =>
        text.AsSpan().ContainsAnyInRange(firstThatChanges, '\uFFFF') ? form.Normalize(NormalizedString.Of(text)).ToString() : text;

    /// <summary>Without C0 and C1 controls but tab and line ends, byte order marks, and characters of no width that join no letters.</summary>
    private static string WithoutControls(string text)
    {
        if (!text.Any(IsControl)) return text;
        return string.Concat(text.Where(c => !IsControl(c)));
    }

    // U+200C and U+200D join letters and emoji, so they stay.
    private static bool IsControl(char c) =>
        c is (< ' ' and not ('\t' or '\n' or '\r')) or (>= '\u007F' and <= '\u009F') or '\u00AD' or '\u200B' or '\u200E' or '\u200F' or '\u2060' or '\uFEFF';

    private static string Spaces(string text)
    {
        string unified = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\u00A0', ' ').Replace('\u202F', ' ').Replace("\u2028", "\n", StringComparison.Ordinal).Replace("\u2029", "\n\n", StringComparison.Ordinal);
        var lines = new StringBuilder();
        int blank = 0;
        foreach (string line in unified.Split('\n'))
        {
            string end = line.TrimEnd();
            blank = end.Length == 0 ? blank + 1 : 0;
            if (blank <= 2) lines.Append(end).Append('\n');
        }
        return lines.ToString().Trim();
    }
}

/// <summary>Terms of a list, unified.</summary>
internal sealed class TermList(IReadOnlyList<Term> terms)
{
    private readonly (Regex Pattern, string Wanted)[] _terms = [.. terms.OrderByDescending(t => t.Written.Length).Select(t => (Pattern(t), t.Wanted))];

    public string Unify(string text)
    {
        foreach ((Regex pattern, string wanted) in _terms) text = pattern.Replace(text, wanted.Replace("$", "$$"));
        return text;
    }

    // Where the wanted text holds the written one, what is right already stays.
    private static Regex Pattern(Term term)
    {
        string written = Regex.Escape(term.Written);
        string before = char.IsLetterOrDigit(term.Written[0]) && !Shingles.IsIdeographic(term.Written[0]) ? @"(?<![\p{L}\p{N}])" : "";
        string after = char.IsLetterOrDigit(term.Written[^1]) && !Shingles.IsIdeographic(term.Written[^1]) ? @"(?![\p{L}\p{N}])" : "";
        int inside = term.Wanted.IndexOf(term.Written, StringComparison.Ordinal);
        if (inside >= 0)
        {
            string head = Regex.Escape(term.Wanted[..inside]), tail = Regex.Escape(term.Wanted[(inside + term.Written.Length)..]);
            return new Regex($"{before}(?!(?<={head}){written}{tail}){written}{after}", RegexOptions.CultureInvariant);
        }
        return new Regex(before + written + after, RegexOptions.CultureInvariant);
    }
}
