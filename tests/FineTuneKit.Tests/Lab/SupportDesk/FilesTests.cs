using System.Security.Cryptography;
using System.Text;
using FineTuneKit.Fixtures;
using FineTuneKit.Lab.SupportDesk;
using Xunit;

namespace FineTuneKit.Tests.Lab.SupportDesk;

public class FilesTests
{
    [Fact]
    public void TheRepositoryHoldsWhatTheGeneratorMakes()
    {
        string folder = Repository.Sample("support-desk");
        foreach ((string name, string text) in SupportDeskFiles.Contents())
            Assert.Equal(text, File.ReadAllText(Path.Combine(folder, name)));
    }

    [Fact]
    public void TheReadmeGivesTheirSha256()
    {
        string readme = File.ReadAllText(Repository.Sample("README.md"));
        foreach ((string name, string text) in SupportDeskFiles.Contents())
            Assert.Contains($"`support-desk/{name}` | `{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}`", readme);
    }

    [Fact]
    public void WritesThemAnywhere()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"support-desk-{Guid.NewGuid():N}");
        try
        {
            SupportDeskFiles.Write(folder);
            Assert.Equal(SupportDeskFiles.Contents()["clean.jsonl"], File.ReadAllText(Path.Combine(folder, "clean.jsonl")));
            Assert.Equal(4, Directory.GetFiles(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
