namespace FineTuneKit.Text;

/// <summary>What becomes of the text that a split pattern matches.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Cuts a text at the matches of a pattern.</summary>
internal static class PatternSplit
{
    private readonly record struct Segment(int Start, int End, bool IsMatch);

    [ThreadStatic] private static List<Match>? _matches;
    [ThreadStatic] private static List<Segment>? _segments;

    public static void Split(NormalizedString text, ITextPattern pattern, SplitBehavior behavior, bool invert, Action<Piece> keep)
    {
        List<Segment> segments = Cover(text.Chars, pattern, invert);
        switch (behavior)
        {
            case SplitBehavior.Isolated:
            case SplitBehavior.Removed:
                foreach (Segment s in segments)
                    if (behavior == SplitBehavior.Isolated || !s.IsMatch) keep(new(text.Slice(s.Start, s.End)));
                break;
            case SplitBehavior.MergedWithNext:
                foreach ((int start, int end) in MergeBackward(segments)) keep(new(text.Slice(start, end)));
                break;
            default:
                foreach ((int start, int end) in MergeForward(segments, behavior)) keep(new(text.Slice(start, end)));
                break;
        }
    }

    /// <summary>The matches and the gaps between them: together they cover the text.</summary>
    private static List<Segment> Cover(ReadOnlySpan<char> text, ITextPattern pattern, bool invert)
    {
        List<Match> matches = _matches ??= [];
        List<Segment> segments = _segments ??= [];
        matches.Clear();
        segments.Clear();
        pattern.FindMatches(text, matches);
        int covered = 0;
        foreach ((int start, int end) in matches)
        {
            if (covered != start) segments.Add(new(covered, start, invert));
            segments.Add(new(start, end, !invert));
            covered = end;
        }
        if (covered != text.Length) segments.Add(new(covered, text.Length, invert));
        return segments;
    }

    private static List<Match> MergeForward(List<Segment> segments, SplitBehavior behavior)
    {
        var merged = new List<Match>(segments.Count);
        bool previous = false;
        foreach (Segment s in segments)
        {
            bool join = behavior == SplitBehavior.Contiguous ? s.IsMatch == previous : s.IsMatch && !previous;
            if (join && merged.Count > 0) merged[^1] = merged[^1] with { End = s.End };
            else merged.Add(new(s.Start, s.End));
            previous = s.IsMatch;
        }
        return merged;
    }

    private static List<Match> MergeBackward(List<Segment> segments)
    {
        var merged = new List<Match>(segments.Count);
        bool next = false;
        for (int i = segments.Count - 1; i >= 0; i--)
        {
            Segment s = segments[i];
            if (s.IsMatch && !next && merged.Count > 0) merged[^1] = merged[^1] with { Start = s.Start };
            else merged.Add(new(s.Start, s.End));
            next = s.IsMatch;
        }
        merged.Reverse();
        return merged;
    }
}
