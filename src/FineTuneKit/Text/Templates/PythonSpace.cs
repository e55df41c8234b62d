using System.Buffers;

namespace FineTuneKit.Text.Templates;

/// <summary>White space as Python's str knows it: .NET's, and U+001C to U+001F.</summary>
internal static class PythonSpace
{
    /// <summary>All of it; no character beyond the basic plane is among it.</summary>
    public static SearchValues<char> All { get; } = SearchValues.Create(
        "\t\n\v\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000");

    public static bool Is(char c) => c <= ' ' ? c is ' ' or (>= '\t' and <= '\r') or (>= '\u001C' and <= '\u001F') : c > '\u0084' && All.Contains(c);

    public static string Trim(string text) => TrimEnd(TrimStart(text));

    public static string TrimStart(string text)
    {
        int start = text.AsSpan().IndexOfAnyExcept(All);
        return start switch { 0 => text, < 0 => "", _ => text[start..] };
    }

    public static string TrimEnd(string text) => text[..(text.AsSpan().LastIndexOfAnyExcept(All) + 1)];
}
