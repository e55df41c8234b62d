namespace FineTuneKit.Data;

/// <summary>A word that is written in several ways, and how it is to be written.</summary>
/// <param name="Written">How it stands in the data; a whole word where it is of letters with spaces between words.</param>
/// <param name="Wanted">How it is to be written.</param>
public sealed record Term(string Written, string Wanted);

/// <summary>What <see cref="DataCleaning"/> changes and drops. Changes come first, in the order of the properties, then what is to be dropped.</summary>
public sealed record CleaningOptions
{
    /// <summary>Default <c>NFC</c>; <c>NFKC</c> also makes full-width letters ASCII and ligatures letters; <c>none</c>.</summary>
    public string Normalization { get; init; } = "NFC";

    /// <summary>Default true: UTF-8 that was read as Windows-1252 or Shift-JIS is read again; what cannot be is dropped.</summary>
    public bool Mojibake { get; init; } = true;

    /// <summary>Default true: tags and entities of HTML go, outside of code.</summary>
    public bool Html { get; init; } = true;

    /// <summary>Default true: characters that control and show nothing go.</summary>
    public bool ControlCharacters { get; init; } = true;

    /// <summary>Default true: line ends become LF, no-break spaces become spaces, white space at the end of lines and around the text goes.</summary>
    public bool WhiteSpace { get; init; } = true;

    /// <summary>Default none. Terms to unify.</summary>
    public IReadOnlyList<Term> Terms { get; init; } = [];

    /// <summary>Default true: rows without an answer go.</summary>
    public bool EmptyAnswers { get; init; } = true;

    /// <summary>Default true: rows with a code fence that is not closed go.</summary>
    public bool CodeFences { get; init; } = true;

    /// <summary>Default false, for the task may be translation: rows whose answer is in another script than the prompt go.</summary>
    public bool OtherScripts { get; init; }

    /// <summary>Default true: of rows that say the same, but for white space, the first stays.</summary>
    public bool ExactDuplicates { get; init; } = true;

    /// <summary>Default null. Rows of fewer tokens go.</summary>
    public int? FewestTokens { get; init; }

    /// <summary>Default null. Rows of more tokens go.</summary>
    public int? MostTokens { get; init; }

    /// <summary>How many tokens a text has; required where a limit is set.</summary>
    public Func<string, int>? CountTokens { get; init; }

    internal void Check()
    {
        if (Normalization is not ("NFC" or "NFKC" or "none")) throw new InputException($"the normalization is \"{Normalization}\"; NFC, NFKC or none is required");
        if ((FewestTokens ?? MostTokens) is not null && CountTokens is null) throw new InputException("a limit in tokens is set without a tokeniser to count them; CountTokens is required");
        if (FewestTokens > MostTokens) throw new InputException($"at least {FewestTokens} and at most {MostTokens} tokens; the least has to be no more than the most");
        if (Terms.FirstOrDefault(t => t.Written.Length == 0) is { } empty) throw new InputException($"a term without text is to become \"{empty.Wanted}\"; a text is required");
    }
}
