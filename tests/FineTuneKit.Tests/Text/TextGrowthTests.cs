using System.Diagnostics;
using System.Text;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

/// <summary>A text without words, or of one kind of character, takes at most three times as long as prose of its length.</summary>
[Trait("Category", "Fixtures")]
public sealed class TextGrowthTests
{
    private const int Bytes = 90_000, Tries = 5;

    // What a pause of the collector or another process may take from so short a measurement.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(30);

    private static readonly string[] Units = ["a", "\u00A0", " ", "\n", "あ", "'", "\u0301", "😀"];

    public static TheoryData<string> Folders => FixtureFolder.Folders("tokenizers", "cases.json");

    [Theory, MemberData(nameof(Folders))]
    public void Time_is_linear_in_the_length(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        Tokenizer tokenizer = Tokenizer.Load(FixtureFolder.PathOf("tokenizers", name));
        string prose = Repeated(File.ReadAllText(FixtureFolder.PathOf("tokenizers", "sentencepiece", "botchan.txt")));
        TimeSpan most = 3 * Best(tokenizer, prose, TimeSpan.Zero) + Slack;
        foreach (string unit in Units)
        {
            TimeSpan taken = Best(tokenizer, Repeated(unit), most);
            Assert.True(taken <= most, $"{Bytes} bytes of '{unit}' take {taken.TotalMilliseconds:F0} ms; three times prose is {most.TotalMilliseconds:F0} ms");
        }
    }

    private static string Repeated(string text)
    {
        int size = Encoding.UTF8.GetByteCount(text);
        return size > Bytes ? text[..(int)((long)text.Length * Bytes / size)] : string.Concat(Enumerable.Repeat(text, Bytes / size));
    }

    // The first of some tries that is within the limit; of prose, whose limit is nothing, the best.
    private static TimeSpan Best(Tokenizer tokenizer, string text, TimeSpan limit)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < Tries && best > limit; i++)
        {
            long start = Stopwatch.GetTimestamp();
            tokenizer.Encode(text);
            TimeSpan taken = Stopwatch.GetElapsedTime(start);
            if (taken < best) best = taken;
        }
        return best;
    }
}
