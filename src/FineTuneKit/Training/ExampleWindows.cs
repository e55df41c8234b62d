namespace FineTuneKit.Training;

/// <summary>Cuts a source into the rows of each optimizer step. The step alone says which rows: it is the data cursor.</summary>
internal sealed class ExampleWindows
{
    private readonly IExampleSource _source;
    private readonly int _rows;

    public ExampleWindows(IExampleSource source, TrainingOptions options)
    {
        (_source, _rows) = (source, options.WindowRows);
        StepsPerEpoch = source.Count is { } count ? (count + _rows - 1) / _rows : null;
        TotalSteps = options.MaxSteps ?? options.Epochs * StepsPerEpoch
            ?? throw new InputException($"{nameof(options.MaxSteps)} is not set; an endless source requires it");
    }

    /// <summary>Optimizer steps of an epoch, the last of which may be short of rows; null without end.</summary>
    public int? StepsPerEpoch { get; }

    /// <summary>Optimizer steps of the run.</summary>
    public long TotalSteps { get; }

    /// <summary>The rows of a step, 0 being the first.</summary>
    public TrainingExample[] At(long step)
    {
        int epoch = StepsPerEpoch is { } each ? (int)(step / each) : 0;
        long first = (step - epoch * (long)(StepsPerEpoch ?? 0)) * _rows;
        long count = Math.Min(_rows, (_source.Count ?? long.MaxValue) - first);
        var rows = new TrainingExample[count];
        for (int i = 0; i < rows.Length; i++) rows[i] = _source.At(epoch, first + i);
        return rows;
    }

    /// <summary>Passes over the data after so many steps; 0 for a stream.</summary>
    public double EpochsAfter(long steps)
    {
        if (StepsPerEpoch is not { } each) return 0;
        long seen = Math.Min(steps % each * _rows, _source.Count!.Value);
        return steps / each + (double)seen / _source.Count.Value;
    }
}
