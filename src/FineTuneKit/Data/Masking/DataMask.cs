using System.Text;

namespace FineTuneKit.Data;

/// <summary>
/// Replaces personal data and secrets by placeholders that are the same wherever the same text stands, in every text of
/// a row, its group and its other keys. Masking and then unmasking with the same vault gives the rows back to the letter.
/// </summary>
public static class DataMask
{
    // What looks like a placeholder already is masked as such, so that unmasking cannot take it for one.
    private const string Literal = "TEXT";

    private static readonly Dictionary<string, string> KindNames = new(StringComparer.Ordinal)
    {
        ["e-mail"] = "EMAIL",
        ["telephone number"] = "PHONE",
        ["card number"] = "CARD",
        ["IBAN"] = "IBAN",
        ["My Number"] = "MY_NUMBER",
        ["US social security number"] = "SSN",
        ["post code"] = "POST_CODE",
        ["address"] = "ADDRESS",
        ["IP address"] = "IP",
        ["name"] = "NAME",
    };

    /// <summary>A row whose texts are masked; the same row where nothing is to be masked.</summary>
    public static Row Mask(Row row, MaskVault vault) => Change(row, text => Mask(text, vault));

    /// <summary>The row that was masked.</summary>
    public static Row Unmask(Row row, MaskVault vault) => Change(row, vault.Unmask);

    /// <summary>A text with placeholders for what it holds of personal data and secrets.</summary>
    public static string Mask(string text, MaskVault vault)
    {
        List<SensitiveText> found =
        [
            .. text.Contains('[') ? MaskVault.Pattern().Matches(text).Select(m => new SensitiveText(Literal, m.Index, m.Length)) : [],
            .. SensitiveForms.In(text, SensitiveForms.All),
        ];
        if (found.Count == 0) return text;
        var masked = new StringBuilder();
        int at = 0;
        foreach (SensitiveText part in WithoutOverlap(text, found))
        {
            string kind = part.Kind == Literal ? Literal : KindNames.GetValueOrDefault(part.Kind, "SECRET");
            masked.Append(text, at, part.Start - at).Append(vault.Placeholder(kind, text.Substring(part.Start, part.Length)));
            at = part.Start + part.Length;
        }
        return masked.Append(text, at, text.Length - at).ToString();
    }

    private static IEnumerable<SensitiveText> WithoutOverlap(string text, List<SensitiveText> found)
    {
        int end = 0;
        foreach (SensitiveText part in found.Select(f => AfterEscape(text, f)).OrderBy(f => f.Start).ThenByDescending(f => f.Length))
        {
            if (part.Start < end) continue;
            end = part.Start + part.Length;
            yield return part;
        }
    }

    /// <summary>In JSON inside a text, the letter after a backslash belongs to the escape (<c>\n</c>, <c>\u3042</c>) and not to what follows.</summary>
    private static SensitiveText AfterEscape(string text, SensitiveText part)
    {
        int backslashes = 0;
        while (part.Start - backslashes > 0 && text[part.Start - backslashes - 1] == '\\') backslashes++;
        if (backslashes % 2 == 0) return part;
        int escape = text[part.Start] == 'u' && part.Length > 5 ? 5 : 1;
        return part.Length > escape ? part with { Start = part.Start + escape, Length = part.Length - escape } : part;
    }

    private static Row Change(Row row, Func<string, string> change) => row with
    {
        Messages = [.. row.Messages.Select(m => Change(m, change))],
        Rejected = row.Rejected is null ? null : Change(row.Rejected, change),
        Group = row.Group is null ? null : change(row.Group),
        // A value is JSON: a placeholder fits into a string and nowhere else.
        Extra = row.Extra.Count == 0 ? row.Extra : [.. row.Extra.Select(e => e.Value.StartsWith('"') ? new(e.Key, change(e.Value)) : e)],
    };

    private static ChatMessage Change(ChatMessage message, Func<string, string> change) => message with
    {
        Content = change(message.Content),
        Reasoning = message.Reasoning is null ? null : change(message.Reasoning),
        Name = message.Name is null ? null : change(message.Name),
        ToolCalls = message.ToolCalls.Count == 0 ? message.ToolCalls : [.. message.ToolCalls.Select(c => c with { Arguments = change(c.Arguments) })],
    };
}
