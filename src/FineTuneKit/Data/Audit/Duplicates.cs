namespace FineTuneKit.Data;

/// <summary>Rows that say the same as others, word for word or nearly so.</summary>
internal static class Duplicates
{
    public static IEnumerable<Finding> Find(AuditedRows rows, PromptPairs pairs, AuditOptions options)
    {
        List<List<int>> equal = Equal(rows);
        foreach (List<int> set in equal.Where(s => s.Count > 1))
            yield return rows.Finding(AuditRules.ExactDuplicate, set, $"{set.Count} times: {rows[set[0]].Prompt}", "keep the first: copies weigh double in training and leak across a split");

        HashSet<int> first = [.. equal.Select(s => s[0])];
        foreach ((List<int> set, double similarity) in Near(rows, pairs, first, options.NearDuplicateThreshold))
            yield return rows.Finding(AuditRules.NearDuplicate, set, $"similarity {similarity:0.00}: {rows[set[^1]].Prompt}", "keep one, or give them one group so that a split does not part them");
    }

    private static List<List<int>> Equal(AuditedRows rows)
    {
        var sets = new Dictionary<(string, string), List<int>>();
        for (int i = 0; i < rows.Count; i++)
        {
            (string, string) key = (Shingles.OneSpace(rows[i].Prompt), Shingles.OneSpace(rows[i].Answer));
            if (!sets.TryGetValue(key, out List<int>? set)) sets[key] = set = [];
            set.Add(i);
        }
        return sets.Values.OrderBy(s => s[0]).ToList();
    }

    /// <summary>Sets of rows, among the first ones of equal rows, whose prompts and answers are both alike.</summary>
    private static IEnumerable<(List<int> Rows, double Similarity)> Near(AuditedRows rows, PromptPairs pairs, HashSet<int> among, double threshold)
    {
        var sets = new DisjointSets(rows.Count);
        var least = new Dictionary<int, double>();
        void Join(int i, int j, double similarity)
        {
            if (rows[i].Prompt.Length == 0 || !Alike(rows[i].Answer, rows[j].Answer, threshold)) return;
            if (Contradictions.Difference(rows[i], rows[j], rows.LabelFields) is not null) return;
            sets.Join(i, j);
            least[j] = Math.Min(similarity, least.GetValueOrDefault(j, 1));
        }
        foreach (IGrouping<int, int> same in pairs.Equal())
            foreach (int i in same.Skip(1).Where(among.Contains)) Join(same.Key, i, 1);
        foreach ((int i, int j, double similarity) in pairs.AtLeast(threshold)) Join(i, j, similarity);
        return sets.All().Where(s => s.Count > 1).Select(s => (s, s.Min(i => least.GetValueOrDefault(i, 1))));
    }

    private static bool Alike(string a, string b, double threshold)
    {
        if (a == b) return true;
        ulong[] x = Shingles.Of(a), y = Shingles.Of(b);
        return x.Length == 0 ? y.Length == 0 : Shingles.Jaccard(x, y) >= threshold;
    }
}
