using System.Text.Json;
using FineTuneKit.Models;
using FineTuneKit.Records;

namespace FineTuneKit.Training;

public sealed partial class Trainer
{
    private const string WeightsFile = "weights.safetensors", OptimizerFile = "optimizer.safetensors", BestFile = "best.safetensors";

    private void StartOrResume()
    {
        Checkpoint? checkpoint = null;
        if (_run.Resume)
        {
            checkpoint = _checkpoints?.Latest();
            _run.Notice?.Invoke(checkpoint is null ? "No whole checkpoint: the run starts from the beginning" : $"Resumes after step {checkpoint.State.Step}");
        }
        else if (_checkpoints?.IsUsed == true)
        {
            throw new InputException($"{_run.Folder} holds the checkpoints of a run; resume it, or name another folder");
        }
        if (checkpoint is not null) Load(checkpoint);
        _log.StartAt(_step, _run.Notice);
    }

    private void Load(Checkpoint checkpoint)
    {
        RunState state = checkpoint.State;
        RequireSame(checkpoint.Path, "training rows", state.Examples, _run.Examples.Fingerprint);
        RequireSame(checkpoint.Path, "validation rows", state.Validation, _validationFingerprint);
        RequireSame(checkpoint.Path, "base", state.BaseSha256 ?? _run.BaseSha256, _run.BaseSha256 ?? state.BaseSha256);
        RequireSameOptions(checkpoint.Path, state.Options);
        using (SafetensorsFile weights = checkpoint.Open(WeightsFile))
            foreach (NamedParameter parameter in _run.Model.Parameters) weights.CopyInto(parameter.Name, parameter.Value);
        using (SafetensorsFile optimizer = checkpoint.Open(OptimizerFile)) _optimizer.Load(optimizer);
        (_stopping.State, _schedule.State) = (state.EarlyStopping, state.Schedule);
        (_step, _startStep, _savedStep, _tokens, _stopped) = (state.Step, state.Step, state.Step, state.Tokens, state.Stopped);
        if (!_options.KeepBest || _stopping.BestStep is null) return;
        if (state.BestIsCurrent) _best.Keep();
        else
            using (SafetensorsFile best = checkpoint.Open(BestFile)) _best.Load(best);
    }

    private void Save()
    {
        if (_checkpoints is null || _savedStep == _step) return;
        bool bestIsCurrent = _stopping.BestStep == _step;
        var state = new RunState
        {
            Step = _step,
            Stopped = _stopped,
            BestIsCurrent = bestIsCurrent,
            Tokens = _tokens,
            EarlyStopping = _stopping.State,
            Schedule = _schedule.State,
            Examples = _run.Examples.Fingerprint,
            Validation = _validationFingerprint,
            BaseSha256 = _run.BaseSha256,
            Options = _options,
        };
        List<(string, IReadOnlyList<KeyValuePair<string, Tensor>>)> files =
        [
            (WeightsFile, [.. _run.Model.Parameters.Select(p => KeyValuePair.Create(p.Name, (Tensor)p.Value))]),
            (OptimizerFile, _optimizer.Tensors()),
        ];
        if (_best.Exists && !bestIsCurrent) files.Add((BestFile, _best.Tensors()));
        _checkpoints.Save(state, files);
        _savedStep = _step;
    }

    private void RequireSameOptions(string path, TrainingOptions saved)
    {
        // How often checkpoints are written changes no weight.
        JsonElement old = Json(saved with { CheckpointEvery = null }), now = Json(_options with { CheckpointEvery = null });
        foreach (JsonProperty field in now.EnumerateObject())
            RequireSame(path, field.Name, old.TryGetProperty(field.Name, out JsonElement value) ? value.GetRawText() : "absent", field.Value.GetRawText());
    }

    private static JsonElement Json(TrainingOptions options) => JsonSerializer.SerializeToElement(options, AtomicFile.JsonOptions);

    private static void RequireSame(string path, string what, string? saved, string? now)
    {
        if (saved != now) throw new InputException($"{path} was made with {what} {saved}; this run has {now}. Resuming requires the same");
    }
}
