using System.Diagnostics;

namespace FineTuneKit.Training;

/// <summary>The one training loop of the kit: fine-tuning and pretraining, whole models and adapters, every objective.</summary>
public sealed partial class Trainer
{
    private readonly TrainingRun _run;
    private readonly TrainingOptions _options;
    private readonly ExampleWindows _windows;
    private readonly ParameterOptimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly EarlyStopping _stopping;
    private readonly BestWeights _best;
    private readonly CheckpointFolder? _checkpoints;
    private readonly MetricsLog _log;
    private readonly string _validationFingerprint;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _step, _startStep, _savedStep = -1, _tokens;
    private bool _stopped;

    private Trainer(TrainingRun run)
    {
        run.Options.Validate();
        (_run, _options) = (run, run.Options);
        _windows = new ExampleWindows(run.Examples, run.Options);
        CheckRows();
        _optimizer = new ParameterOptimizer(run.Model.Parameters, run.Options);
        _schedule = run.Options.CreateSchedule(_windows.TotalSteps, _optimizer.Rates);
        _stopping = new EarlyStopping(run.Options.Patience, run.Options.MinimumDelta);
        _best = new BestWeights(run.Model.Parameters);
        _validationFingerprint = ExampleList.FingerprintOf(run.Validation);
        _checkpoints = run.Folder is null ? null : new CheckpointFolder(run.Folder, run.Notice);
        _log = new MetricsLog(run.Folder);
    }

    /// <summary>Trains until the steps are done, validation has ceased to improve, or the run is cancelled.</summary>
    /// <param name="run">What to train, on what, how.</param>
    /// <param name="cancel">Ends the run after the step in hand, with a checkpoint. Without one, in a notebook, interrupting the cell does.</param>
    /// <exception cref="InputException">Rows or options that cannot be used, or a checkpoint of another run.</exception>
    /// <exception cref="OperationCanceledException">The notebook's cell was interrupted; the message says where the checkpoint is.</exception>
    /// <exception cref="TrainingException">A loss or gradient that is not finite, or a file that cannot be written; checkpoints stay.</exception>
    public static TrainingResult Run(TrainingRun run, CancellationToken cancel = default)
    {
        using var interruption = new TrainingInterruption(cancel);
        var trainer = new Trainer(run);
        try
        {
            using RunLock? folder = run.Folder is null ? null : RunLock.Take(run.Folder);
            return interruption.Told(trainer.Loop(interruption.Token), run.Folder);
        }
        finally
        {
            trainer._log.Dispose();
            trainer._best.Dispose();
            trainer._optimizer.Dispose();
            run.Model.SetTraining(false);
        }
    }

    /// <summary>The mean loss of rows, without training. The model must be switched to use.</summary>
    /// <returns>Nats a token, and the number of target tokens.</returns>
    public static (double Loss, long Tokens) Evaluate(IObjective objective, IReadOnlyList<TrainingExample> rows, int batchRows)
    {
        double sum = 0;
        long count = 0;
        using (no_grad())
        {
            // Rows of like length share a batch, which saves padding.
            foreach (TrainingExample[] batch in rows.OrderBy(row => row.Ids.Length).Chunk(batchRows))
            {
                using DisposeScope scope = NewDisposeScope();
                (Tensor loss, long tokens) = objective.Evaluate(batch);
                sum += loss.item<float>();
                count += tokens;
            }
        }
        return (sum / count, count);
    }

