namespace FineTuneKit.Data;

/// <summary>Rows divided into train, validation and test, each in the order of the input, with the proof that none leaks.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Validation">Rows that choose.</param>
/// <param name="Test">Rows for the figures.</param>
/// <param name="Sides">The side of each input row that is not excluded.</param>
/// <param name="Proof">Counts, largest similarity across sides, shared groups.</param>
public sealed record SplitResult(
    IReadOnlyList<Row> Train, IReadOnlyList<Row> Validation, IReadOnlyList<Row> Test, IReadOnlyList<SplitSide> Sides, SplitProof Proof)
{
    /// <summary>Rows that can stand on no side, for they are near-duplicates of rows on two; <see cref="Sides"/> leaves them out.</summary>
    public IReadOnlyList<ExcludedRow> Excluded { get; init; } = [];

    /// <summary>The rows of a side.</summary>
    public IReadOnlyList<Row> Side(SplitSide side) => side switch
    {
        SplitSide.Train => Train,
        SplitSide.Validation => Validation,
        _ => Test,
    };
}

/// <summary>A row that a split leaves out, and why.</summary>
public sealed record ExcludedRow(Row Row, string Reason);

/// <summary>
/// Divides rows, 80/10/10 by default. Rows of one <see cref="Row.Group"/> and near-duplicates, directly or through
/// others, make one unit that stands on one side; units are dealt out so that sizes and the shares of every label and
/// language come as near to what was asked as the units allow. The same rows and seed give the same split.
/// </summary>
public static class DataSplit
{
    /// <summary>Makes a split.</summary>
    /// <exception cref="InputException">A side would be empty, or all rows carry one label.</exception>
    public static SplitResult Make(IReadOnlyList<Row> rows, SplitOptions? options = null)
    {
        options ??= new SplitOptions();
        options.Check();
        SplitSide[] sides = options.Sides;
        if (rows.Count < sides.Length)
            throw new InputException($"{Where(rows)}: {rows.Count} rows; a split into {Names(sides)} needs at least {sides.Length}");
        if (options.Stratify && options.Method == SplitMethod.Balanced) RequireTwoLabels(rows);
        if (options.Method != SplitMethod.Balanced) return MakeRowByRow(rows, options);
        SimilarityIndex index = Index(rows, options);
        List<List<int>> units = Units(rows, index);
        if (units.Count < sides.Length) throw TooFew(rows, units, sides, options);
        SplitSide[] assigned = SplitAssignment.Deal(rows, units, options);
        return Result(rows, assigned, SplitProof.Of(rows, assigned, index, units.Count, options));
    }

    /// <summary>
    /// Folds for cross-validation that part neither groups nor near-duplicates: the fold in which each row is tested,
    /// from 0.
    /// </summary>
    /// <exception cref="InputException">Fewer than two folds, or more folds than independent groups of rows.</exception>
    public static int[] Folds(IReadOnlyList<Row> rows, int folds, SplitOptions? options = null)
    {
        options ??= new SplitOptions();
        List<List<int>> units = Units(rows, Index(rows, options));
        var unitOf = new int[rows.Count];
        for (int u = 0; u < units.Count; u++)
            foreach (int row in units[u]) unitOf[row] = u;
        return Data.Folds.Grouped(unitOf, folds);
    }

    private static SplitResult MakeRowByRow(IReadOnlyList<Row> rows, SplitOptions options)
    {
        SimilarityIndex index = Index(rows, options);
        IReadOnlyList<SplitPlace> places = options.Method == SplitMethod.Hash ? HashSplit.Assign(rows, index, options) : TimeSplit.Assign(rows, index, options);
        int[] kept = [.. Enumerable.Range(0, rows.Count).Where(i => places[i].Excluded is null)];
        Row[] staying = [.. kept.Select(i => rows[i])];
        SplitSide[] sides = [.. kept.Select(i => places[i].Side)];
        foreach (SplitSide side in options.Sides)
        {
            if (!sides.Contains(side))
                throw new InputException($"{Where(rows)}: no row of {rows.Count} comes to the {side.ToString().ToLowerInvariant()} side by its {options.Method.ToString().ToLowerInvariant()}; more rows, or other shares, are required");
        }
        SimilarityIndex again = kept.Length == rows.Count ? index : Index(staying, options);
        return Result(staying, sides, SplitProof.Of(staying, sides, again, Units(staying, again).Count, options)) with
        {
            Excluded = [.. Enumerable.Range(0, rows.Count).Where(i => places[i].Excluded is not null).Select(i => new ExcludedRow(rows[i], places[i].Excluded!))],
        };
    }

