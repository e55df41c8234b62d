namespace FineTuneKit.Lab.World;

/// <summary>What a letter may be about, with its ways of saying so.</summary>
public sealed record Topic(Term Name, Frame[] English, Frame[] Japanese)
{
    /// <summary>The sentence patterns in one of the languages.</summary>
    public Frame[] Frames(Tongue tongue) => tongue == Tongue.English ? English : Japanese;
}

/// <summary>A house that gets letters: a library, a hotel, a clinic. Its patterns use <c>{x}</c> for the thing in question.</summary>
/// <param name="Name">What the house is.</param>
/// <param name="Kinds">Common nouns of its things.</param>
/// <param name="CodeNames">What its reference codes are called.</param>
/// <param name="Titles">True where its things bear titles, not product names.</param>
/// <param name="Topics">What its letters are about; at least four.</param>
public sealed record Domain(Term Name, Term[] Kinds, Term[] CodeNames, bool Titles, Topic[] Topics)
{
    /// <summary>
    /// Reads a house: <c>name</c>, <c>kinds</c> and <c>codes</c> as terms, <c>titles</c> or <c>products</c>, then <c>== topic=話題</c>
    /// with one pattern a line; a line with kana or kanji is Japanese.
    /// </summary>
    public static Domain Parse(string text)
    {
        string[] blocks = text.Split("==", StringSplitOptions.TrimEntries);
        var head = blocks[0].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .ToDictionary(field => field[0], field => field[1]);
        return new Domain(Term.Parse(head["name"])[0], Term.Parse(head["kinds"]), Term.Parse(head["codes"]), head["things"] == "titles",
            [.. blocks[1..].Select(ParseTopic)]);
    }

    /// <summary>True where the text has a sign of Japanese writing.</summary>
    public static bool IsJapanese(string text) => text.Any(c => c is >= '\u3040' and <= '\u30ff' or >= '\u4e00' and <= '\u9fff');

    internal static Topic ParseTopic(string block)
    {
        string[] lines = block.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new Topic(Term.Parse(lines[0])[0],
            [.. lines[1..].Where(line => !IsJapanese(line)).Select(Frame.Parse)],
            [.. lines[1..].Where(IsJapanese).Select(Frame.Parse)]);
    }
}
