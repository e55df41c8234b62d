using FineTuneKit.Text;

namespace FineTuneKit.Training.Supervised;

/// <summary>
/// Rows as a model takes them: padded to the right, or one behind the other without padding, each with positions of its
/// own from 0 and none seeing another.
/// </summary>
public sealed record SupervisedBatch
{
    /// <summary>The label that counts for nothing in the loss.</summary>
    public const int Ignored = -100;

    /// <summary>Token ids, (rows, tokens).</summary>
    public required IReadOnlyList<int[]> InputIds { get; init; }

    /// <summary>Labels, (rows, tokens): the id itself, or <see cref="Ignored"/>.</summary>
    public required IReadOnlyList<int[]> Labels { get; init; }

    /// <summary>1 for tokens, 0 for padding, (rows, tokens); null without padding.</summary>
    public IReadOnlyList<int[]>? AttentionMask { get; init; }

    /// <summary>Places within each text, (1, tokens); null with padding.</summary>
    public int[]? PositionIds { get; init; }

    /// <summary>The number of the text that each token belongs to, (1, tokens); attention stays within a text. Null with padding.</summary>
    public int[]? SegmentIds { get; init; }

    /// <summary>Where texts begin, and the end, (texts + 1); null with padding.</summary>
    public int[]? SegmentStarts { get; init; }

    /// <summary>Puts rows together.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="padId">The padding token.</param>
    /// <param name="options">As the rows were made with.</param>
    public static SupervisedBatch Of(IReadOnlyList<SupervisedRow> rows, int padId, SupervisedOptions options) =>
        options.PaddingFree || options.Packing is Packing.BestFit or Packing.BestFitSplit
            ? Flat(rows, padId, options.PadToMultipleOf ?? 1) : Padded(rows, padId, options.PadToMultipleOf ?? 1);

    /// <summary>The id that pads: the tokenizer's padding token, else its end token.</summary>
    /// <exception cref="InputException">It has neither.</exception>
    public static int PadIdOf(Tokenizer tokenizer) => tokenizer.PadId ?? tokenizer.EndId ?? throw new InputException("the tokenizer has neither a padding token nor an end token");

    private static SupervisedBatch Padded(IReadOnlyList<SupervisedRow> rows, int padId, int multiple)
    {
        int length = RoundUp(rows.Max(r => r.Ids.Length), multiple);
        int[] Fill(IEnumerable<int> values, int with) => [.. values.Concat(Enumerable.Repeat(with, length)).Take(length)];
        return new SupervisedBatch
        {
            InputIds = [.. rows.Select(r => Fill(r.Ids, padId))],
            Labels = [.. rows.Select(r => Fill(LabelsOf(r), Ignored))],
            AttentionMask = [.. rows.Select(r => Fill(r.Ids.Select(_ => 1), 0))],
        };
    }

    private static SupervisedBatch Flat(IReadOnlyList<SupervisedRow> rows, int padId, int multiple)
    {
        // Each token of padding is a text of its own, which nothing sees.
        int count = rows.Sum(r => r.Ids.Length), padding = RoundUp(count, multiple) - count;
        List<int> lengths = [.. rows.SelectMany(r => r.Segments ?? [r.Ids.Length]).Where(l => l > 0), .. Enumerable.Repeat(1, padding)];
        int[] positions = [.. lengths.SelectMany(l => Enumerable.Range(0, l))];
        int[] labels = [.. rows.SelectMany(LabelsOf), .. Enumerable.Repeat(Ignored, padding)];
        for (int i = 0; i < labels.Length; i++) if (positions[i] == 0) labels[i] = Ignored;
        int[] starts = [0, .. lengths];
        for (int i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        return new SupervisedBatch
        {
            InputIds = [[.. rows.SelectMany(r => r.Ids), .. Enumerable.Repeat(padId, padding)]],
            Labels = [labels],
            PositionIds = positions,
            SegmentIds = [.. lengths.SelectMany((l, i) => Enumerable.Repeat(i, l))],
            SegmentStarts = starts,
        };
    }

    private static IEnumerable<int> LabelsOf(SupervisedRow row) => row.Ids.Select((id, i) => row.Learned[i] ? id : Ignored);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