    private TrainingResult Loop(CancellationToken cancel)
    {
        StartOrResume();
        IReadOnlyList<NamedParameter> parameters = _run.Model.Parameters;
        _run.Model.SetTraining(true);
        while (_step < _windows.TotalSteps && !_stopped)
        {
            using DisposeScope scope = NewDisposeScope();
            TimeSpan started = _clock.Elapsed;
            TrainingExample[] rows = _windows.At(_step);
            long targets = _run.Objective.Tokens(rows);

            _run.Model.BeginStep(_step);
            // Dropout draws from the seed and the step alone, so a resumed run draws what an uninterrupted one would.
            _run.Model.SeedDraws((long)new NamedRandom($"step/{_step}", _options.Seed).NextBits());
            double loss = 0;
            foreach (TrainingExample[] batch in rows.Chunk(_options.BatchRows)) loss += Backward(batch, targets);
            double norm = nn.utils.clip_grad_norm_(parameters.Select(p => p.Value), _options.ClipNorm > 0 ? _options.ClipNorm : double.PositiveInfinity);
            if (!double.IsFinite(loss) || !double.IsFinite(norm)) throw Failure(rows, targets, loss, norm);
            _optimizer.Step(_schedule, _step);
            _optimizer.ZeroGradients();

            double rate = _schedule.Rate(_step);
            _step++;
            _tokens += rows.Sum(row => (long)row.Ids.Length);
            double seconds = (_clock.Elapsed - started).TotalSeconds;
            double? validation = EvaluationIsDue() ? Validate() : null;
            var metrics = new StepMetrics
            {
                Step = _step,
                Epoch = _windows.EpochsAfter(_step),
                Loss = loss,
                LearningRate = rate,
                GradNorm = norm,
                TargetTokens = targets,
                Tokens = _tokens,
                TokensPerSecond = rows.Sum(row => (long)row.Ids.Length) / seconds,
                ValidationLoss = validation,
            };
            _log.Add(metrics);
            if (CheckpointIsDue(evaluated: validation is not null)) Save();
            _run.Progress?.Report(new TrainingProgress(metrics, _windows.TotalSteps, Remaining()));
            if (cancel.IsCancellationRequested && !_stopped && _step < _windows.TotalSteps) return Interrupted();
        }
        Save();
        _best.Restore();
        return Result(_stopped ? StopReason.EarlyStopped : StopReason.Finished);
    }

    // Adds the gradient of this batch's share of the step's mean loss; gives that share.
    private double Backward(TrainingExample[] batch, long targets)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor sum, _) = _run.Objective.Evaluate(batch);
        Tensor share = sum / targets;
        share.backward();
        return share.item<float>();
    }

    private double Validate()
    {
        _run.Model.SetTraining(false);
        (double loss, _) = Evaluate(_run.Objective, _run.Validation, _options.BatchRows);
        _run.Model.SetTraining(true);
        StoppingDecision decision = _stopping.Observe(loss, _step);
        if (decision.IsBest && _options.KeepBest) _best.Keep();
        _stopped = decision.Stop;
        _schedule.Observe(loss);
        return loss;
    }

    private bool EvaluationIsDue()
    {
        if (_run.Validation.Count == 0) return false;
        long every = _options.EvaluateEvery ?? _windows.StepsPerEpoch ?? _windows.TotalSteps;
        return _step % every == 0 || _step == _windows.TotalSteps;
    }

    private bool CheckpointIsDue(bool evaluated)
    {
        if (_options.CheckpointEvery is { } every) return _step % every == 0;
        return evaluated || _run.Validation.Count == 0 && _step % (_windows.StepsPerEpoch ?? _windows.TotalSteps) == 0;
    }

    private TrainingResult Interrupted()
    {
        Save();
        return Result(StopReason.Interrupted);
    }

    private TimeSpan Remaining() => _clock.Elapsed * ((double)(_windows.TotalSteps - _step) / Math.Max(1, _step - _startStep));

    private TrainingException Failure(TrainingExample[] rows, long targets, double loss, double norm)
    {
        // The weights are those of the last good step: they are worth keeping.
        Save();
        string what = double.IsFinite(loss) ? $"the gradient's norm is {norm}" : $"the loss is {loss}";
        string where = new NonFiniteSearch(_run, _options).Describe(rows, targets);
        string kept = _run.Folder is null ? "" : $" The weights before this step are saved in {_run.Folder}.";
        return new TrainingException($"step {_step + 1}: {what}. {where}{kept} A lower learning rate or stronger clipping may help");
    }

    private TrainingResult Result(StopReason reason) => new()
    {
        Reason = reason,
        Steps = _step,
        PlannedSteps = _windows.TotalSteps,
        Epochs = _windows.EpochsAfter(_step),
        BestStep = _stopping.BestStep,
        BestValidationLoss = _stopping.BestMetric,
        TrainableParameters = _run.Model.Parameters.Sum(p => p.Value.numel()),
        Tokens = _tokens,
        Elapsed = _clock.Elapsed,
        History = _log.Steps,
    };

    private void CheckRows()
    {
        if (_run.Model.Parameters.Count == 0) throw new InputException("no weight is trainable; train the whole model or attach an adapter");
        if (_run.Examples.Count is { } count)
            for (int i = 0; i < count; i++) _run.Objective.Check(_run.Examples.At(0, i));
        foreach (TrainingExample row in _run.Validation) _run.Objective.Check(row);
        if (_options.Patience is not null && _run.Validation.Count == 0)
            throw new InputException($"{nameof(_options.Patience)} is set, but there are 0 validation rows; early stopping requires 1 or more");
    }
}
