namespace FineTuneKit.Data;

/// <summary>Items joined into sets (union-find); the least item of a set stands for it, so the order of joining does not matter.</summary>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parent = Enumerable.Range(0, count).ToArray();

    public int Find(int item)
    {
        while (_parent[item] != item) item = _parent[item] = _parent[_parent[item]];
        return item;
    }

    public void Join(int a, int b)
    {
        (a, b) = (Find(a), Find(b));
        if (a != b) _parent[Math.Max(a, b)] = Math.Min(a, b);
    }

    /// <summary>The sets, each with its items in order, by their least item.</summary>
    public List<List<int>> All()
    {
        var sets = new SortedDictionary<int, List<int>>();
        for (int i = 0; i < _parent.Length; i++)
        {
            if (!sets.TryGetValue(Find(i), out List<int>? items)) sets[Find(i)] = items = [];
            items.Add(i);
        }
        return [.. sets.Values];
    }
}
