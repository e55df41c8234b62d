namespace FineTuneKit.Text;

/// <summary>A match, in UTF-16 units.</summary>
internal readonly record struct Match(int Start, int End);

/// <summary>Finds what a text is split at, or what is replaced in it.</summary>
internal interface ITextPattern
{
    /// <summary>Adds the matches from left to right, none overlapping another.</summary>
    void FindMatches(ReadOnlySpan<char> text, List<Match> matches);
}
