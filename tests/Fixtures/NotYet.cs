using Xunit;

namespace FineTuneKit.Fixtures;

/// <summary>
/// What is not built yet, by op, family or kind: the lines <c>area/kind: reason</c> of <c>tests/not-yet.txt</c>.
/// A case whose kind stands there is skipped with the reason.
/// </summary>
public static class NotYet
{
    private static readonly Dictionary<string, string> Reasons = Read();

    /// <summary>True when the kind, such as <c>models/gpt2</c>, is listed.</summary>
    public static bool Lists(string kind) => Reasons.ContainsKey(kind);

    /// <summary>Skips the running test when its kind is listed.</summary>
    public static void Skip(string kind)
    {
        if (Reasons.TryGetValue(kind, out string? reason)) Assert.Skip($"{kind}: {reason}");
    }

    private static Dictionary<string, string> Read()
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "tests", "not-yet.txt");
            if (!File.Exists(path)) continue;
            foreach (string line in File.ReadLines(path))
            {
                if (line.Length == 0 || line.StartsWith('#')) continue;
                string[] parts = line.Split(": ", 2);
                reasons[parts[0].Trim()] = parts.Length > 1 ? parts[1].Trim() : "not built yet";
            }
            break;
        }
        return reasons;
    }
}
