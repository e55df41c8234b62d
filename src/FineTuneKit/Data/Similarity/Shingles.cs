using System.Text;

namespace FineTuneKit.Data;

/// <summary>
/// Texts as sets of short pieces, for measuring how much two of them share. A set is a sorted array of distinct
/// 64-bit hashes of its pieces; two pieces of equal hash count as one, which at 2^64 does not happen in practice.
/// </summary>
public static class Shingles
{
    /// <summary>
    /// The set by which the kit compares texts: 4-grams of code points, 2-grams where one begins with a Chinese,
    /// Japanese or Korean character, for these say more each; and the single words of languages with spaces, so that
    /// a change of their order weighs less. Case, width and white space make no difference. A text shorter than an
    /// n-gram is one shingle; an empty one has none.
    /// </summary>
    public static ulong[] Of(string text)
    {
        string folded = Fold(text);
        if (folded.Length == 0) return [];
        ReadOnlySpan<int> points = CodePoints(folded);
        var set = new List<ulong>(points.Length + points.Length / 4);
        for (int i = 0; i < points.Length; i++)
        {
            int n = IsIdeographic(points[i]) ? 2 : 4;
            if (i + n <= points.Length) set.Add(Gram(points.Slice(i, n)));
        }
        if (set.Count == 0) set.Add(Gram(points));
        AddWords(set, folded, 1, skipIdeographic: true);
        return Distinct(set);
    }

    /// <summary>The n-grams of code points of a text as it is; none where it is shorter than n.</summary>
    public static ulong[] Characters(string text, int n)
    {
        var set = new List<ulong>();
        AddCharacters(set, CodePoints(text), n);
        return Distinct(set);
    }

    /// <summary>The n-grams of the words between white space; none where there are fewer than n.</summary>
    public static ulong[] Words(string text, int n)
    {
        var set = new List<ulong>();
        AddWords(set, text, n);
        return Distinct(set);
    }

    /// <summary>Lower case, full-width ASCII as ASCII, and runs of white space as one space, none at the ends.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        bool space = false;
        foreach (char c in text)
        {
            if (IsSpace(c))
            {
                space = folded.Length > 0;
                continue;
            }
            if (space) folded.Append(' ');
            space = false;
            folded.Append(char.ToLowerInvariant(c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c));
        }
        return folded.ToString();
    }

    /// <summary>The text with runs of white space as one space, none at the ends.</summary>
    internal static string OneSpace(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Shared pieces over all pieces, exact; 1 for equal sets, NaN where both are empty.</summary>
    public static double Jaccard(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        int shared = Shared(a, b);
        return (double)shared / (a.Length + b.Length - shared);
    }

    /// <summary>How many pieces two sets have in common.</summary>
    public static int Shared(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        int i = 0, j = 0, shared = 0;
        while (i < a.Length && j < b.Length)
        {
            ulong x = a[i], y = b[j];
            if (x == y) shared++;
            if (x <= y) i++;
            if (y <= x) j++;
        }
        return shared;
    }

    private static void AddCharacters(List<ulong> set, ReadOnlySpan<int> points, int n)
    {
        for (int i = 0; i + n <= points.Length; i++) set.Add(Gram(points.Slice(i, n)));
    }

    private static ulong Gram(ReadOnlySpan<int> points)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (int point in points) hash = Mix(hash, (ulong)point);
        return Finish(hash);
    }

    private static void AddWords(List<ulong> set, ReadOnlySpan<char> text, int n, bool skipIdeographic = false)
    {
        var words = new List<ulong>();
        for (int i = 0; i < text.Length;)
        {
            if (IsSpace(text[i]))
            {
                i++;
                continue;
            }
            ulong hash = 0xD1B54A32D192ED03;
            bool ideographic = false;
            for (; i < text.Length && !IsSpace(text[i]); i++)
            {
                hash = Mix(hash, text[i]);
                ideographic |= IsIdeographic(text[i]);
            }
            if (!(ideographic && skipIdeographic)) words.Add(hash);
        }
        for (int i = 0; i + n <= words.Count; i++)
        {
            ulong hash = 0x8CB92BA72F3D8DD7;
            for (int k = 0; k < n; k++) hash = Mix(hash, words[i + k]);
            set.Add(Finish(hash));
        }
    }

    private static int[] CodePoints(string text) => text.EnumerateRunes().Select(r => r.Value).ToArray();

    private static ulong[] Distinct(List<ulong> hashes)
    {
        ulong[] sorted = hashes.ToArray();
        Array.Sort(sorted);
        int kept = 0;
        for (int i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[kept - 1]) sorted[kept++] = sorted[i];
        return sorted[..kept];
    }

    // White space as Python's str.split() sees it: that of .NET and the four separators of ASCII.
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary>Han, kana and Hangul: scripts whose characters stand for syllables or words.</summary>
    internal static bool IsIdeographic(int point) =>
        point is 0x3005 or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
            or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFF9F) or (>= 0x20000 and <= 0x3FFFF);

    private static ulong Mix(ulong hash, ulong value) => (ulong.RotateLeft(hash, 23) ^ value) * 0x9FB21C651E98DF25;

    // The finaliser of MurmurHash3 (Appleby), 64 bits.
    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
