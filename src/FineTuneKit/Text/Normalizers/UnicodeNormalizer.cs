using System.Text;

namespace FineTuneKit.Text;

/// <summary>NFC, NFD, NFKC and NFKD (Unicode Standard Annex 15), with the alignment that the reference keeps.</summary>
internal sealed class UnicodeNormalizer(bool compose, bool compatible) : INormalizer
{
    // Below these no character changes in the form.
    private const char FirstCompatible = '\u00A0', FirstDecomposed = '\u00C0', FirstMark = '\u0300';

    private readonly record struct Entry(int CodePoint, int Change, byte Class);

    public NormalizedString Normalize(NormalizedString text)
    {
        char limit = compatible ? FirstCompatible : compose ? FirstMark : FirstDecomposed;
        if (!text.Chars.ContainsAnyInRange(limit, '\uFFFF')) return text;
        List<Entry> decomposed = Decompose(text);
        return text.Transform(compose ? Compose(decomposed) : decomposed.Select(e => new CharChange(e.CodePoint, e.Change)));
    }

    private List<Entry> Decompose(NormalizedString text)
    {
        UnicodeTables tables = UnicodeTables.Instance;
        var entries = new List<Entry>(text.Length);
        int pending = 0;
        foreach (Rune rune in text.Chars.EnumerateRunes())
        {
            int first = entries.Count;
            tables.Decompose(rune.Value, compatible, part =>
            {
                byte combining = tables.CombiningClass(part);
                if (combining == 0) SortMarks(entries, ref pending);
                entries.Add(new(part, entries.Count == first ? 0 : 1, combining));
            });
        }
        SortMarks(entries, ref pending);
        return entries;
    }

    /// <summary>Puts the marks after a starter into canonical order; equal classes keep theirs.</summary>
    private static void SortMarks(List<Entry> entries, ref int pending)
    {
        if (entries.Count - pending > 1)
        {
            Entry[] sorted = [.. entries.Skip(pending).OrderBy(e => e.Class)];
            for (int i = 0; i < sorted.Length; i++) entries[pending + i] = sorted[i];
        }
        pending = entries.Count;
    }

    private static List<CharChange> Compose(List<Entry> entries)
    {
        var result = new List<CharChange>(entries.Count);
        var marks = new List<CharChange>();
        CharChange? starter = null;
        int lastClass = -1;
        foreach ((int codePoint, int change, byte combining) in entries)
        {
            var current = new CharChange(codePoint, change);
            if (starter is not CharChange open)
            {
                if (combining != 0) result.Add(current);
                else starter = current;
                continue;
            }
            if (lastClass < combining && UnicodeTables.Instance.Compose(open.CodePoint, codePoint) is int composed)
            {
                starter = new(composed, open.Change + change - 1);
            }
            else if (combining == 0)
            {
                Flush();
                starter = current;
            }
            else
            {
                marks.Add(current);
                lastClass = combining;
            }
        }
        Flush();
        return result;

        void Flush()
        {
            if (starter is CharChange done) result.Add(done);
            result.AddRange(marks);
            marks.Clear();
            lastClass = -1;
        }
    }
}
