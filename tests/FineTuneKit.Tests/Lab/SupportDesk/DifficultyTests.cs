using System.Text.RegularExpressions;
using FineTuneKit.Lab.SupportDesk;
using Xunit;

namespace FineTuneKit.Tests.Lab.SupportDesk;

/// <summary>
/// How hard the task is for a bag of words on frames it has not seen: too low and wording cannot be learnt from
/// 480 rows, too high and keywords do.
/// </summary>
public class DifficultyTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<DeskTicketRow> Rows = SupportDeskGenerator.Clean(SupportDeskFiles.CleanRows, SupportDeskFiles.CleanSeed);

    [Fact]
    public void NaiveBayesFindsTheIntentOftenButNotAlways()
    {
        double accuracy = Accuracy(r => r.Label);
        output.WriteLine($"intent on held-out groups: {accuracy:P1}");
        Assert.InRange(accuracy, 0.6, 0.95);
    }

    [Fact]
    public void NaiveBayesFindsTheUrgencyOftenButNotAlways()
    {
        double accuracy = Accuracy(r => r.Ticket.Urgency.ToString());
        output.WriteLine($"urgency on held-out groups: {accuracy:P1}");
        Assert.InRange(accuracy, 0.6, 0.95);
    }

    [Fact]
    public void MessagesOfDifferentGroupsAreNotNearDuplicates()
    {
        List<(string Group, HashSet<string> Grams)> rows = [.. Rows.Select(r => (r.Group, Grams(r.Message)))];
        double worst = 0;
        for (int i = 0; i < rows.Count; i++)
            for (int j = 0; j < i; j++)
                if (rows[i].Group != rows[j].Group) worst = Math.Max(worst, Jaccard(rows[i].Grams, rows[j].Grams));
        output.WriteLine($"highest Jaccard similarity of two groups: {worst:F2}");
        Assert.True(worst < 0.7, $"{worst}");
    }

    // Twelve-fold cross-validation over groups: each fold holds out one group of every intent and language.
    private static double Accuracy(Func<DeskTicketRow, string> label)
    {
        int right = 0;
        for (int fold = 1; fold <= 12; fold++)
        {
            string held = $"-{fold:00}";
            var classes = Rows.Where(r => !r.Group.EndsWith(held)).GroupBy(r => (r.Language, Label: label(r)))
                .Select(g => (g.Key, Rows: g.Count(), Words: Count(g)))
                .ToList();
            foreach (DeskTicketRow row in Rows.Where(r => r.Group.EndsWith(held)))
            {
                HashSet<string> words = Words(row.Message);
                var known = words.Where(w => classes.Exists(c => c.Words.ContainsKey(w))).ToList();
                var best = classes.Where(c => c.Key.Language == row.Language)
                    .MaxBy(c => Math.Log(c.Rows) + known.Sum(w => Math.Log((c.Words.GetValueOrDefault(w) + 0.1) / (c.Rows + 0.8))));
                if (best.Key.Label == label(row)) right++;
            }
        }
        return (double)right / Rows.Count;
    }

    private static Dictionary<string, int> Count(IEnumerable<DeskTicketRow> rows) =>
        rows.SelectMany(r => Words(r.Message)).GroupBy(w => w).ToDictionary(g => g.Key, g => g.Count());

    // Words of Latin letters, and pairs of other characters, which have no spaces between words.
    private static HashSet<string> Words(string text)
    {
        string lower = text.ToLowerInvariant();
        string other = string.Concat(lower.Where(c => c > '\u00ff'));
        return [.. Regex.Matches(lower, "[a-z']+").Select(m => m.Value), .. Enumerable.Range(0, Math.Max(0, other.Length - 1)).Select(i => other[i..(i + 2)])];
    }

    private static HashSet<string> Grams(string text)
    {
        int n = text.Any(c => c is >= '\u3041' and <= '\u3096') ? 3 : 5;
        return [.. Enumerable.Range(0, Math.Max(1, text.Length - n + 1)).Select(i => text[i..Math.Min(text.Length, i + n)])];
    }

    private static double Jaccard(HashSet<string> a, HashSet<string> b)
    {
        int shared = a.Count(b.Contains);
        return (double)shared / (a.Count + b.Count - shared);
    }
}
