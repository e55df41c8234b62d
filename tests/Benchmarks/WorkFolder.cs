using System.Runtime.InteropServices;
using System.Text.Json;

namespace Benchmarks;

/// <summary>What the yardstick is given: a temporary folder with a task, weights and ids.</summary>
internal sealed class WorkFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("benchmark-").FullName;

    public void Task(object task) => File.WriteAllText(System.IO.Path.Combine(Path, "task.json"), JsonSerializer.Serialize(task));

    public void Ids(ReadOnlySpan<long> ids) => File.WriteAllBytes(System.IO.Path.Combine(Path, "ids.bin"), MemoryMarshal.AsBytes(ids).ToArray());

    /// <summary>Writes one of this program's scripts into the folder.</summary>
    public string Script(string name)
    {
        string script = System.IO.Path.Combine(Path, name);
        using Stream source = typeof(WorkFolder).Assembly.GetManifestResourceStream(name)!;
        using FileStream target = File.Create(script);
        source.CopyTo(target);
        return script;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
