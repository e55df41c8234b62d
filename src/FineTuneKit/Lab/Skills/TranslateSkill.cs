using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Translates noun phrases, English to Japanese and back; held-out pairings of words are never trained.</summary>
internal sealed class TranslateSkill() : Skill("translate", core: true)
{
    private static readonly Frame[] ToJapanese = Frame.Lines("""
        [Translate to Japanese|Translate into Japanese]: {x}
        [In Japanese|Japanese]: {x}
        [How do you say|What is] "{x}" in Japanese?
        [日本語に|日本語で]：{x}
        「{x}」を日本語に[訳して|翻訳して]ください。
        英語から日本語へ：{x}
        """);

    private static readonly Frame[] ToEnglish = Frame.Lines("""
        [Translate to English|Translate into English]: {x}
        [In English|English]: {x}
        What [is 「{x}」 in English|does 「{x}」 mean in English]?
        [英語に|英語で]：{x}
        「{x}」を英語に[訳して|翻訳して]ください。
        日本語から英語へ：{x}
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        bool toEnglish = random.Chance(0.5);
        var frame = random.Pick(toEnglish ? ToEnglish : ToJapanese);
        var tongue = Domain.IsJapanese(frame.Fill(random, ("x", ""))) ? Tongue.Japanese : Tongue.English;
        var turns = new List<(string, string)>();
        for (int i = Turns(random, side, 4); i > 0; i--)
        {
            var phrase = Phrase(random, side);
            turns.Add(toEnglish
                ? (frame.Fill(random, ("x", phrase.Japanese)), phrase.English)
                : (frame.Fill(random, ("x", phrase.English)), phrase.Japanese));
        }
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static Term Phrase(NamedRandom random, Side side)
    {
        Term phrase;
        do phrase = AnyPhrase(random); while (phrase.English.Contains(' ', StringComparison.Ordinal) && !side.Has(phrase.English));
        return phrase;
    }

    /// <summary>A phrase of one to four words; a single word is training text only by chance of its hash.</summary>
    internal static Term AnyPhrase(NamedRandom random)
    {
        var noun = random.Pick(Lexicon.Nouns);
        var adjective = random.Pick(random.Chance(0.35) ? Lexicon.Colours : Lexicon.Adjectives);
        switch (random.Next(10))
        {
            case 0: return noun;
            case 1 or 2: return After(random.Pick(Lexicon.Owners), noun);
            case 3: return After(random.Pick(Lexicon.Owners), After(adjective, noun));
            case 4: return After(random.Pick(Lexicon.Adjectives), After(random.Pick(Lexicon.Colours), noun));
            case 5:
                var second = random.Pick(Lexicon.Nouns);
                return second == noun ? noun : new Term($"{noun.English} and {second.English}", $"{noun.Japanese}と{second.Japanese}");
            default: return After(adjective, noun);
        }
    }

    private static Term After(Term first, Term noun) => new($"{first.English} {noun.English}", first.Japanese + noun.Japanese);
}
