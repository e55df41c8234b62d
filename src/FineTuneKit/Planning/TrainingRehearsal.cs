using System.Diagnostics;
using FineTuneKit.Training;

namespace FineTuneKit.Planning;

/// <summary>
/// A few steps of a run, taken through the one training loop and thrown away: the largest, for the peak of memory, and
/// smaller ones, for the time and for the blocks of other sizes that stay in the pool.
/// </summary>
internal sealed class TrainingRehearsal
{
    private readonly TrainingExample[][] _windows;
    private readonly int[] _sizes;

    /// <param name="windows">The rows of each step of an epoch.</param>
    /// <param name="batchRows">Rows that are padded to one length.</param>
    public TrainingRehearsal(IReadOnlyList<TrainingExample[]> windows, int batchRows)
    {
        _windows = [.. windows.OrderBy(window => PaddedTokens(window, batchRows))];
        _sizes = [.. _windows.Select(window => PaddedTokens(window, batchRows))];
    }

    /// <summary>Tokens of all windows with their padding.</summary>
    public long AllTokens => _sizes.Sum(size => (long)size);

    /// <summary>Steps that are taken.</summary>
    public int Steps => Choice().Length;

    /// <summary>The most bytes that the engine held.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Takes the steps.</summary>
    /// <returns>Seconds that a step of so many padded tokens takes: a + b · tokens, a and b 0 or more.</returns>
    public Func<double, double> Run(ITrainable model, IObjective objective, TrainingOptions options, CancellationToken cancel)
    {
        int[] choice = Choice();
        TrainingOptions few = options with
        {
            MaxSteps = choice.Length,
            BatchRows = options.BatchRows,
            Shuffle = false,
            GroupByLength = false,
            Patience = null,
            EvaluateEvery = null,
        };
        var clock = Stopwatch.StartNew();
        var ends = new List<double>();
        memory.reset_peak();
        Trainer.Run(new TrainingRun
        {
            Model = model,
            Objective = objective,
            Examples = new ChosenWindows([.. choice.Select(i => _windows[i])], options.WindowRows),
            Options = few,
            Progress = new Ends(clock, ends),
        }, cancel);
        PeakBytes = memory.peak_bytes;
        cancel.ThrowIfCancellationRequested();
        return Line([.. choice.Select(i => (double)_sizes[i])], [.. ends.Zip(ends.Prepend(0), (end, before) => end - before)]);
    }

    /// <summary>Tokens of rows in batches, each padded to its longest row.</summary>
    public static int PaddedTokens(IEnumerable<TrainingExample> rows, int batchRows) =>
        rows.Chunk(batchRows).Sum(batch => batch.Length * batch.Max(row => row.Ids.Length));

    // The first step is slower, for code is compiled and panels are packed: a step of middle size is spent on that.
    private int[] Choice()
    {
        int last = _windows.Length - 1, middle = last / 2;
        return [middle, last, middle, 0, last, middle];
    }

    // Through the mean of what the middle and the largest windows took; the first two steps are not counted.
    private static Func<double, double> Line(double[] sizes, double[] seconds)
    {
        (double x, double y) small = (sizes[2], Math.Min(seconds[2], seconds[5])), large = (sizes[4], seconds[4]);
        double slope = large.x > small.x ? Math.Max(0, (large.y - small.y) / (large.x - small.x)) : 0;
        double start = small.y - slope * small.x;
        // Time that falls with the size is noise: then it is in proportion.
        return slope > 0 && start >= 0 ? tokens => start + slope * tokens : tokens => (small.y + large.y) / (small.x + large.x) * tokens;
    }

    private sealed class ChosenWindows(TrainingExample[][] windows, int rows) : IExampleSource
    {
        public int? Count => null;

        public string Fingerprint => "rehearsal";

        // A window that is short of rows is filled up with its own.
        public TrainingExample At(int epoch, long place)
        {
            TrainingExample[] window = windows[place / rows];
            return window[place % rows % window.Length];
        }
    }

    private sealed class Ends(Stopwatch clock, List<double> ends) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => ends.Add(clock.Elapsed.TotalSeconds);
    }
}
