using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FineTuneKit.Models;
using FineTuneKit.Records;

namespace FineTuneKit.Training;

/// <summary>What a run has to know, beside its tensors, to go on as if it had never stopped.</summary>
internal sealed record RunState
{
    /// <summary>The layout of this file.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Steps done. The data cursor and the random streams of the next step follow from it and the seed.</summary>
    public required long Step { get; init; }

    /// <summary>Whether early stopping ended the run.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Whether the weights are the best so far, so that <c>best.safetensors</c> is not written.</summary>
    public required bool BestIsCurrent { get; init; }

    /// <summary>Tokens read.</summary>
    public required long Tokens { get; init; }

    /// <summary>State of early stopping.</summary>
    public required double[] EarlyStopping { get; init; }

    /// <summary>State of the schedule.</summary>
    public required double[] Schedule { get; init; }

    /// <summary>Identifies the training data.</summary>
    public required string Examples { get; init; }

    /// <summary>Identifies the validation data.</summary>
    public required string Validation { get; init; }

    /// <summary>SHA-256 of the base's weights, where known.</summary>
    public required string? BaseSha256 { get; init; }

    /// <summary>The options of the run.</summary>
    public required TrainingOptions Options { get; init; }
}

/// <summary>
/// The checkpoints of a run, the last two of them. One is written under another name and renamed when whole; its manifest
/// holds the SHA-256 of each file, so that one cut short is known and the one before it is used.
/// </summary>
internal sealed class CheckpointFolder(string folder, Action<string>? notice)
{
    private const string Manifest = "manifest.json", State = "state.json", Prefix = "step-", Unfinished = ".part";

    /// <summary>How many checkpoints lie in the folder at once.</summary>
    public const int Kept = 2;

    private readonly string _root = System.IO.Path.Combine(folder, "checkpoints");

    /// <summary>True when some checkpoint is there, whole or not.</summary>
    public bool IsUsed => Steps().Count > 0;

    /// <summary>Writes a checkpoint and drops those before the last two.</summary>
    /// <param name="state">Becomes <c>state.json</c>.</param>
    /// <param name="files">File names with their tensors by name.</param>
    /// <exception cref="TrainingException">It cannot be written; the earlier ones are untouched.</exception>
    public void Save(RunState state, IReadOnlyList<(string Name, IReadOnlyList<KeyValuePair<string, Tensor>> Tensors)> files)
    {
        string path = PathOf(state.Step), part = path + Unfinished;
        try
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            foreach ((string name, IReadOnlyList<KeyValuePair<string, Tensor>> tensors) in files)
                SafetensorsFile.Write(System.IO.Path.Combine(part, name), tensors);
            AtomicFile.WriteJson(System.IO.Path.Combine(part, State), state);
            var hashes = files.Select(file => file.Name).Append(State)
                .ToDictionary(name => name, name => Sha256(System.IO.Path.Combine(part, name)), StringComparer.Ordinal);
            AtomicFile.WriteJson(System.IO.Path.Combine(part, Manifest), hashes);
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            Directory.Move(part, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
        {
            DeleteIfPossible(part);
            throw new TrainingException($"the checkpoint of step {state.Step} cannot be written: {e.Message}. {Remaining()}", e);
        }
        foreach (long old in Steps().SkipLast(Kept)) DeleteIfPossible(PathOf(old));
    }

    /// <summary>The newest whole checkpoint, or null; each damaged one is told of.</summary>
    public Checkpoint? Latest()
    {
        foreach (long step in Steps().AsEnumerable().Reverse())
        {
            string path = PathOf(step);
            string? damage = Damage(path);
            if (damage is null) return new Checkpoint(path, ReadJson<RunState>(System.IO.Path.Combine(path, State)));
            notice?.Invoke($"{path} is not whole ({damage}); the checkpoint before it is used");
        }
        return null;
    }

    private static string? Damage(string path)
    {
        try
        {
            string manifest = System.IO.Path.Combine(path, Manifest);
            if (!File.Exists(manifest)) return $"{Manifest} is missing";
            foreach ((string name, string hash) in ReadJson<Dictionary<string, string>>(manifest))
            {
                string file = System.IO.Path.Combine(path, name);
                if (!File.Exists(file)) return $"{name} is missing";
                if (Sha256(file) != hash) return $"{name} is not what was written";
            }
            return null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static T ReadJson<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllText(path), AtomicFile.JsonOptions) ?? throw new JsonException($"{path} holds null");

    private static string Sha256(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void DeleteIfPossible(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left over files take room and do no other harm.
        }
    }

    private string Remaining() => Steps() is { Count: > 0 } steps
        ? $"That of step {steps[^1]} is whole; make room and resume"
        : "There is no earlier one";

    private string PathOf(long step) => System.IO.Path.Combine(_root, Prefix + step.ToString("D9", CultureInfo.InvariantCulture));

    private List<long> Steps()
    {
        if (!Directory.Exists(_root)) return [];
        var steps = new List<long>();
        foreach (string path in Directory.GetDirectories(_root, Prefix + "*"))
            if (long.TryParse(System.IO.Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step)) steps.Add(step);
        steps.Sort();
        return steps;
    }
}

/// <summary>A whole checkpoint on the disk.</summary>
internal sealed record Checkpoint(string Path, RunState State)
{
    /// <summary>Opens one of its tensor files.</summary>
    public SafetensorsFile Open(string name) => SafetensorsFile.Open(System.IO.Path.Combine(Path, name));
}
