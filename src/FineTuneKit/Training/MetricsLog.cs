using System.Text.Json;
using FineTuneKit.Records;

namespace FineTuneKit.Training;

/// <summary>The steps of a run, in memory and, with a folder, as <c>metrics.jsonl</c> while it runs.</summary>
internal sealed class MetricsLog : IDisposable
{
    private static readonly JsonSerializerOptions OneLine = new(AtomicFile.JsonOptions) { WriteIndented = false };

    /// <summary>The file's name in the folder of a run.</summary>
    public const string FileName = "metrics.jsonl";

    private readonly string? _path;
    private readonly List<StepMetrics> _steps = [];
    private StreamWriter? _file;

    public MetricsLog(string? folder) => _path = folder is null ? null : Path.Combine(folder, FileName);

    public IReadOnlyList<StepMetrics> Steps => _steps;

    /// <summary>Takes up the log at a step: what was written after it is written again.</summary>
    public void StartAt(long step, Action<string>? notice)
    {
        if (_path is null) return;
        if (step > 0) _steps.AddRange(Read(_path).Where(metrics => metrics.Step <= step));
        if (_steps.Count != step) notice?.Invoke($"{_path} holds {_steps.Count} of the {step} steps before the checkpoint; charts will lack the others");
        AtomicFile.WriteText(_path, string.Concat(_steps.Select(metrics => Line(metrics) + "\n")));
        _file = new StreamWriter(_path, append: true) { AutoFlush = true, NewLine = "\n" };
    }

    public void Add(StepMetrics metrics)
    {
        _steps.Add(metrics);
        try
        {
            _file?.WriteLine(Line(metrics));
        }
        catch (IOException e)
        {
            throw new TrainingException($"{_path}: step {metrics.Step} cannot be written: {e.Message}. Earlier checkpoints are whole; make room and resume", e);
        }
    }

    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // The line that could not be written was already told.
        }
    }

    private static string Line(StepMetrics metrics) => JsonSerializer.Serialize(metrics, OneLine);

    /// <summary>The whole lines of a file, none where there is no file.</summary>
    public static IEnumerable<StepMetrics> Read(string path)
    {
        if (!File.Exists(path)) yield break;
        foreach (string line in File.ReadLines(path))
        {
            StepMetrics? metrics;
            try
            {
                metrics = JsonSerializer.Deserialize<StepMetrics>(line, OneLine);
            }
            catch (JsonException)
            {
                // The process was killed while it wrote this line; nothing follows it.
                yield break;
            }
            if (metrics is not null) yield return metrics;
        }
    }
}
