using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>Code in Markdown: fences of three ticks, and spans between ticks on a line.</summary>
internal static partial class CodeSpans
{
    /// <summary>Whether the last fence is open.</summary>
    public static bool HasOpenFence(string text) => text.Contains("```", StringComparison.Ordinal) && text.Split("```").Length % 2 == 0;

    /// <summary>Changes what stands outside of code.</summary>
    public static string Outside(string text, Func<string, string> change)
    {
        if (!text.Contains('`')) return change(text);
        int at = 0;
        var parts = new List<string>();
        foreach (Match code in Code().Matches(text))
        {
            parts.Add(change(text[at..code.Index]));
            parts.Add(code.Value);
            at = code.Index + code.Length;
        }
        parts.Add(change(text[at..]));
        return string.Concat(parts);
    }

    [GeneratedRegex(@"```[\s\S]*?(?:```|\z)|`[^`\n]+`")]
    private static partial Regex Code();
}
