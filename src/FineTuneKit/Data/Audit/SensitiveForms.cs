using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>A kind of text that has a certain form, such as an e-mail address.</summary>
/// <param name="Kind">Its name in reports.</param>
/// <param name="Pattern">The form; where it has a group <c>value</c>, that part is the text itself.</param>
/// <param name="Holds">What the form alone cannot tell, such as a check digit.</param>
/// <param name="NeedsDigits">Whether it never stands in a text without an ASCII digit, which is quickly told.</param>
internal sealed record SensitiveForm(string Kind, Regex Pattern, Func<Match, bool> Holds, bool NeedsDigits = false);

/// <summary>A text of such a form at its place.</summary>
internal readonly record struct SensitiveText(string Kind, int Start, int Length);

/// <summary>Finds texts of certain forms. What one form has taken is not looked at by the next: a card number is no telephone number.</summary>
internal static class SensitiveForms
{
    /// <summary>Personal data and secrets, secrets first.</summary>
    public static IReadOnlyList<SensitiveForm> All { get; } = [.. Secrets.Forms, .. PersonalData.Forms];

    /// <summary>What a text holds, in the order of the forms.</summary>
    public static List<SensitiveText> In(string text, IReadOnlyList<SensitiveForm> forms)
    {
        var found = new List<SensitiveText>();
        if (text.Length < 4) return found;
        bool digits = text.AsSpan().ContainsAnyInRange('0', '9');
        foreach (SensitiveForm form in forms)
        {
            if (form.NeedsDigits && !digits) continue;
            for (Match match = form.Pattern.Match(text); match.Success; match = match.NextMatch())
            {
                if (!form.Holds(match)) continue;
                Group value = match.Groups["value"].Success ? match.Groups["value"] : match;
                if (found.Any(t => t.Start < value.Index + value.Length && value.Index < t.Start + t.Length)) continue;
                found.Add(new SensitiveText(form.Kind, value.Index, value.Length));
            }
        }
        return found;
    }
}
