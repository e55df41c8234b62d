namespace FineTuneKit.Data;

/// <summary>Where a row stands, or why it stands nowhere.</summary>
internal readonly record struct SplitPlace(SplitSide Side, string? Excluded);

/// <summary>For each row the rows whose texts are nearly its own.</summary>
internal sealed class NearDuplicates
{
    private readonly Dictionary<int, List<int>> _neighbours = [];
    private readonly SimilarityIndex _index;

    public NearDuplicates(SimilarityIndex index)
    {
        _index = index;
        foreach ((int i, int j, _) in index.Pairs())
        {
            if (!_neighbours.TryGetValue(j, out List<int>? earlier)) _neighbours[j] = earlier = [];
            earlier.Add(i);
            if (!_neighbours.TryGetValue(i, out List<int>? later)) _neighbours[i] = later = [];
            later.Add(j);
        }
    }

    /// <summary>The first row of each text that is like the row's, that of its own text first.</summary>
    public IEnumerable<int> Of(int row)
    {
        int first = _index.Representative[row];
        if (first != row) yield return first;
        if (!_neighbours.TryGetValue(first, out List<int>? others)) yield break;
        foreach (int other in others) yield return other;
    }
}
