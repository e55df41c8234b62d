using System.Globalization;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>A set of Unicode characters, one bit each, and the .NET regex that matches one of them.</summary>
internal sealed class CodePointSet
{
    private const int Count = 0x110000, Plane = 0x10000, FirstSurrogate = 0xD800, AfterSurrogates = 0xE000;

    private readonly ulong[] _bits = new ulong[Count / 64];

    public bool this[int codePoint]
    {
        get => (_bits[codePoint >> 6] >> (codePoint & 63) & 1) != 0;
        set
        {
            if (value) _bits[codePoint >> 6] |= 1UL << (codePoint & 63);
            else _bits[codePoint >> 6] &= ~(1UL << (codePoint & 63));
        }
    }

    public static CodePointSet Where(Func<int, bool> holds)
    {
        var set = new CodePointSet();
        for (int c = 0; c < Count; c++)
            if (c is < FirstSurrogate or >= AfterSurrogates && holds(c)) set[c] = true;
        return set;
    }

    public static CodePointSet OfCategories(params ReadOnlySpan<UnicodeCategory> categories)
    {
        int wanted = 0;
        foreach (UnicodeCategory category in categories) wanted |= 1 << (int)category;
        return Where(c => (wanted >> (int)CharUnicodeInfo.GetUnicodeCategory(c) & 1) != 0);
    }

    public void AddRange(int first, int last)
    {
        for (int c = first; c <= last; c++) this[c] = true;
    }

    public void Add(CodePointSet other) => Combine(other, (a, b) => a | b);

    public void Intersect(CodePointSet other) => Combine(other, (a, b) => a & b);

    public CodePointSet Complement() => Where(c => !this[c]);

    /// <summary>A regex on UTF-16 for one character of the set; characters beyond the basic plane are pairs.</summary>
    public string ToRegex()
    {
        var alternatives = new List<string>();
        string basic = string.Concat(Ranges(0, Plane).Select(r => Range(r.First, r.Last)));
        if (basic.Length > 0) alternatives.Add($"[{basic}]");
        // High surrogates with the same low ones share an alternative.
        var highs = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        for (int high = 0; high < 0x400; high++)
        {
            int start = Plane + (high << 10);
            string lows = string.Concat(Ranges(start, start + 0x400).Select(r => Range(0xDC00 + (r.First & 0x3FF), 0xDC00 + (r.Last & 0x3FF))));
            if (lows.Length == 0) continue;
            if (!highs.TryGetValue(lows, out StringBuilder? same)) highs[lows] = same = new();
            same.Append(Escape(FirstSurrogate + high));
        }
        alternatives.AddRange(highs.Select(h => $"[{h.Value}][{h.Key}]"));
        return alternatives.Count == 0 ? "(?!)" : $"(?:{string.Join('|', alternatives)})";
    }

    private IEnumerable<(int First, int Last)> Ranges(int from, int to)
    {
        for (int c = from; c < to; c++)
        {
            if (!this[c]) continue;
            int first = c;
            while (c + 1 < to && this[c + 1]) c++;
            yield return (first, c);
        }
    }

    private static string Range(int first, int last) => first == last ? Escape(first) : $"{Escape(first)}-{Escape(last)}";

    private static string Escape(int unit) => $"\\u{unit:X4}";

    private void Combine(CodePointSet other, Func<ulong, ulong, ulong> combine)
    {
        for (int i = 0; i < _bits.Length; i++) _bits[i] = combine(_bits[i], other._bits[i]);
    }
}
