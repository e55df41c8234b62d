using System.Text;

namespace FineTuneKit.Text;

/// <summary>GPT-2's printable stand-ins for the 256 bytes (encoder.py of openai/gpt-2).</summary>
internal static class ByteAlphabet
{
    private const int Stands = 324;

    private static readonly char[] Chars = MakeChars();
    private static readonly short[] Bytes = MakeBytes();

    public static char CharOf(byte value) => Chars[value];

    /// <summary>The byte that a character stands for, or -1.</summary>
    public static int ByteOf(char c) => c < Stands ? Bytes[c] : -1;

    /// <summary>Writes a text as the stand-ins of its UTF-8 bytes, each aligned to the character it comes from.</summary>
    public static NormalizedString Write(NormalizedString text, AlignedText target)
    {
        int start = target.Length, read = 0;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.Chars.EnumerateRunes())
        {
            int from = text.From(read), to = text.To(read);
            int count = rune.EncodeToUtf8(utf8);
            foreach (byte b in utf8[..count]) target.Append(Chars[b], from, to);
            read += rune.Utf16SequenceLength;
        }
        return new(target, start, target.Length - start, text.OriginalStart);
    }

    private static char[] MakeChars()
    {
        var chars = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
            chars[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : (char)next++;
        return chars;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[Stands];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++) bytes[Chars[b]] = (short)b;
        return bytes;
    }
}
