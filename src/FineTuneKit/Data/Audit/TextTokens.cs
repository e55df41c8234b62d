namespace FineTuneKit.Data;

/// <summary>
/// Texts as the words that rules count: runs of letters and digits in lower case, and each Chinese, Japanese or Korean
/// character by itself. Punctuation is none.
/// </summary>
internal static class TextTokens
{
    /// <summary>A hash of each word, in order.</summary>
    public static ulong[] Of(string text)
    {
        var tokens = new List<ulong>(text.Length / 5 + 1);
        foreach ((int start, int length) in Places(text))
        {
            ulong hash = 0xCBF29CE484222325;
            foreach (char c in text.AsSpan(start, length)) hash = (hash ^ char.ToLowerInvariant(c)) * 0x100000001B3;
            tokens.Add(hash ^ (hash >> 29));
        }
        return [.. tokens];
    }

    /// <summary>The text from one word on, over so many words.</summary>
    public static string Excerpt(string text, int first, int count)
    {
        (int Start, int Length)[] places = [.. Places(text).Skip(first).Take(count)];
        return places.Length == 0 ? "" : text[places[0].Start..(places[^1].Start + places[^1].Length)];
    }

    /// <summary>Every run of n words as one hash.</summary>
    public static IEnumerable<ulong> NGrams(ulong[] tokens, int n)
    {
        for (int i = 0; i + n <= tokens.Length; i++)
        {
            ulong hash = 0x9E3779B97F4A7C15;
            for (int k = 0; k < n; k++) hash = (ulong.RotateLeft(hash, 23) ^ tokens[i + k]) * 0x9FB21C651E98DF25;
            yield return hash ^ (hash >> 31);
        }
    }

    private static IEnumerable<(int Start, int Length)> Places(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            bool dense = Shingles.IsIdeographic(c);
            bool word = !dense && (char.IsLetterOrDigit(c) || char.IsSurrogate(c));
            if (word && start < 0) start = i;
            if (!word && start >= 0)
            {
                yield return (start, i - start);
                start = -1;
            }
            if (dense) yield return (i, 1);
        }
    }
}
