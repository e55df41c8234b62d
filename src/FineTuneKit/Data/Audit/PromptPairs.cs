namespace FineTuneKit.Data;

/// <summary>The similar prompts of an audit, sought once for all rules that ask for them.</summary>
internal sealed class PromptPairs
{
    // A prompt that shares a band with more others is compared with the nearest of these before it alone, so that data
    // made from one template takes no time of the square; what belongs together still does, through the others.
    private const int MostInBand = 1000;

    private readonly List<(int First, int Second, double Similarity)> _pairs;
    private readonly int[] _representative;

    public PromptPairs(AuditedRows rows, AuditOptions options)
    {
        double threshold = Math.Min(options.NearDuplicateThreshold, options.ContradictionThreshold);
        var index = new SimilarityIndex(Enumerable.Range(0, rows.Count).Select(i => rows[i].Prompt).ToList(), threshold);
        _representative = index.Representative;
        _pairs = index.Pairs(MostInBand).ToList();
        if (index.WasLimited)
            rows.Notes.Add($"more than {MostInBand:N0} prompts are alike in part; each was compared with the {MostInBand:N0} before it that share most, so some similar pairs may be missing");
    }

    /// <summary>The rows of each prompt, equal but for case, width and white space; the first row stands for them.</summary>
    public IEnumerable<IGrouping<int, int>> Equal() => Enumerable.Range(0, _representative.Length).GroupBy(i => _representative[i]);

    /// <summary>Pairs of rows, each the first of its prompt, at least so similar.</summary>
    public IEnumerable<(int First, int Second, double Similarity)> AtLeast(double threshold) => _pairs.Where(p => p.Similarity >= threshold);

    /// <summary>For each row the first row that it is connected with by similar prompts.</summary>
    public int[] Clusters()
    {
        var sets = new DisjointSets(_representative.Length);
        for (int i = 0; i < _representative.Length; i++) sets.Join(i, _representative[i]);
        foreach ((int i, int j, _) in _pairs) sets.Join(i, j);
        return [.. Enumerable.Range(0, _representative.Length).Select(sets.Find)];
    }
}
