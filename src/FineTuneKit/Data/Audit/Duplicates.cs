namespace FineTuneKit.Data;

/// <summary>Rows that say the same as others, word for word or nearly so.</summary>
internal static class Duplicates
{
    public static IEnumerable<Finding> Find(AuditedRows rows, AuditOptions options)
    {
        List<List<int>> equal = Equal(rows);
        foreach (List<int> set in equal.Where(s => s.Count > 1))
            yield return rows.Finding(AuditRules.ExactDuplicate, set, $"{set.Count} times: {rows[set[0]].Prompt}", "keep the first: copies weigh double in training and leak across a split");

        int[] first = equal.Select(s => s[0]).ToArray();
        foreach ((List<int> set, double similarity) in Near(rows, first, options.NearDuplicateThreshold))
            yield return rows.Finding(AuditRules.NearDuplicate, set, $"similarity {similarity:0.00}: {rows[set[^1]].Prompt}", "keep one, or give them one group so that a split does not part them");
    }

    private static List<List<int>> Equal(AuditedRows rows)
    {
        var sets = new Dictionary<(string, string), List<int>>();
        for (int i = 0; i < rows.Count; i++)
        {
            (string, string) key = (OneSpace(rows[i].Prompt), OneSpace(rows[i].Answer));
            if (!sets.TryGetValue(key, out List<int>? set)) sets[key] = set = [];
            set.Add(i);
        }
        return sets.Values.OrderBy(s => s[0]).ToList();
    }

    private static IEnumerable<(List<int> Rows, double Similarity)> Near(AuditedRows rows, int[] among, double threshold)
    {
        var prompts = new SimilarityIndex(among.Select(i => rows[i].Prompt).ToList(), threshold);
        ulong[][] answers = among.Select(i => Shingles.Of(rows[i].Answer)).ToArray();
        bool Alike(int i, int j) => answers[i].Length == 0 ? answers[j].Length == 0 : Shingles.Jaccard(answers[i], answers[j]) >= threshold;
        bool Contradict(int i, int j) => Contradictions.Difference(rows[among[i]], rows[among[j]], rows.LabelFields) is not null;

        var sets = new DisjointSets(among.Length);
        var least = new Dictionary<int, double>();
        void Join(int i, int j, double similarity)
        {
            if (rows[among[i]].Prompt.Length == 0 || !Alike(i, j) || Contradict(i, j)) return;
            sets.Join(i, j);
            least[j] = Math.Min(similarity, least.GetValueOrDefault(j, 1));
        }
        var folded = Enumerable.Range(0, among.Length).GroupBy(i => prompts.Representative[i]);
        foreach (IGrouping<int, int> same in folded)
            foreach (int i in same.Skip(1)) Join(same.Key, i, 1);
        foreach ((int i, int j, double similarity) in prompts.Pairs()) Join(i, j, similarity);
        return sets.All().Where(s => s.Count > 1)
            .Select(s => (s.Select(i => among[i]).ToList(), s.Min(i => least.GetValueOrDefault(i, 1))));
    }

    private static string OneSpace(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
