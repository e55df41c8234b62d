using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

public class OnigurumaPatternTests
{
    [Theory]
    [InlineData(@"\p{L}+", "ab 𝒜𝒷c 日本", "ab|𝒜𝒷c|日本")]
    [InlineData(@"[^\s\p{L}]", "a👍 b", "👍")]
    [InlineData(@"\p{N}{1,3}", "12𝟙𝟚34", "12𝟙|𝟚34")]
    [InlineData(@"\P{L}", "a1𝒜", "1")]
    [InlineData(@".", "a\n👍", "a|👍")]
    [InlineData(@"👍+", "👍👍a👍", "👍👍|👍")]
    [InlineData(@"a++b|a", "aab", "aab")]
    [InlineData(@"(?i:'s)|x", "'S'sX", "'S|'s")]
    [InlineData(@"[a-c&&[^b]]+", "abca", "a|ca")]
    [InlineData(@"[[:alpha:]_]+", "a_b 1", "a_b")]
    [InlineData(@"[\p{L}--]+", "a-b", "a-b")]
    [InlineData(@"^b$", "a\nb\nc", "b")]
    [InlineData(@"\x{1F44D}|\u3042|\x41", "👍あA", "👍|あ|A")]
    [InlineData(@"a{,2}b", "aaab", "aab")]
    [InlineData(@"a{x", "a{x", "a{x")]
    [InlineData(@"\bb\b", "b ab b²", "b")]
    [InlineData(@"(?<=a)b(?!c)", "abc ab", "b")]
    [InlineData(@"\w+", "x² ⓐ", "x²|ⓐ")]
    [InlineData(@"[\w]+", "x²", "x")]
    public void Finds_what_oniguruma_finds(string pattern, string text, string expected)
    {
        var matches = new List<Match>();
        new OnigurumaPattern(pattern).FindMatches(text, matches);

        Assert.Equal(expected, string.Join('|', matches.Select(m => text[m.Start..m.End])));
    }

    [Theory]
    [InlineData(@"\p{Klingon}")]
    [InlineData(@"(?m:a)")]
    [InlineData(@"\X")]
    [InlineData(@"[a")]
    [InlineData(@"a)")]
    [InlineData(@"(a")]
    [InlineData(@"\p")]
    public void Refuses_what_it_cannot_do(string pattern) =>
        Assert.Throws<FormatException>(() => new OnigurumaPattern(pattern));

    [Theory]
    [InlineData(WordPattern.Gpt2Source)]
    [InlineData(WordPattern.Llama3Source)]
    [InlineData(WordPattern.Qwen2Source)]
    public void The_written_out_patterns_are_the_regexes(string source)
    {
        var random = new NamedRandom("patterns", 1);
        string[] pieces = ["'", "s", "LL", "'re", "ſ", " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "a", "é", "日", "𝒜", "1", "²", "𝟙", ".", "👍", "-", "\u0301", "\u200D", "_"];
        var general = new OnigurumaPattern(source);
        for (int i = 0; i < 2000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Pick(pieces)));
            var expected = new List<Match>();
            var actual = new List<Match>();
            general.FindMatches(text, expected);
            WordPattern.For(source)!.FindMatches(text, actual);
            // .NET's regex does not fold the long s.
            if (!text.Contains('ſ', StringComparison.Ordinal)) Assert.Equal(expected, actual);
        }
    }
}
