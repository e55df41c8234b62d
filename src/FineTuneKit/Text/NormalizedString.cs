using System.Text;

namespace FineTuneKit.Text;

/// <summary>A character of a transformed text: 0 replaces the next character of the old text, a positive change is
/// inserted, -N replaces it and drops the N that follow.</summary>
internal readonly record struct CharChange(int CodePoint, int Change);

/// <summary>A stretch of an <see cref="AlignedText"/>; transformations give new ones and keep the alignment.</summary>
internal readonly struct NormalizedString
{
    private readonly AlignedText _text;
    private readonly int _start;

    public NormalizedString(AlignedText text, int start, int length, int originalStart)
    {
        _text = text;
        _start = start;
        Length = length;
        OriginalStart = originalStart;
    }

    /// <summary>Length in UTF-16 units.</summary>
    public int Length { get; }

    /// <summary>The code point of the original at which this stretch began when it was cut out.</summary>
    public int OriginalStart { get; }

    public ReadOnlySpan<char> Chars => _text.Chars.Slice(_start, Length);

    /// <summary>The text as given, aligned to itself; lone surrogates, which UTF-8 cannot hold, become U+FFFD.</summary>
    public static NormalizedString Of(string text)
    {
        var aligned = new AlignedText(text.Length);
        int codePoint = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            aligned.Append(rune.Value, codePoint, codePoint + 1);
            codePoint++;
        }
        return new(aligned, 0, aligned.Length, 0);
    }

    public int From(int index) => _text.From(_start + index);

    public int To(int index) => _text.To(_start + index);

    /// <summary>The code points of the original that the units [start, end) stand for.</summary>
    public (int Start, int End) OriginalRange(int start, int end) =>
        start < end ? (From(start), To(end - 1)) : (OriginalStart + start, OriginalStart + end);

    public NormalizedString Slice(int start, int end) =>
        new(_text, _start + start, end - start, start < end ? From(start) : OriginalStart);

    public void CopyTo(Span<char> chars, Span<int> from, Span<int> to) =>
        _text.CopyTo(_start, Length, chars, from, to);

    /// <summary>Replaces the whole text by the changed characters, after dropping the first <paramref name="dropped"/>.</summary>
    public NormalizedString Transform(IEnumerable<CharChange> characters, int dropped = 0)
    {
        var result = new AlignedText(Length);
        int read = Skip(0, dropped);
        foreach ((int codePoint, int change) in characters)
        {
            if (change > 0)
            {
                // What is inserted belongs to the character before it.
                (int from, int to) = read > 0 ? (From(read - 1), To(read - 1)) : (OriginalStart, OriginalStart);
                result.Append(codePoint, from, to);
                continue;
            }
            result.Append(codePoint, From(read), To(read));
            read = Skip(read, 1 - change);
        }
        return new(result, 0, result.Length, OriginalStart);
    }

    /// <summary>Keeps the characters that pass; what is dropped leaves no trace in the alignment.</summary>
    public NormalizedString Filter(Func<int, bool> keep)
    {
        var result = new AlignedText(Length);
        for (int i = 0; i < Length; i = Skip(i, 1))
        {
            int codePoint = CodePointAt(i);
            if (keep(codePoint)) result.Append(codePoint, From(i), To(i));
        }
        return new(result, 0, result.Length, OriginalStart);
    }

    /// <summary>Puts a text in front; it shares the alignment of the first character. An empty text stays empty.</summary>
    public NormalizedString Prepend(string prefix)
    {
        if (Length == 0) return this;
        var result = new AlignedText(Length + prefix.Length);
        foreach (char c in prefix) result.Append(c, From(0), To(0));
        result.Append(this);
        return new(result, 0, result.Length, OriginalStart);
    }

    /// <summary>Replaces every match; the new text takes the alignment of the match's last character.</summary>
    public NormalizedString Replace(ITextPattern pattern, string content)
    {
        var matches = new List<Match>();
        pattern.FindMatches(Chars, matches);
        if (matches.Count == 0) return this;
        var result = new AlignedText(Length);
        int copied = 0;
        foreach ((int start, int end) in matches)
        {
            result.Append(Slice(copied, start));
            (int from, int to) = end > 0 ? (From(end - 1), To(end - 1)) : (OriginalStart, OriginalStart);
            foreach (char c in content) result.Append(c, from, to);
            copied = end;
        }
        result.Append(Slice(copied, Length));
        return new(result, 0, result.Length, OriginalStart);
    }

    /// <summary>Without the blanks at the ends.</summary>
    public NormalizedString Trim(bool left, bool right)
    {
        int end = right ? Chars.TrimEnd().Length : Length;
        int start = left ? end - Chars[..end].TrimStart().Length : 0;
        return new(_text, _start + start, end - start, OriginalStart);
    }

    public int CodePointAt(int index)
    {
        char c = Chars[index];
        return char.IsHighSurrogate(c) && index + 1 < Length ? char.ConvertToUtf32(c, Chars[index + 1]) : c;
    }

    public override string ToString() => Chars.ToString();

    private int Skip(int index, int characters)
    {
        for (; characters > 0 && index < Length; characters--)
            index += char.IsHighSurrogate(Chars[index]) ? 2 : 1;
        return index;
    }
}
