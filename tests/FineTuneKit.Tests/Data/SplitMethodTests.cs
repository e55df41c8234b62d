using System.Globalization;
using FineTuneKit.Data;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class SplitMethodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_split_is_a_partition_and_no_near_duplicate_crosses_it()
    {
        Prop.ForAll<int>(seed =>
        {
            Row[] rows = Tangle(seed, 60);
            foreach (SplitMethod method in Enum.GetValues<SplitMethod>())
            {
                SplitResult split = DataSplit.Make(rows, new SplitOptions { Method = method, TimeKey = "t", Seed = seed, Train = 0.5, Validation = 0.25, Test = 0.25, NearDuplicateThreshold = 0.7 });
                Row[] all = [.. split.Train, .. split.Validation, .. split.Test, .. split.Excluded.Select(e => e.Row)];
                if (all.Length != rows.Length || all.Distinct(ReferenceEqualityComparer.Instance).Count() != rows.Length) return false;
                if (method == SplitMethod.Balanced && split.Excluded.Count > 0) return false;
                foreach ((IReadOnlyList<Row> a, IReadOnlyList<Row> b) in new[] { (split.Train, split.Validation), (split.Train, split.Test), (split.Validation, split.Test) })
                {
                    if (a.Any(x => b.Any(y => Shingles.Jaccard(Shingles.Of(x.Prompt), Shingles.Of(y.Prompt)) >= 0.7 || (x.Group is not null && x.Group == y.Group)))) return false;
                }
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public void By_hash_rows_that_are_added_move_none()
    {
        Row[] rows = Tangle(3, 200);
        var options = new SplitOptions { Method = SplitMethod.Hash };
        Dictionary<string, string> before = Sides(DataSplit.Make(rows[..(rows.Length / 2)], options)), after = Sides(DataSplit.Make(rows, options));
        Assert.All(before, b => Assert.Equal(b.Value, after[b.Key]));
        // With the record they keep their sides wherever rows are added.
        string file = Path.Combine(_folder.Path, SplitFile.FileName);
        SplitFile.Write(file, DataSplit.Make(rows[(rows.Length / 2)..], options), options);
        Dictionary<string, string> late = Sides(DataSplit.Make(rows[(rows.Length / 2)..], options)).Where(s => s.Value != "excluded").ToDictionary();
        Dictionary<string, string> kept = Sides(DataSplit.Make(rows, options with { Keep = SplitFile.Read(file).Sides }));
        Assert.All(late, b => Assert.Equal(b.Value, kept[b.Key]));
    }

    [Fact]
    public void By_hash_sizes_come_near_their_shares()
    {
        Row[] rows = [.. Enumerable.Range(0, 2000).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1))];
        IReadOnlyList<int> counts = DataSplit.Make(rows, new SplitOptions { Method = SplitMethod.Hash }).Proof.Counts;
        // Four standard deviations of the binomial distribution.
        Assert.InRange(counts[0], 1528, 1672);
        Assert.InRange(counts[2], 146, 254);
    }

    [Fact]
    public void By_time_the_newest_rows_test_and_equal_times_stay_together()
    {
        Row[] rows = [.. Enumerable.Range(0, 100).Select(i => At(Rows.Of(Rows.Unlike(i), "a", i + 1), new DateTime(2024, 1, 1).AddDays(i * 37 % 100 / 2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))];
        SplitResult split = DataSplit.Make(rows, new SplitOptions { Method = SplitMethod.Time, TimeKey = "t" });
        string Time(Row row) => row.Extra[0].Value;
        Assert.True(string.CompareOrdinal(split.Train.Max(Time), split.Validation.Min(Time)) < 0);
        Assert.True(string.CompareOrdinal(split.Validation.Max(Time), split.Test.Min(Time)) < 0);
        Assert.Equal([80, 10, 10], split.Proof.Counts);
        Row copy = At(Rows.Of(split.Train[0].Prompt, "b", 101), "2030-01-01");
        Assert.Equal(copy, Assert.Single(DataSplit.Make([.. rows, copy], new SplitOptions { Method = SplitMethod.Time, TimeKey = "t" }).Excluded).Row);
        Assert.Contains("\"x\" is missing", Assert.Throws<InputException>(() => DataSplit.Make(rows, new SplitOptions { Method = SplitMethod.Time, TimeKey = "x" })).Message);
        Assert.Contains("a date", Assert.Throws<InputException>(() => DataSplit.Make([.. rows, At(copy, "soon")], new SplitOptions { Method = SplitMethod.Time, TimeKey = "t" })).Message);
    }

    [Fact]
    public void Folds_part_neither_groups_nor_near_duplicates()
    {
        Row[] rows = Tangle(5, 100);
        int[] folds = DataSplit.Folds(rows, 4);
        Assert.Equal([0, 1, 2, 3], folds.Distinct().Order());
        for (int fold = 0; fold < 4; fold++)
            DataSplit.Check([.. rows.Where((_, i) => folds[i] != fold)], [], [.. rows.Where((_, i) => folds[i] == fold)]);
    }

    [Fact]
    public void A_record_gives_the_same_split_again_and_refuses_strange_rows()
    {
        Row[] rows = Tangle(7, 60);
        SplitResult split = DataSplit.Make(rows);
        string file = Path.Combine(_folder.Path, "split.jsonl");
        SplitFile.Write(file, split, new SplitOptions());
        SplitFile record = SplitFile.Read(file);
        Assert.Equal(split.Proof.Hash, record.Hash);
        SplitResult again = record.Apply([.. rows.Reverse()]);
        Assert.Equal(split.Proof.Counts, again.Proof.Counts);
        Assert.Equal(split.Test.Select(RowIdentity.Of).Order(), again.Test.Select(RowIdentity.Of).Order());
        Assert.Contains("not in the record", Assert.Throws<InputException>(() => record.Apply([Rows.Of("new", "row")])).Message);
        Assert.Throws<InputException>(() => SplitFile.Read(_folder.Write("bad.jsonl", "{}")));
    }

    [Fact]
    public void Answers_of_each_length_keep_their_share()
    {
        Row[] rows = [.. Enumerable.Range(0, 300).Select(i => Rows.Of(Rows.Unlike(i), new string('x', 1 + i), i + 1))];
        SplitResult split = DataSplit.Make(rows, new SplitOptions { StratifyByLength = true });
        Assert.All(new[] { split.Validation, split.Test }, side => Assert.Equal([10, 10, 10], Enumerable.Range(0, 3).Select(third => side.Count(r => (r.Answer.Length - 1) / 100 == third))));
    }

    private static Dictionary<string, string> Sides(SplitResult split)
    {
        var sides = new Dictionary<string, string>();
        foreach (SplitSide side in Enum.GetValues<SplitSide>())
            foreach (Row row in split.Side(side)) sides[RowIdentity.Of(row)] = side.ToString();
        foreach (ExcludedRow row in split.Excluded) sides[RowIdentity.Of(row.Row)] = "excluded";
        return sides;
    }

    private static Row At(Row row, string time) => row with { Extra = [new("t", $"\"{time}\"")] };

    /// <summary>Rows with times, groups and chains of edited copies.</summary>
    private static Row[] Tangle(int seed, int texts)
    {
        var random = new NamedRandom("tangle", seed);
        var rows = new List<Row>();
        for (int i = 0; i < texts; i++)
        {
            string text = Rows.Unlike(seed * 1000 + i);
            for (int copy = random.Next(3); copy >= 0; copy--)
            {
                Row row = Rows.Of(text, $"a{i} {copy}", rows.Count + 1, random.Chance(0.2) ? $"g{random.Next(30)}" : null, $"l{random.Next(2)}");
                rows.Add(row with { Extra = [new("t", random.Next(10_000).ToString(CultureInfo.InvariantCulture))] });
                if (random.Chance(0.7)) text = text[..random.Next(50, text.Length)] + random.Next(10);
            }
        }
        return [.. rows];
    }
}
