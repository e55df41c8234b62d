using System.Security.Cryptography;
using System.Text;

namespace FineTuneKit.Data;

/// <summary>How many rows of one stratum stand on each side.</summary>
/// <param name="Name">Label and language, as far as the rows name them.</param>
/// <param name="Counts">Rows in train, validation and test.</param>
public sealed record StratumCounts(string Name, IReadOnlyList<int> Counts);

/// <summary>Two rows on different sides and how similar they are (exact Jaccard over <see cref="Shingles.Of"/>).</summary>
public sealed record CrossPair(RowOrigin First, SplitSide FirstSide, RowOrigin Second, SplitSide SecondSide, double Similarity);

/// <summary>What shows that a split is sound, measured on the split itself and not taken from how it was made.</summary>
public sealed record SplitProof
{
    private const int ShownStrata = 40, ShownNotes = 5;

    /// <summary>Rows in train, validation and test.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>The shares that were asked for, in the same order.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>The seed of the split.</summary>
    public required long Seed { get; init; }

    /// <summary>Counts by label and language, by name.</summary>
    public required IReadOnlyList<StratumCounts> Strata { get; init; }

    /// <summary>Sets of rows that have nothing to do with each other: by group id and by near-duplicates.</summary>
    public required int IndependentGroups { get; init; }

    /// <summary>Group ids that occur on more than one side; a sound split has none.</summary>
    public required IReadOnlyList<string> SharedGroups { get; init; }

    /// <summary>
    /// The most similar pair across sides among the pairs that share a band of the index (all of them at the threshold,
    /// fewer the less similar they are); null where no pair does.
    /// </summary>
    public required CrossPair? Closest { get; init; }

    /// <summary>From this similarity on a pair across sides is a leak.</summary>
    public required double Threshold { get; init; }

    /// <summary>SHA-256 over the content of each row with its side, in order: the split's identity in records.</summary>
    public required string Hash { get; init; }

    /// <summary>What a reader of figures should know: labels that a side lacks, sides far from their share.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    internal static SplitProof Of(IReadOnlyList<Row> rows, SplitSide[] sides, SimilarityIndex index, int independentGroups, SplitOptions options)
    {
        int[] counts = Enum.GetValues<SplitSide>().Select(side => sides.Count(s => s == side)).ToArray();
        double[] shares = [options.Train, options.Validation, options.Test];
        List<StratumCounts> strata = Stratify(rows, sides);
        return new SplitProof
        {
            Counts = counts,
            Shares = shares,
            Seed = options.Seed,
            Strata = strata,
            IndependentGroups = independentGroups,
            SharedGroups = Shared(rows, sides),
            Closest = FindClosest(rows, sides, index),
            Threshold = options.NearDuplicateThreshold,
            Hash = HashOf(rows, sides),
            Notes = [.. SizeNotes(counts, shares), .. StratumNotes(strata, counts)],
        };
    }

    /// <summary>Throws where a group or a near-duplicate stands on two sides.</summary>
    /// <exception cref="InputException">It does; the message names the group, or the rows and their similarity.</exception>
    public void RequireNoLeak()
    {
        if (SharedGroups.Count > 0)
            throw new InputException($"{SharedGroups.Count} groups stand on more than one side, the first \"{SharedGroups[0]}\"; the rows of a group have to stay together");
        if (Closest is { } pair && pair.Similarity >= Threshold)
            throw new InputException($"{pair.First} in {Name(pair.FirstSide)} and {pair.Second} in {Name(pair.SecondSide)} have the similarity {pair.Similarity:0.00}; less than {Threshold} is required across sides");
    }

