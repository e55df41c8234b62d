namespace FineTuneKit.Training.Supervised;

/// <summary>A row as tokens.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="Learned">True at each token whose loss counts; as long as the ids.</param>
/// <param name="Origin">Where it came from, for messages.</param>
public sealed record SupervisedRow(int[] Ids, bool[] Learned, string Origin)
{
    /// <summary>Lengths of the rows that are packed in this one and do not see each other; null for a single text.</summary>
    public IReadOnlyList<int>? Segments { get; init; }

    /// <summary>The row as the trainer takes it: the first token of each packed row has nothing before it and is not learned.</summary>
    public TrainingExample ToExample()
    {
        bool[] mask = [.. Learned];
        int at = 0;
        foreach (int length in Segments ?? [])
        {
            if (at > 0) mask[at] = false;
            at += length;
        }
        return new TrainingExample(Ids, mask, Origin) { Segments = Segments };
    }

    internal SupervisedRow Slice(Range range) => this with { Ids = Ids[range], Learned = Learned[range] };
}
