using FineTuneKit.Data;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Steps_follow_each_other_and_say_what_they_did()
    {
        string path = _folder.Write("rows.csv", string.Concat(Enumerable.Range(0, 30).Select(i => $"{Rows.Unlike(i)},  a{i % 3}\n").Prepend("prompt,answer\n").Append("write to a@b.example,\n").Append("write to a@b.example,x\n")));
        Dataset read = Dataset.Read(path), clean = read.Clean();
        Assert.Equal((32, 31), (read.Count, clean.Count));
        Assert.Equal(["read", "clean"], clean.Steps.Select(s => s.Name));
        Assert.Equal(1, clean.Steps[1].Counts["dropped: empty_answer"]);
        Assert.Equal(31, clean.Cleaned.Count);
        Assert.Equal(1, clean.Audit().Counts[AuditRules.PersonalData]);
        var vault = new MaskVault();
        Dataset masked = clean.Mask(vault);
        Assert.Equal(0, masked.Audit().Counts[AuditRules.PersonalData]);
        Assert.Equal(clean.Select(RowIdentity.Of), masked.Unmask(vault).Select(RowIdentity.Of));
        Assert.Equal(31, masked.Split(new SplitOptions { Stratify = false }).Proof.Counts.Sum());
        Assert.Equal(31, masked.Write(Path.Combine(_folder.Path, "out.jsonl.gz")).Written);
        Assert.Contains("[EMAIL_1]", masked.Where(r => r.Answer == "x").ToHtml());
        Assert.Contains("rows.csv: 31 rows after read, clean", clean.ToString());
        Assert.Equal(32, read.Count);
    }
}
