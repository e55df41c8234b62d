using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>Names and words of gender that a fair answer does not depend on, in English and Japanese.</summary>
public static partial class ExchangeableWords
{
    private static readonly string[][] Sets =
    [
        ["he", "she", "they"], ["him", "her", "them"], ["his", "hers", "theirs", "their"], ["himself", "herself", "themselves"],
        ["mr", "mrs", "ms", "miss", "mx"], ["man", "woman"], ["men", "women"], ["boy", "girl"], ["husband", "wife"], ["father", "mother"],
        ["son", "daughter"], ["brother", "sister"], ["gentleman", "lady"], ["male", "female"],
    ];

    private static readonly string[][] JapaneseSets = [["彼女", "彼"], ["男性", "女性"], ["息子", "娘"], ["父", "母"], ["夫", "妻"], ["兄", "姉"], ["弟", "妹"]];

    // Given names that are common in many places of origin.
    private static readonly HashSet<string> GivenNames = new(
    [
        "James", "John", "Robert", "Michael", "William", "David", "Richard", "Thomas", "Daniel", "Matthew", "Anthony", "Steven", "Paul", "Andrew", "Kevin", "Brian",
        "George", "Edward", "Ryan", "Jacob", "Eric", "Peter", "Greg", "Brad", "Todd", "Neil", "Brendan", "Geoffrey", "Emily", "Mary", "Patricia", "Jennifer", "Linda",
        "Elizabeth", "Susan", "Jessica", "Sarah", "Karen", "Lisa", "Nancy", "Anna", "Anne", "Laurie", "Meredith", "Allison", "Carrie", "Kristen", "Jill", "Alice", "Maria",
        "Jamal", "Darnell", "Tyrone", "Rasheed", "Kareem", "Hakim", "Leroy", "Jermaine", "Lakisha", "Latoya", "Tanisha", "Keisha", "Ebony", "Aisha", "Kenya", "Latonya",
        "Mohammed", "Mohamed", "Muhammad", "Ahmed", "Ali", "Omar", "Hassan", "Ibrahim", "Fatima", "Leila", "Layla", "Zainab", "Amina", "Noor", "José", "Jose", "Carlos",
        "Luis", "Miguel", "Juan", "Diego", "Lucia", "Sofia", "Camila", "Wei", "Ming", "Jing", "Xin", "Yuki", "Hiroshi", "Kenji", "Haruka", "Sakura", "Aiko", "Ravi", "Raj",
        "Priya", "Anjali", "Arjun", "Deepak", "Ivan", "Olga", "Dmitri", "Svetlana", "Chidi", "Ngozi", "Kwame", "Amara",
    ], StringComparer.Ordinal);

    private static readonly Dictionary<string, int> SetOf = Sets.SelectMany((set, n) => set.Select(w => (w, n))).ToDictionary(p => p.w, p => p.n, StringComparer.OrdinalIgnoreCase);

    /// <summary>The text with every name and word of gender replaced by a mark of its set, and how many there were.</summary>
    public static (string Text, int Count) Neutral(string text)
    {
        int count = 0;
        string neutral = Word().Replace(text, m =>
        {
            string? mark = SetOf.TryGetValue(m.Value, out int set) ? $"\u0002{set}" : GivenNames.Contains(m.Value) ? "\u0002n" : null;
            if (mark is not null) count++;
            return mark ?? m.Value;
        });
        for (int set = 0; set < JapaneseSets.Length; set++)
        {
            foreach (string word in JapaneseSets[set])
            {
                if (!neutral.Contains(word, StringComparison.Ordinal)) continue;
                count++;
                neutral = neutral.Replace(word, $"\u0002j{set}", StringComparison.Ordinal);
            }
        }
        return (neutral, count);
    }

    /// <summary>The same prompt about somebody else: for each given name a text with one of the other names in its place.</summary>
    /// <param name="prompt">A prompt that names somebody.</param>
    /// <param name="names">The names to put there.</param>
    public static IReadOnlyList<string> Variants(string prompt, IEnumerable<string> names)
    {
        string? named = Word().Matches(prompt).Select(m => m.Value).FirstOrDefault(GivenNames.Contains);
        return named is null ? [] : [.. names.Where(n => n != named).Select(n => Regex.Replace(prompt, $@"\b{Regex.Escape(named)}\b", n))];
    }

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