    /// <summary>Takes sides that stand already, such as files of a published split, and proves them.</summary>
    /// <exception cref="InputException">A group or a near-duplicate stands on two sides.</exception>
    public static SplitResult Check(
        IReadOnlyList<Row> train, IReadOnlyList<Row> validation, IReadOnlyList<Row> test, SplitOptions? options = null)
    {
        options ??= new SplitOptions();
        Row[] rows = [.. train, .. validation, .. test];
        SplitSide[] sides =
        [
            .. Enumerable.Repeat(SplitSide.Train, train.Count),
            .. Enumerable.Repeat(SplitSide.Validation, validation.Count),
            .. Enumerable.Repeat(SplitSide.Test, test.Count),
        ];
        SimilarityIndex index = Index(rows, options);
        return Result(rows, sides, SplitProof.Of(rows, sides, index, Units(rows, index).Count, options));
    }

    private static SplitResult Result(IReadOnlyList<Row> rows, SplitSide[] sides, SplitProof proof)
    {
        proof.RequireNoLeak();
        List<Row> Side(SplitSide side) => rows.Where((_, i) => sides[i] == side).ToList();
        return new SplitResult(Side(SplitSide.Train), Side(SplitSide.Validation), Side(SplitSide.Test), sides, proof);
    }

    private static SimilarityIndex Index(IReadOnlyList<Row> rows, SplitOptions options) =>
        new(rows.Select(r => RowText.Of(r, options.CompareBy)).ToList(), options.NearDuplicateThreshold);

    /// <summary>Rows that have to stay together: one group, equal texts, or near-duplicates.</summary>
    private static List<List<int>> Units(IReadOnlyList<Row> rows, SimilarityIndex index)
    {
        var units = new DisjointSets(rows.Count);
        var firstOfGroup = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < rows.Count; i++)
        {
            units.Join(i, index.Representative[i]);
            if (rows[i].Group is { } group && !firstOfGroup.TryAdd(group, i)) units.Join(i, firstOfGroup[group]);
        }
        foreach ((int i, int j) in index.Candidates())
        {
            if (units.Find(i) != units.Find(j) && index.MayReach(i, j, index.Threshold) && index.Jaccard(i, j) >= index.Threshold)
                units.Join(i, j);
        }
        return units.All();
    }

    private static void RequireTwoLabels(IReadOnlyList<Row> rows)
    {
        string? only = rows[0].Label;
        if (only is not null && rows.All(r => r.Label == only))
            throw new InputException($"{Where(rows)}: all {rows.Count} rows have the label \"{only}\"; at least two labels are required to stratify by them (leave the label out where there is nothing to tell apart, or do not stratify)");
    }

    private static InputException TooFew(IReadOnlyList<Row> rows, List<List<int>> units, SplitSide[] sides, SplitOptions options)
    {
        List<int> largest = units.MaxBy(u => u.Count)!;
        return new InputException(
            $"{Where(rows)}: {rows.Count} rows form {units.Count} independent group{(units.Count == 1 ? "" : "s")}; a split into {Names(sides)} needs at least {sides.Length}, "
            + $"for rows of one group id and near-duplicates (by {options.CompareBy.ToString().ToLowerInvariant()}, similarity {options.NearDuplicateThreshold} or more) stay on one side. "
            + $"The largest has {largest.Count} rows, the first at {rows[largest[0]].Origin}");
    }

    private static string Where(IReadOnlyList<Row> rows) => rows.Count == 0 ? "no file" : rows[0].Origin.File;

    private static string Names(SplitSide[] sides) => string.Join(", ", sides.Select(s => s.ToString().ToLowerInvariant()));
}
