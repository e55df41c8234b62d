using System.Runtime.InteropServices;

namespace FineTuneKit.Data;

/// <summary>
/// Finds similar texts among many without comparing all pairs: MinHash signatures are cut into bands, texts that share
/// a band are candidates (Leskovec, Rajaraman and Ullman, chapter 3), and each candidate is verified by the exact
/// Jaccard similarity of its <see cref="Shingles"/>. Texts of equal shingles are held once. Of each text the signature
/// is kept (512 bytes), and of as many as fit 32 bits of each shingle, which tell all but the pairs at the very border;
/// the shingles themselves are made again for these.
/// </summary>
internal sealed class SimilarityIndex
{
    /// <summary>A pair at the threshold is missed at most this often.</summary>
    public const double MissRate = 1e-6;

    private const int Permutations = 128;

    // Five standard errors of the estimate: a pair whose signatures are further apart is not worth the exact count.
    private const double Margin = 5 * 0.5 / 11.3;

    // What 32 bits of a shingle instead of 64 can change in a similarity, generously.
    private const double ShortError = 0.005;

    private const long MostShortShingles = 1 << 26;

    private readonly IReadOnlyList<string> _texts;
    private readonly uint[]?[] _short;
    private readonly RareShingles _rare = new();
    private readonly uint[] _signatures;
    private readonly Banding _banding;
    private readonly int[] _distinct;
    private (int Text, ulong[] Shingles) _first = (-1, []), _second = (-1, []);

    public SimilarityIndex(IReadOnlyList<string> texts, double threshold)
    {
        if (threshold is not (> 0 and <= 1))
            throw new InputException($"a similarity threshold of {threshold}; more than 0 and at most 1 is required");
        (_texts, Threshold) = (texts, threshold);
        _banding = Banding.Missing(MissRate, threshold, Permutations);
        _signatures = new uint[(long)texts.Count * Permutations];
        _short = new uint[texts.Count][];
        long held = 0;
        var sets = new UInt128[texts.Count];
        var hash = new MinHash(Permutations);
        Parallel.For(0, texts.Count, i =>
        {
            ulong[] shingles = Shingles.Of(texts[i]);
            sets[i] = Identity(shingles);
            uint[] halves = Array.ConvertAll(shingles, h => (uint)h);
            hash.Sign(halves, Signature(i));
            Array.Sort(halves);
            _rare.Count(halves);
            if (Interlocked.Add(ref held, halves.Length) <= MostShortShingles) _short[i] = halves;
        });
        Representative = new int[texts.Count];
        _distinct = HoldOnce(sets);
    }

    public double Threshold { get; }

    /// <summary>For each text the first one of equal shingles, itself where it is the first.</summary>
    public int[] Representative { get; }

    /// <summary>Whether a limit kept candidates away in the last search.</summary>
    public bool WasLimited { get; private set; }

    /// <summary>The exact similarity of two texts; 0 where one is empty, for empty texts are alike by accident.</summary>
    public double Jaccard(int i, int j)
    {
        ulong[] a = ShinglesOf(ref _first, i), b = ShinglesOf(ref _second, j);
        return a.Length == 0 || b.Length == 0 ? 0 : Shingles.Jaccard(a, b);
    }

    /// <summary>Whether the similarity may reach a bound, by the signatures and the short shingles.</summary>
    public bool MayReach(int i, int j, double bound)
    {
        if (MinHash.Similarity(Signature(i), Signature(j)) < bound - Margin) return false;
        return _short[i] is not { } a || _short[j] is not { } b || RareShingles.Jaccard(a, b) >= bound - ShortError;
    }

    /// <summary>The verified pairs at the threshold or above, each once, of representatives, first &lt; second.</summary>
    public IEnumerable<(int First, int Second, double Similarity)> Pairs(int mostInBand = int.MaxValue)
    {
        foreach ((int i, int j) in Candidates(mostInBand))
        {
            if (MinHash.Similarity(Signature(i), Signature(j)) >= Threshold - Margin && SharesRare(i, j) && MayReach(i, j, Threshold) && Jaccard(i, j) is var similarity && similarity >= Threshold)
                yield return (i, j, similarity);
        }
    }

    /// <summary>All pairs of representatives that share a band, each once; with a limit, of each band the latest so many.</summary>
    public IEnumerable<(int First, int Second)> Candidates(int mostInBand = int.MaxValue)
    {
        int[] earlier = Chains();
        int[] seenBy = new int[_texts.Count];
        Array.Fill(seenBy, -1);
        WasLimited = false;
        foreach (int i in _distinct)
        {
            for (int band = 0; band < _banding.Bands; band++)
            {
                int left = mostInBand;
                for (int j = earlier[(long)i * _banding.Bands + band]; j >= 0; j = earlier[(long)j * _banding.Bands + band])
                {
                    if (left-- == 0)
                    {
                        WasLimited = true;
                        break;
                    }
                    if (seenBy[j] == i) continue;
                    seenBy[j] = i;
                    yield return (j, i);
                }
            }
        }
    }

    /// <summary>For each text and band the text before it that agrees in the band, -1 where none does.</summary>
    private int[] Chains()
    {
        int[] earlier = new int[(long)_banding.Bands * _texts.Count];
        Parallel.For(0, _banding.Bands, band =>
        {
            var heads = new Dictionary<ulong, int>(_distinct.Length);
            foreach (int i in _distinct)
            {
                ref int head = ref CollectionsMarshal.GetValueRefOrAddDefault(heads, Key(i, band), out bool found);
                earlier[(long)i * _banding.Bands + band] = found ? head : -1;
                head = i;
            }
        });
        return earlier;
    }

    private Span<uint> Signature(int i) => _signatures.AsSpan(checked(i * Permutations), Permutations);

    private ulong Key(int i, int band)
    {
        ulong key = 0xCBF29CE484222325;
        foreach (uint place in Signature(i).Slice(band * _banding.Rows, _banding.Rows))
            key = (ulong.RotateLeft(key, 29) ^ place) * 0x9FB21C651E98DF25;
        return key;
    }

    private bool SharesRare(int i, int j) =>
        _short[i] is not { } a || _short[j] is not { } b || _rare.Share(i, a, j, b, Threshold - ShortError);

    // Candidates come in runs with one text the same, so the last two are worth keeping.
    private ulong[] ShinglesOf(ref (int Text, ulong[] Shingles) kept, int i)
    {
        if (kept.Text != i) kept = (i, Shingles.Of(_texts[i]));
        return kept.Shingles;
    }

    private static UInt128 Identity(ulong[] shingles)
    {
        if (shingles.Length == 0) return 0;
        UInt128 key = (UInt128)(ulong)shingles.Length;
        foreach (ulong hash in shingles) key = (UInt128.RotateLeft(key, 41) ^ hash) * 0x9FB21C651E98DF25;
        return key == 0 ? 1 : key;
    }

    private int[] HoldOnce(UInt128[] sets)
    {
        var first = new Dictionary<UInt128, int>();
        for (int i = 0; i < sets.Length; i++)
            // An empty text is like no other, so it stands for itself.
            Representative[i] = sets[i] == 0 || first.TryAdd(sets[i], i) ? i : first[sets[i]];
        return Enumerable.Range(0, sets.Length).Where(i => Representative[i] == i && sets[i] != 0).ToArray();
    }
}
