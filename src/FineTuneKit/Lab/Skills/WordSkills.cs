using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Draws the words that word skills work on: common ones, invented ones, codes and numbers.</summary>
internal static class WordDraw
{
    internal static string Word(NamedRandom random, Side side, Tongue tongue) => random.Next(10) switch
    {
        < 5 => random.Pick(Lexicon.Nouns).In(tongue).Replace(" ", "", StringComparison.Ordinal),
        < 7 => tongue == Tongue.English ? Names.Nonsense(random, side) : Names.Katakana(random, side),
        7 => Names.Latin(random, side),
        8 => Names.Code(random, side),
        _ => random.Next(2, 1000).ToString(),
    };

    internal static string[] Words(NamedRandom random, Side side, Tongue tongue, int count)
    {
        bool plain = random.Chance(0.5);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (words.Count < count)
            words.Add(plain ? random.Pick(Lexicon.Nouns).In(tongue).Replace(" ", "", StringComparison.Ordinal) : Word(random, side, tongue));
        return [.. words];
    }
}

/// <summary>Repeats words, names, codes or a sentence as they are.</summary>
internal sealed class CopySkill() : Skill("copy", core: true)
{
    private const int LongestLine = 160;

    private static readonly Prompts Ways = Prompts.Of("""
        [Repeat|Copy|Say again]: {x}
        [Repeat|Copy] this: {x}
        Write the same text[ again|]: {x}
        Copy exactly what follows.¶{x}
        {x}¶[Repeat|Copy] the line above.
        Echo "{x}"
        """, """
        [繰り返してください|そのまま書いてください]：{x}
        [次の文字|次の言葉]を[そのまま写して|繰り返して]ください。¶{x}
        復唱：{x}
        {x}¶上の行を写してください。
        「{x}」と書いてください。
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        string text = Text(random, side, tongue);
        return Item(tongue, Prompts.System(random, tongue), (Ways.Ask(random, tongue, ("x", text)), text));
    }

    private static string Text(NamedRandom random, Side side, Tongue tongue) => random.Next(16) switch
    {
        0 => Names.Product(random, side, tongue),
        1 => Happening.Draw(random, side, tongue).Text,
        2 => Names.Title(random, side, tongue),
        3 => Names.Code(random, side),
        4 => string.Join(", ", Enumerable.Range(0, random.Next(2, 6)).Select(_ => Names.Code(random, side))),
        < 9 => Line(random, side),
        _ => string.Join(' ', WordDraw.Words(random, side, tongue, random.Next(1, 8))),
    };

    // A line that another skill reads. What is only ever read is never learnt as output, and while embedding and head are
    // frozen, as under LoRA, a token that was never written cannot be written later either.
    private static string Line(NamedRandom random, Side side)
    {
        var others = GeneralSkills.All.Where(skill => skill is not CopySkill).ToArray();
        while (true)
        {
            string[] lines = random.Pick(others).Make(random, side.HeldOut).Messages[^1].Content.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string line = random.Pick(lines).Trim();
            if (line.Length is > 0 and <= LongestLine) return line;
        }
    }
}

/// <summary>Writes words in the opposite order.</summary>
internal sealed class ReverseSkill() : Skill("reverse", core: true)
{
    private static readonly Prompts Ways = Prompts.Of("""
        Reverse the words: {x}
        [Write|Give] the words in [reverse|the opposite] order: {x}
        [Last word first|Backwards, word by word]: {x}
        {x}¶Now the same words from the last to the first.
        """, """
        語順を逆に[してください|]：{x}
        [単語|言葉]を逆の順に[書いて|並べて]ください：{x}
        後ろから順に：{x}
        {x}¶最後の語から順に書いてください。
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        string[] words = WordDraw.Words(random, side, tongue, random.Next(2, side.HeldOut ? 6 : 7));
        return Item(tongue, Prompts.System(random, tongue), (Ways.Ask(random, tongue, ("x", string.Join(' ', words))), string.Join(' ', words.Reverse())));
    }
}

/// <summary>Cheap skills on words: capitals, first and last letter, spelling, counting, first and last word, joining.</summary>
internal sealed class LettersSkill() : Skill("letters", core: false)
{
    private sealed record Way(Prompts Ask, Func<string[], string> Answer, int Words, bool LatinOnly);

    private static readonly Way[] Ways =
    [
        new(Prompts.Of("[In capitals|Upper case|Write in capital letters]: {x}", "大文字で[書いてください|]：{x}"), w => w[0].ToUpperInvariant(), 1, LatinOnly: true),
        new(Prompts.Of("[In small letters|Lower case]: {x}", "小文字で[書いてください|]：{x}"), w => w[0].ToLowerInvariant(), 1, LatinOnly: true),
        new(Prompts.Of("[First letter of|What is the first letter of] {x}?", "{x}の最初の[文字|一文字]は？"), w => w[0][..1], 1, LatinOnly: false),
        new(Prompts.Of("[Last letter of|What is the last letter of] {x}?", "{x}の最後の[文字|一文字]は？"), w => w[0][^1..], 1, LatinOnly: false),
        new(Prompts.Of("[Spell|Spell out] {x}[.|, letter by letter.]", "{x}を一文字ずつ[書いてください|]。"), w => string.Join(' ', w[0].ToCharArray()), 1, LatinOnly: false),
        new(Prompts.Of("How many words[ are there|]: {x}?", "単語はいくつですか：{x}"), w => w.Length.ToString(), 0, LatinOnly: false),
        new(Prompts.Of("[First word|Which word comes first]: {x}?", "最初の[語|単語]は？ {x}"), w => w[0], 0, LatinOnly: false),
        new(Prompts.Of("[Last word|Which word comes last]: {x}?", "最後の[語|単語]は？ {x}"), w => w[^1], 0, LatinOnly: false),
        new(Prompts.Of("Join with hyphens: {x}", "ハイフンでつないでください：{x}"), w => string.Join('-', w), 0, LatinOnly: false),
        new(Prompts.Of("[Put|Set] commas between: {x}", "コンマで区切ってください：{x}"), w => string.Join(", ", w), 0, LatinOnly: false),
        new(Prompts.Of("Which word comes after {0} in: {x}?", "{x}：{0}の次の語は？"), w => w[1], 0, LatinOnly: false),
        new(Prompts.Of("Leave out {0}: {x}", "{0}を除いてください：{x}"), w => string.Join(' ', w[1..]), 0, LatinOnly: false),
    ];

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var way = random.Pick(Ways);
        string[] words = way.Words == 1
            ? [way.LatinOnly || random.Chance(0.3) ? Names.Latin(random, side) : random.Pick(Lexicon.Nouns).In(tongue).Replace(" ", "", StringComparison.Ordinal)]
            : WordDraw.Words(random, side, tongue, random.Next(2, 8));
        string prompt = way.Ask.Ask(random, tongue, ("x", string.Join(' ', words)), ("0", words[0]));
        return Item(tongue, Prompts.System(random, tongue), (prompt, way.Answer(words)));
    }
}
