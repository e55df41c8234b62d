namespace FineTuneKit.Text;

/// <summary>What two tokens make together, and in which order that is done.</summary>
internal sealed class BpeMerges
{
    private readonly Dictionary<ulong, (int Rank, int Id)> _merges = [];
    private readonly Dictionary<int, int> _idOfRank = [];

    /// <summary>A pair that is there already takes the new rank.</summary>
    public void Add(int left, int right, int rank, int id)
    {
        _merges[Pair(left, right)] = (rank, id);
        _idOfRank[rank] = id;
    }

    public bool TryGet(int left, int right, out (int Rank, int Id) merge) => _merges.TryGetValue(Pair(left, right), out merge);

    /// <summary>The token that a rank stands for.</summary>
    public int IdOfRank(int rank) => _idOfRank[rank];

    public static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
