namespace FineTuneKit.Text;

/// <summary>Text under change: for each UTF-16 unit, the code points of the original that it stands for.</summary>
internal sealed class AlignedText(int capacity)
{
    private char[] _chars = new char[capacity];
    private int[] _from = new int[capacity];
    private int[] _to = new int[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    /// <summary>Start of the original's range, in code points.</summary>
    public int From(int index) => _from[index];

    /// <summary>End of the original's range, in code points, exclusive.</summary>
    public int To(int index) => _to[index];

    public void Append(char c, int from, int to)
    {
        if (Length == _chars.Length) Grow(Length + 1);
        _chars[Length] = c;
        _from[Length] = from;
        _to[Length] = to;
        Length++;
    }

    public void Append(int codePoint, int from, int to)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint, from, to);
            return;
        }
        Append((char)(0xD800 + ((codePoint - 0x10000) >> 10)), from, to);
        Append((char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF)), from, to);
    }

    public void Append(NormalizedString text)
    {
        if (Length + text.Length > _chars.Length) Grow(Length + text.Length);
        text.CopyTo(_chars.AsSpan(Length), _from.AsSpan(Length), _to.AsSpan(Length));
        Length += text.Length;
    }

    public void RemoveLast() => Length--;

    public void CopyTo(int start, int length, Span<char> chars, Span<int> from, Span<int> to)
    {
        _chars.AsSpan(start, length).CopyTo(chars);
        _from.AsSpan(start, length).CopyTo(from);
        _to.AsSpan(start, length).CopyTo(to);
    }

    private void Grow(int needed)
    {
        int size = Math.Max(needed, Math.Max(16, _chars.Length * 2));
        Array.Resize(ref _chars, size);
        Array.Resize(ref _from, size);
        Array.Resize(ref _to, size);
    }
}
