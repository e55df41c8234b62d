using System.Runtime.InteropServices;

namespace FineTuneKit.Data;

/// <summary>
/// Finds similar texts among many without comparing all pairs: MinHash signatures are cut into bands, texts that share
/// a band are candidates (Leskovec, Rajaraman and Ullman, chapter 3), and each candidate is verified by the exact
/// Jaccard similarity of its <see cref="Shingles"/>. Texts of equal shingles are held once.
/// </summary>
internal sealed class SimilarityIndex
{
    /// <summary>A pair at the threshold is missed at most this often.</summary>
    public const double MissRate = 1e-6;

    private const int Permutations = 128;

    // Five standard errors of the estimate: a pair whose signatures are further apart is not worth the exact count.
    private const double Margin = 5 * 0.5 / 11.3;

    private readonly ulong[][] _shingles;
    private readonly uint[] _signatures;
    private readonly Banding _banding;
    private readonly int[] _distinct;

    public SimilarityIndex(IReadOnlyList<string> texts, double threshold)
    {
        if (threshold is not (> 0 and <= 1))
            throw new InputException($"a similarity threshold of {threshold}; more than 0 and at most 1 is required");
        Threshold = threshold;
        _banding = Banding.Missing(MissRate, threshold, Permutations);
        _shingles = new ulong[texts.Count][];
        Parallel.For(0, texts.Count, i => _shingles[i] = Shingles.Of(texts[i]));
        Representative = new int[texts.Count];
        _distinct = HoldOnce();
        _signatures = new uint[(long)texts.Count * Permutations];
        var hash = new MinHash(Permutations);
        Parallel.ForEach(_distinct, i =>
        {
            uint[] items = Array.ConvertAll(_shingles[i], h => (uint)h);
            hash.Sign(items, Signature(i));
        });
    }

    public double Threshold { get; }

    /// <summary>For each text the first one of equal shingles, itself where it is the first.</summary>
    public int[] Representative { get; }

    /// <summary>The exact similarity of two texts; 0 where one is empty, for empty texts are alike by accident.</summary>
    public double Jaccard(int i, int j) =>
        _shingles[i].Length == 0 || _shingles[j].Length == 0 ? 0 : Shingles.Jaccard(_shingles[i], _shingles[j]);

    /// <summary>Whether the similarity may reach a bound, by the signatures alone.</summary>
    public bool MayReach(int i, int j, double bound) =>
        MinHash.Similarity(Signature(i), Signature(j)) >= bound - Margin;

    /// <summary>The verified pairs at the threshold or above, each once, of representatives, first &lt; second.</summary>
    public IEnumerable<(int First, int Second, double Similarity)> Pairs()
    {
        foreach ((int i, int j) in Candidates())
        {
            if (!MayReach(i, j, Threshold)) continue;
            double similarity = Jaccard(i, j);
            if (similarity >= Threshold) yield return (i, j, similarity);
        }
    }

    /// <summary>All pairs of representatives that share a band, each once.</summary>
    public IEnumerable<(int First, int Second)> Candidates()
    {
        var heads = new Dictionary<ulong, int>[_banding.Bands];
        for (int band = 0; band < _banding.Bands; band++) heads[band] = [];
        int[] earlier = new int[(long)_banding.Bands * _shingles.Length];
        int[] seenBy = new int[_shingles.Length];
        Array.Fill(seenBy, -1);
        foreach (int i in _distinct)
        {
            for (int band = 0; band < _banding.Bands; band++)
            {
                ref int head = ref CollectionsMarshal.GetValueRefOrAddDefault(heads[band], Key(i, band), out bool found);
                earlier[(long)i * _banding.Bands + band] = found ? head : -1;
                head = i;
            }
            for (int band = 0; band < _banding.Bands; band++)
            {
                for (int j = earlier[(long)i * _banding.Bands + band]; j >= 0; j = earlier[(long)j * _banding.Bands + band])
                {
                    if (seenBy[j] == i) continue;
                    seenBy[j] = i;
                    yield return (j, i);
                }
            }
        }
    }

    private Span<uint> Signature(int i) => _signatures.AsSpan(i * Permutations, Permutations);

    private ulong Key(int i, int band)
    {
        ulong key = 0xCBF29CE484222325;
        foreach (uint place in Signature(i).Slice(band * _banding.Rows, _banding.Rows))
            key = (ulong.RotateLeft(key, 29) ^ place) * 0x9FB21C651E98DF25;
        return key;
    }

    private int[] HoldOnce()
    {
        var first = new Dictionary<UInt128, int>();
        for (int i = 0; i < _shingles.Length; i++)
        {
            UInt128 key = (UInt128)(ulong)_shingles[i].Length;
            foreach (ulong hash in _shingles[i]) key = (UInt128.RotateLeft(key, 41) ^ hash) * 0x9FB21C651E98DF25;
            // An empty text is like no other, so it stands for itself.
            if (_shingles[i].Length == 0 || first.TryAdd(key, i)) Representative[i] = i;
            else Representative[i] = first[key];
        }
        return Enumerable.Range(0, _shingles.Length).Where(i => Representative[i] == i && _shingles[i].Length > 0).ToArray();
    }
}
