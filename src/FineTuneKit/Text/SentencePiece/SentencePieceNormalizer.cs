using System.Text;

namespace FineTuneKit.Text;

/// <summary>
/// SentencePiece's own normalisation: the longest rule at each place, blanks collapsed and written as <c>▁</c>, one more of
/// them before the text (or after it). User-defined pieces stay as they are.
/// </summary>
internal sealed class SentencePieceNormalizer(SentencePieceRules rules, bool blanksAsSuffix, TokenTrie? kept) : INormalizer
{
    public const char BlankSymbol = '\u2581';

    private char Blank => rules.EscapeBlanks ? BlankSymbol : ' ';

    public NormalizedString Normalize(NormalizedString text)
    {
        List<Part> parts = Parts(text);
        int first = rules.RemoveExtraBlanks ? parts.TakeWhile(p => p.Text == " ").Count() : 0;
        var result = new AlignedText(text.Length + 1);
        if (first < parts.Count) Write(parts, first, result);
        return new(result, 0, result.Length, text.OriginalStart);
    }

    /// <summary>A stretch of the original, in code points, and what becomes of it.</summary>
    private readonly record struct Part(string Text, int From, int To);

    private void Write(List<Part> parts, int first, AlignedText result)
    {
        int consumed = parts[first].From;
        if (rules.DummyPrefix && !blanksAsSuffix) result.Append(Blank, consumed, consumed);
        bool afterBlank = rules.RemoveExtraBlanks;
        for (int i = first; i < parts.Count; i++)
        {
            ReadOnlySpan<char> written = parts[i].Text;
            if (afterBlank) written = written.TrimStart(' ');
            foreach (char c in written) result.Append(c == ' ' ? Blank : c, parts[i].From, parts[i].To);
            if (!written.IsEmpty) afterBlank = rules.RemoveExtraBlanks && written[^1] == ' ';
        }
        if (rules.RemoveExtraBlanks)
        {
            while (result.Length > 0 && result.Chars[^1] == Blank) result.RemoveLast();
        }
        if (!rules.DummyPrefix || !blanksAsSuffix) return;
        int end = result.Length > 0 ? result.To(result.Length - 1) : consumed;
        result.Append(Blank, end, end);
    }

    private List<Part> Parts(NormalizedString text)
    {
        var parts = new List<Part>(text.Length);
        ReadOnlySpan<char> chars = text.Chars;
        byte[] utf8 = rules.Map is null ? [] : Encoding.UTF8.GetBytes(chars.ToArray());
        int bytes = 0;
        for (int at = 0; at < chars.Length;)
        {
            int width = kept?.Longest(chars[at..], out _) ?? 0;
            string? replacement = width == 0 ? rules.Map?.Longest(utf8.AsSpan(bytes), out width) : null;
            if (replacement is not null) width = Encoding.UTF8.GetCharCount(utf8, bytes, width);
            else if (width == 0) width = CharacterWidth(chars[at..]);
            int end = at + width;
            parts.Add(new(replacement ?? chars[at..end].ToString(), text.From(at), text.To(end - 1)));
            if (rules.Map is not null) bytes += Encoding.UTF8.GetByteCount(chars[at..end]);
            at = end;
        }
        return parts;
    }

    private static int CharacterWidth(ReadOnlySpan<char> text) => char.IsHighSurrogate(text[0]) && text.Length > 1 ? 2 : 1;
}
