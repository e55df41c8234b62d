namespace FineTuneKit.Data;

/// <summary>
/// Tells at once that two sets cannot be similar: sets of a Jaccard similarity of t or more share one of their rarest
/// pieces, the first n - ceil(t n) + 1 in an order that is the same for all sets (prefix filtering; Chaudhuri, Ganti and
/// Kaushik, 2006). Texts of one template share the template's pieces, which are common, and not their rare ones.
/// </summary>
internal sealed class RareShingles
{
    // Pieces that fall into one counter only make the order worse, never the answer wrong.
    private readonly int[] _counts = new int[1 << 20];
    private readonly Dictionary<int, uint[]> _prefixes = [];

    /// <summary>Counts the pieces of a set; from many threads at once.</summary>
    public void Count(uint[] set)
    {
        foreach (uint piece in set) Interlocked.Increment(ref _counts[Counter(piece)]);
    }

    /// <summary>Whether two sets, known by a number, share one of their rarest pieces. After all sets are counted.</summary>
    public bool Share(int i, uint[] a, int j, uint[] b, double threshold)
    {
        uint[] x = Prefix(i, a, threshold), y = Prefix(j, b, threshold);
        for (int p = 0, q = 0; p < x.Length && q < y.Length;)
        {
            if (x[p] == y[q]) return true;
            if (x[p] < y[q]) p++;
            else q++;
        }
        return false;
    }

    /// <summary>Shared pieces over all pieces of two sorted sets.</summary>
    public static double Jaccard(uint[] a, uint[] b)
    {
        int i = 0, j = 0, shared = 0;
        while (i < a.Length && j < b.Length)
        {
            uint x = a[i], y = b[j];
            shared += x == y ? 1 : 0;
            i += x <= y ? 1 : 0;
            j += y <= x ? 1 : 0;
        }
        return (double)shared / Math.Max(1, a.Length + b.Length - shared);
    }

    private uint[] Prefix(int number, uint[] set, double threshold)
    {
        if (_prefixes.TryGetValue(number, out uint[]? known)) return known;
        int length = Math.Min(set.Length, set.Length - (int)Math.Ceiling(Math.Max(0, threshold) * set.Length) + 1);
        ulong[] order = Array.ConvertAll(set, piece => ((ulong)(uint)_counts[Counter(piece)] << 32) | piece);
        Array.Sort(order);
        uint[] prefix = new uint[length];
        for (int i = 0; i < length; i++) prefix[i] = (uint)order[i];
        Array.Sort(prefix);
        return _prefixes[number] = prefix;
    }

    private static int Counter(uint piece) => (int)((piece * 0x9E3779B1u) >> 12);
}
