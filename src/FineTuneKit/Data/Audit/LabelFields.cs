namespace FineTuneKit.Data;

/// <summary>The fields of JSON answers whose values repeat as those of a label do: few, short, each seen several times.</summary>
internal static class LabelFields
{
    private const int MostValues = 50, RepeatedAtLeast = 4, LongestValue = 40, FewRows = 20;

    public static HashSet<string> Of(IEnumerable<AuditedRow> rows)
    {
        var values = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach ((string path, string value) in rows.SelectMany(r => r.Fields))
        {
            if (!values.TryGetValue(path, out Dictionary<string, int>? counts)) values[path] = counts = new(StringComparer.Ordinal);
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }
        return values.Where(f => !f.Key.EndsWith("[]", StringComparison.Ordinal) && IsLabel(f.Value)).Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
    }

    // With few rows nothing repeats yet; there any short value may be a label.
    private static bool IsLabel(Dictionary<string, int> counts)
    {
        int total = counts.Values.Sum();
        bool brief = counts.Keys.All(v => v.Length <= LongestValue);
        return brief && (total < FewRows || (counts.Count <= MostValues && counts.Count * RepeatedAtLeast <= total));
    }
}
