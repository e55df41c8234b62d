using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>Findings of texts that have a certain form, in any message of a row: one for each row and kind.</summary>
internal static class MatchedForms
{
    public static IEnumerable<Finding> Find(
        AuditedRows rows, string rule, IReadOnlyList<(string Kind, Regex Pattern, Func<Match, bool> Holds)> kinds, string advice)
    {
        var found = new List<Finding>[rows.Count];
        Parallel.For(0, rows.Count, i => found[i] = OfRow(rows, i, rule, kinds, advice));
        return found.SelectMany(f => f);
    }

    private static List<Finding> OfRow(
        AuditedRows rows, int i, string rule, IReadOnlyList<(string Kind, Regex Pattern, Func<Match, bool> Holds)> kinds, string advice)
    {
        var found = new List<Finding>();
        // What one kind has taken is not looked at by the next: a card number is no telephone number.
        var taken = new List<(string Role, int From, int To)>();
        foreach (IGrouping<string, (string Kind, Regex Pattern, Func<Match, bool> Holds)> kind in kinds.GroupBy(k => k.Kind, StringComparer.Ordinal))
        {
            var places = new List<string>();
            for (int m = 0; m < rows[i].Row.Messages.Count; m++)
            {
                ChatMessage message = rows[i].Row.Messages[m];
                foreach (Match match in kind.SelectMany(k => k.Pattern.Matches(message.Content).Where(k.Holds)))
                {
                    string place = $"{message.Role}{m}";
                    if (taken.Any(t => t.Role == place && t.From < match.Index + match.Length && match.Index < t.To)) continue;
                    taken.Add((place, match.Index, match.Index + match.Length));
                    places.Add($"{message.Role}: {Shorten(match.Value)}");
                }
            }
            if (places.Count > 0) found.Add(rows.Finding(rule, [i], $"{kind.Key} in {string.Join("; ", places.Take(3))}", advice));
        }
        return found;
    }

    /// <summary>Enough to find the place by, not enough to pass the value on in a report.</summary>
    private static string Shorten(string value) => $"{value[..Math.Min(4, value.Length / 3)]}… ({value.Length} characters)";
}