    /// <summary>The proof as a text of at most 100 columns.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        int rows = Counts.Sum();
        text.Append($"{rows} rows, seed {Seed}: ");
        text.AppendJoin(", ", Counts.Select((n, i) => $"{Name((SplitSide)i)} {n} ({100.0 * n / rows:0.0} %)")).Append('\n');
        text.Append($"{IndependentGroups} independent groups; group ids on more than one side: {SharedGroups.Count}\n");
        text.Append(Closest is null
            ? "no pair of rows across sides is similar\n"
            : $"largest similarity across sides: {Closest.Similarity:0.000} (a leak from {Threshold:0.00} on)\n  {Closest.First} in {Name(Closest.FirstSide)}, {Closest.Second} in {Name(Closest.SecondSide)}\n");
        AppendStrata(text);
        foreach (string note in Notes) text.Append($"note: {note}\n");
        return text.Append($"split sha256 {Hash}\n").ToString();
    }

    private void AppendStrata(StringBuilder text)
    {
        if (Strata.Count == 0) return;
        StratumCounts[] shown = Strata.OrderByDescending(s => s.Counts.Sum()).Take(ShownStrata).ToArray();
        int width = Math.Clamp(shown.Max(s => s.Name.Length) + 2, 10, 60);
        text.Append($"{"stratum".PadRight(width)}{"train",8}{"validation",12}{"test",8}\n");
        foreach (StratumCounts s in shown)
            text.Append($"{(s.Name.Length < width ? s.Name : s.Name[..(width - 2)] + "…").PadRight(width)}{s.Counts[0],8}{s.Counts[1],12}{s.Counts[2],8}\n");
        if (Strata.Count > shown.Length) text.Append($"… and {Strata.Count - shown.Length} smaller ones\n");
    }

    private static List<StratumCounts> Stratify(IReadOnlyList<Row> rows, SplitSide[] sides)
    {
        var strata = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        for (int i = 0; i < rows.Count; i++)
        {
            string name = string.Join(" / ", new[] { rows[i].Label, rows[i].Language }.Where(part => part is not null));
            if (name.Length == 0) continue;
            if (!strata.TryGetValue(name, out int[]? counts)) strata[name] = counts = new int[3];
            counts[(int)sides[i]]++;
        }
        return strata.Select(s => new StratumCounts(s.Key, s.Value)).ToList();
    }

    private static List<string> Shared(IReadOnlyList<Row> rows, SplitSide[] sides) =>
        Enumerable.Range(0, rows.Count).Where(i => rows[i].Group is not null)
            .GroupBy(i => rows[i].Group!, i => sides[i], StringComparer.Ordinal)
            .Where(g => g.Distinct().Count() > 1).Select(g => g.Key).ToList();

    private static CrossPair? FindClosest(IReadOnlyList<Row> rows, SplitSide[] sides, SimilarityIndex index)
    {
        (int First, int Second, double Similarity) best = (-1, -1, 0);
        // Equal texts are held once in the index; here they can stand on two sides.
        for (int i = 0; i < rows.Count; i++)
        {
            if (sides[i] != sides[index.Representative[i]]) return Pair(rows, sides, index.Representative[i], i, 1);
        }
        foreach ((int i, int j) in index.Candidates())
        {
            if (sides[i] == sides[j] || !index.MayReach(i, j, best.Similarity)) continue;
            double similarity = index.Jaccard(i, j);
            if (similarity > best.Similarity) best = (i, j, similarity);
        }
        return best.First < 0 ? null : Pair(rows, sides, best.First, best.Second, best.Similarity);
    }

    private static CrossPair Pair(IReadOnlyList<Row> rows, SplitSide[] sides, int i, int j, double similarity) =>
        new(rows[i].Origin, sides[i], rows[j].Origin, sides[j], similarity);

    private static string HashOf(IReadOnlyList<Row> rows, SplitSide[] sides)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < rows.Count; i++)
        {
            hash.AppendData(RowJson.Line(rows[i]));
            hash.AppendData([(byte)'\t', (byte)('0' + (int)sides[i]), (byte)'\n']);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> SizeNotes(int[] counts, double[] shares)
    {
        int rows = counts.Sum();
        for (int s = 0; s < counts.Length; s++)
        {
            if (Math.Abs(counts[s] - shares[s] * rows) > Math.Max(1.5, 0.02 * rows))
                yield return $"{Name((SplitSide)s)} has {100.0 * counts[s] / rows:0.0} % of the rows instead of {100 * shares[s]:0.0} %: groups cannot be cut";
        }
    }

    private static IEnumerable<string> StratumNotes(List<StratumCounts> strata, int[] counts)
    {
        int lacking = strata.Count(s => Enumerable.Range(0, 3).Any(side => counts[side] > 0 && s.Counts[side] == 0));
        int said = 0;
        foreach (StratumCounts stratum in strata)
        {
            if (said == ShownNotes && lacking > ShownNotes)
            {
                yield return $"{lacking - said} further strata are missing on a side, for they have too few rows";
                yield break;
            }
            string[] without = Enumerable.Range(0, 3).Where(s => counts[s] > 0 && stratum.Counts[s] == 0).Select(s => Name((SplitSide)s)).ToArray();
            if (without.Length == 0) continue;
            said++;
            yield return $"\"{stratum.Name}\" ({stratum.Counts.Sum()} rows) is missing in {string.Join(" and ", without)}: figures there say nothing about it";
        }
    }

    private static string Name(SplitSide side) => side.ToString().ToLowerInvariant();
}
