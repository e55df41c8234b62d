using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>
/// Texts counted and cut by Unicode code points, as Python does; .NET counts UTF-16 units. Half of a surrogate pair
/// counts as one.
/// </summary>
internal static class CodePoints
{
    public static int Length(ReadOnlySpan<char> text)
    {
        int pairs = 0;
        for (int at = 0; (at = NextHigh(text, at)) >= 0; at++)
        {
            if (at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1])) continue;
            pairs++;
            at++;
        }
        return text.Length - pairs;
    }

    /// <summary>Whether a place in code points is one in UTF-16 units.</summary>
    public static bool AreUnits(ReadOnlySpan<char> text) => !text.ContainsAnyInRange('\uD800', '\uDBFF');

    /// <summary>The code points of a text, each a text of its own.</summary>
    public static IEnumerable<string> Split(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = char.IsSurrogatePair(text, at) ? 2 : 1;
            yield return length == 1 && text[at] < 128 ? Ascii[text[at]] : text.Substring(at, length);
            at += length;
        }
    }

    /// <summary>The place in UTF-16 units of a place in code points, from 0 to the text's length.</summary>
    public static int UnitOf(string text, int codePoint)
    {
        if (AreUnits(text)) return Math.Min(codePoint, text.Length);
        int at = 0;
        for (; codePoint > 0 && at < text.Length; codePoint--) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return at;
    }

    /// <summary>The part between two places in code points.</summary>
    public static string Slice(string text, int start, int end)
    {
        if (start >= end) return "";
        int first = UnitOf(text, start);
        return AreUnits(text) ? text[first..Math.Min(end, text.Length)] : text[first..UnitOf(text, end)];
    }

    public static string Reverse(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int at = text.Length; at > 0;)
        {
            int length = at > 1 && char.IsSurrogatePair(text[at - 2], text[at - 1]) ? 2 : 1;
            at -= length;
            result.Append(text, at, length);
        }
        return result.ToString();
    }

    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];

    private static int NextHigh(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length) return -1;
        int next = text[at..].IndexOfAnyInRange('\uD800', '\uDBFF');
        return next < 0 ? -1 : at + next;
    }
}
