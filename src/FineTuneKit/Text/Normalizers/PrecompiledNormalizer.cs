using System.Globalization;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>
/// SentencePiece's rules as Hugging Face's library applies them: to a grapheme of fewer than six bytes as a whole, else to
/// each of its characters, the shortest rule first. (SentencePiece itself takes the longest: <see cref="SentencePieceNormalizer"/>.)
/// </summary>
internal sealed class PrecompiledNormalizer(CharsMap rules) : INormalizer
{
    private const int LongGrapheme = 6;

    public NormalizedString Normalize(NormalizedString text)
    {
        var changes = new List<CharChange>(text.Length);
        bool changed = false;
        Span<byte> utf8 = stackalloc byte[LongGrapheme];
        ReadOnlySpan<char> rest = text.Chars;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> grapheme = rest[..StringInfo.GetNextTextElementLength(rest)];
            rest = rest[grapheme.Length..];
            if (Encoding.UTF8.TryGetBytes(grapheme, utf8, out int count) && count < LongGrapheme && rules.Shortest(utf8[..count]) is string whole)
            {
                Replace(changes, CountRunes(grapheme), whole);
                changed = true;
                continue;
            }
            foreach (Rune rune in grapheme.EnumerateRunes())
            {
                if (rules.Shortest(utf8[..rune.EncodeToUtf8(utf8)]) is string replacement)
                {
                    Replace(changes, 1, replacement);
                    changed = true;
                }
                else
                {
                    changes.Add(new(rune.Value, 0));
                }
            }
        }
        return changed ? text.Transform(changes) : text;
    }

    private static int CountRunes(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes()) count++;
        return count;
    }

    // Characters too many are counted as inserted; of too few, the last stands for those that went.
    private static void Replace(List<CharChange> changes, int before, string replacement)
    {
        int first = changes.Count;
        foreach (Rune rune in replacement.EnumerateRunes()) changes.Add(new(rune.Value, 0));
        int added = changes.Count - first - before;
        for (int i = Math.Max(first, changes.Count - added); i < changes.Count; i++) changes[i] = changes[i] with { Change = 1 };
        if (added < 0 && changes.Count > 0) changes[^1] = changes[^1] with { Change = changes[^1].Change + added };
    }
}
