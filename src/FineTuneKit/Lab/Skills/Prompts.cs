using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Ways of asking, in both languages.</summary>
/// <param name="English">Patterns with the slots of the skill.</param>
/// <param name="Japanese">The same in Japanese.</param>
internal sealed record Prompts(Frame[] English, Frame[] Japanese)
{
    private static readonly Prompts SystemLines = Of("""
        You are a helpful assistant.
        Answer briefly[.| and exactly.]
        [Do exactly|Do just] what is asked.
        You work carefully. Give only the answer.
        Reply with the answer and nothing else.
        """, """
        あなたは親切な助手です。
        [簡潔に|短く]答えてください。
        答えだけを書いてください。
        [指示|質問]に正確に答えます。
        """);

    /// <summary>Reads patterns, one a line.</summary>
    internal static Prompts Of(string english, string japanese) => new(Frame.Lines(english), Frame.Lines(japanese));

    /// <summary>A way of asking, filled. The first pattern of each language is the commonest.</summary>
    internal string Ask(NamedRandom random, Tongue tongue, params ReadOnlySpan<(string Slot, string Value)> slots)
    {
        var frames = tongue == Tongue.English ? English : Japanese;
        return (random.Chance(0.3) ? frames[0] : random.Pick(frames)).Fill(random, slots);
    }

    /// <summary>A general system line, or none as a rule.</summary>
    internal static string? System(NamedRandom random, Tongue tongue) =>
        random.Chance(0.12) ? SystemLines.Ask(random, tongue) : null;
}
