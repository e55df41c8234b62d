using FineTuneKit.Data;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class RowWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "out", "rows.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        Prop.ForAll<NonEmptyArray<(string, string, string?)>>(made =>
        {
            Row[] rows = made.Get.Select((t, i) => Rows.Of(Clean(t.Item1), Clean(t.Item2), i + 1, t.Item3 is null ? null : Clean(t.Item3), "l", "ja")).ToArray();
            RowWriter.WriteJsonl(File, rows);
            IReadOnlyList<Row> read = RowReader.Read(File);
            return rows.Length == read.Count && rows.Zip(read).All(p => Same(p.First, p.Second)) && DataHash.Of(rows) == DataHash.Of(read);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_failure_leaves_the_old_file_and_nothing_else()
    {
        RowWriter.WriteJsonl(File, [Rows.Of("old", "a")]);
        IEnumerable<Row> Failing()
        {
            yield return Rows.Of("new", "a");
            throw new IOException("No space left on device");
        }
        var error = Assert.Throws<InputException>(() => RowWriter.WriteJsonl(File, Failing()));
        Assert.Contains("No space left", error.Message);
        Assert.Throws<InputException>(() => RowWriter.WriteJsonl(File, [Rows.Of("\uD800", "a")]));
        Assert.Equal("old", Assert.Single(RowReader.Read(File)).Prompt);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void The_hash_sees_content_and_order_but_not_origin()
    {
        Row a = Rows.Of("a", "1"), b = Rows.Of("b", "2");
        Assert.Equal(DataHash.Of([a, b]), DataHash.Of([a with { Origin = new("other", 9) }, b]));
        Assert.NotEqual(DataHash.Of([a, b]), DataHash.Of([b, a]));
        Assert.NotEqual(DataHash.Of([a]), DataHash.Of([a with { Label = "x" }]));
        // One row, computed by sha256sum over its line.
        Assert.Equal("8dab722be2bb7b1829462ad1c24e4aba32a50693df53bf3e093bb2fa7ff3724e", DataHash.Of([a]));
    }

    private static bool Same(Row a, Row b) =>
        a.Messages.SequenceEqual(b.Messages) && (a.Group, a.Label, a.Language) == (b.Group, b.Label, b.Language);

    // What no JSON text can hold.
    private static string Clean(string? text) => string.Concat((text ?? "").Where(c => c != '\0' && !char.IsSurrogate(c)));
}
