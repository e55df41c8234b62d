namespace FineTuneKit.Text;

/// <summary>What two tokens make together, and in which order that is done.</summary>
internal sealed class BpeMerges
{
    private readonly Dictionary<ulong, (int Rank, int Id)> _merges = [];
    private readonly Dictionary<int, int> _idOfRank = [];

    /// <summary>A pair that is there already takes the new rank.</summary>
    public void Add(int left, int right, int rank, int id)
    {
        _merges[Key(left, right)] = (rank, id);
        _idOfRank[rank] = id;
    }

    public bool TryGet(int left, int right, out (int Rank, int Id) merge) => _merges.TryGetValue(Key(left, right), out merge);

    /// <summary>The token that a rank stands for.</summary>
    public int IdOfRank(int rank) => _idOfRank[rank];

    // Equal keys for equal pairs alone, as the factor is odd. A pair's two halves as they are would hash to their exclusive or,
    // which is 0 for every doubled token: a megabyte of one letter then took 11 times as long as one of prose.
    private static ulong Key(int left, int right) => Pair(left, right) * 0x9E37_79B9_7F4A_7C15;

    public static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
