namespace FineTuneKit.Lab.World;

/// <summary>The two languages of the mini world.</summary>
public enum Tongue
{
    /// <summary>English.</summary>
    English,

    /// <summary>Japanese.</summary>
    Japanese,
}

/// <summary>A word or a value in both languages.</summary>
/// <param name="English">As it stands in an English sentence.</param>
/// <param name="Japanese">As it stands in a Japanese sentence.</param>
public sealed record Term(string English, string Japanese)
{
    /// <summary>The form in one of the languages.</summary>
    public string In(Tongue tongue) => tongue == Tongue.English ? English : Japanese;

    /// <summary>Reads <c>dog=犬; cat=猫</c>; line breaks count as spaces.</summary>
    public static Term[] Parse(string text) =>
        [.. text.ReplaceLineEndings(" ").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => new Term(pair[0].Trim(), pair[1].Trim()))];
}

/// <summary>Short forms that the grammars use.</summary>
internal static class Tongues
{
    /// <summary>The ISO 639-1 code.</summary>
    internal static string Code(this Tongue tongue) => tongue == Tongue.English ? "en" : "ja";

    /// <summary>English slightly more often: its sentences are longer in tokens but poorer in signs.</summary>
    internal static Tongue PickTongue(this NamedRandom random) => random.Chance(0.52) ? Tongue.English : Tongue.Japanese;

    internal static Tongue Other(this Tongue tongue) => tongue == Tongue.English ? Tongue.Japanese : Tongue.English;

    /// <summary>The first letter of an English sentence as a capital.</summary>
    internal static string Capitalised(this string text) =>
        text.Length > 0 && char.IsAsciiLetterLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    /// <summary>Distinct items in random order.</summary>
    internal static T[] PickSome<T>(this NamedRandom random, IReadOnlyList<T> items, int count)
    {
        var copy = items.ToArray();
        random.Shuffle(copy);
        return copy[..Math.Min(count, copy.Length)];
    }
}
