using FineTuneKit.Records;
using Xunit;

namespace FineTuneKit.Tests.Records;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-atomic-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void KeepsTheOldFileWhenWritingFails()
    {
        string path = Path.Combine(_folder, "a.txt");
        AtomicFile.WriteText(path, "old");
        var e = Assert.Throws<InputException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device");
        }));
        Assert.Contains("a.txt", e.Message);
        Assert.Contains("No space left", e.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void MakesFoldersAndReplacesWholeFiles()
    {
        string path = Path.Combine(_folder, "b", "c.json");
        AtomicFile.WriteJson(path, new { TestLoss = 1.5, Name = "逆順 <a>" });
        AtomicFile.WriteJson(path, new { TestLoss = double.NaN });
        Assert.Equal("{\n  \"test_loss\": \"NaN\"\n}\n", File.ReadAllText(path));
    }

    [Fact]
    public void Threads_that_write_one_file_leave_one_of_their_texts()
    {
        string path = Path.Combine(_folder, "d.txt");
        Parallel.For(0, 64, i => AtomicFile.WriteText(path, new string((char)('a' + i % 26), 1000)));
        string text = File.ReadAllText(path);
        Assert.Equal(new string(text[0], 1000), text);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void PeakMemoryIsMeasured() => Assert.InRange(MachineDescription.PeakMemoryBytes(), 1 << 20, 1L << 40);
}
