namespace FineTuneKit.Lab.World;

/// <summary>How soon a letter asks to be answered.</summary>
public enum Haste
{
    /// <summary>The letter does not say.</summary>
    Unsaid,

    /// <summary>At once or today.</summary>
    Today,

    /// <summary>Within some days.</summary>
    ThisWeek,

    /// <summary>Whenever it suits.</summary>
    NoHurry,
}

/// <summary>How the writer of a letter feels.</summary>
public enum Mood
{
    /// <summary>Friendly or plain.</summary>
    Calm,

    /// <summary>Displeased, but civil.</summary>
    Annoyed,

    /// <summary>Furious.</summary>
    Angry,
}

/// <summary>A message to some house, with what is true of it.</summary>
/// <param name="Text">The message.</param>
/// <param name="Domain">The house it is written to.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Tongue">The language it is written in.</param>
/// <param name="Item">The invented name of the thing in question, as written; null where only its kind or nothing is named.</param>
/// <param name="Code">The reference code, as written; null where there is none.</param>
/// <param name="Person">Who signs; null where nobody does.</param>
/// <param name="Haste">How soon.</param>
/// <param name="Mood">In which mood.</param>
public sealed record Letter(string Text, Domain Domain, Topic Topic, Tongue Tongue, string? Item, string? Code, string? Person, Haste Haste, Mood Mood);
