using System.Globalization;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>
/// The word patterns of GPT-2, Llama 3 and Qwen 2, written out: linear in the text, and on code points, so that
/// letters and digits beyond the basic plane count as such.
/// </summary>
internal sealed class WordPattern : ITextPattern
{
    /// <summary>GPT-2's pattern: runs of letters or digits, each with the space before it.</summary>
    public const string Gpt2Source =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's (and cl100k's) pattern: up to three digits together.</summary>
    public const string Llama3Source = ModernStart + @"\p{N}{1,3}" + ModernEnd;

    /// <summary>Qwen 2's pattern: every digit alone.</summary>
    public const string Qwen2Source = ModernStart + @"\p{N}" + ModernEnd;

    private const string ModernStart = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string ModernEnd = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly byte[] Kinds = KindsOfBasicPlane();

    private readonly bool _modern;
    private readonly int _digitsTogether;

    private WordPattern(bool modern, int digitsTogether) => (_modern, _digitsTogether) = (modern, digitsTogether);

    public static WordPattern Gpt2 { get; } = new(modern: false, int.MaxValue);

    public static WordPattern Llama3 { get; } = new(modern: true, 3);

    public static WordPattern Qwen2 { get; } = new(modern: true, 1);

    private enum Kind : byte
    {
        Other,
        Letter,
        Number,
        Space,
    }

    /// <summary>The pattern written out for a regex, or null where there is none.</summary>
    public static WordPattern? For(string regex) => regex switch
    {
        Gpt2Source => Gpt2,
        Llama3Source => Llama3,
        Qwen2Source => Qwen2,
        _ => null,
    };

    public void FindMatches(ReadOnlySpan<char> text, List<Match> matches)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = _modern ? ModernWord(text, start) : Gpt2Word(text, start);
            matches.Add(new(start, end));
            start = end;
        }
    }

    private static int Gpt2Word(ReadOnlySpan<char> text, int start)
    {
        int end = Contraction(text, start, ignoreCase: false);
        if (end > start) return end;
        int body = text[start] == ' ' ? start + 1 : start;
        if (body < text.Length && KindAt(text, body, out _) is var kind && kind != Kind.Space)
            return Run(text, body, kind, int.MaxValue);
        return Blanks(text, start, SpaceRun(text, start));
    }

    private int ModernWord(ReadOnlySpan<char> text, int start)
    {
        int end = Contraction(text, start, ignoreCase: true);
        if (end > start) return end;
        Kind kind = KindAt(text, start, out int length);
        int next = start + length;
        if (kind == Kind.Letter) return Run(text, start, Kind.Letter, int.MaxValue);
        if (kind == Kind.Number) return Run(text, start, Kind.Number, _digitsTogether);
        if (text[start] is not ('\r' or '\n') && IsKind(text, next, Kind.Letter)) return Run(text, next, Kind.Letter, int.MaxValue);
        if (kind == Kind.Other) return Newlines(text, Run(text, start, Kind.Other, int.MaxValue));
        if (text[start] == ' ' && IsKind(text, next, Kind.Other)) return Newlines(text, Run(text, next, Kind.Other, int.MaxValue));

        int run = SpaceRun(text, start);
        int newline = text[start..run].LastIndexOfAny('\r', '\n');
        return newline >= 0 ? start + newline + 1 : Blanks(text, start, run);
    }

    /// <summary>Blanks before a word leave their last one to it.</summary>
    private static int Blanks(ReadOnlySpan<char> text, int start, int end) =>
        end < text.Length && end - start > 1 ? end - 1 : end;

    private static int Newlines(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is '\r' or '\n') at++;
        return at;
    }

    private static int SpaceRun(ReadOnlySpan<char> text, int at)
    {
        while (IsKind(text, at, Kind.Space)) at++;
        return at;
    }

    private static int Run(ReadOnlySpan<char> text, int at, Kind kind, int most)
    {
        for (int count = 0; count < most && at < text.Length && KindAt(text, at, out int length) == kind; count++) at += length;
        return at;
    }

    private static bool IsKind(ReadOnlySpan<char> text, int at, Kind kind) => at < text.Length && KindAt(text, at, out _) == kind;

    private static int Contraction(ReadOnlySpan<char> text, int start, bool ignoreCase)
    {
        if (text[start] != '\'' || start + 1 >= text.Length) return start;
        char first = Fold(text[start + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd') return start + 2;
        if (start + 2 >= text.Length) return start;
        char second = Fold(text[start + 2], ignoreCase);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? start + 3 : start;
    }

    // Unicode folds the long s to s; no other letter outside ASCII folds to one of these.
    private static char Fold(char c, bool ignoreCase) =>
        !ignoreCase ? c : c == '\u017F' ? 's' : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int length)
    {
        char c = text[at];
        if (!char.IsHighSurrogate(c) || at + 1 >= text.Length)
        {
            length = 1;
            return (Kind)Kinds[c];
        }
        length = 2;
        return KindOf(char.ConvertToUtf32(c, text[at + 1]));
    }

    private static Kind KindOf(int codePoint)
    {
        if (codePoint < 0x10000 && char.IsWhiteSpace((char)codePoint)) return Kind.Space;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }

    private static byte[] KindsOfBasicPlane()
    {
        byte[] kinds = new byte[0x10000];
        for (int i = 0; i < kinds.Length; i++) kinds[i] = (byte)KindOf(i);
        return kinds;
    }
}
