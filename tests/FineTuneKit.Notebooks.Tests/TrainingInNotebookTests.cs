using FineTuneKit.Fixtures;
using FineTuneKit.Notebooks.Display;
using FineTuneKit.Notebooks.Scripting;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>Training in a cell: charts that move, and an interruption that saves a checkpoint.</summary>
public sealed class TrainingInNotebookTests : IDisposable
{
    private readonly ScriptSession _session = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-train-").FullName;

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void AnInterruptedRunSavesItselfAndGoesOn()
    {
        Prepare(steps: 400);
        var outputs = new InterruptingOutputs(_session, updates: 2);
        CellResult result = _session.Run("var result = Trainer.Run(run with { Progress = new LiveTraining() });", outputs);
        Assert.Equal(CellStatus.Interrupted, result.Status);
        Assert.Contains("Training stopped after step", result.Error!.Message);
        Assert.Contains(_folder, result.Error.Message);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(_folder, "checkpoints")));
        var resumed = new CollectedOutputs();
        CellResult second = _session.Run("""
            var from = 0L;
            var stopped = new System.Threading.CancellationTokenSource();
            var again = Trainer.Run(run with { Resume = true, Notice = Console.Write, Progress = new Once(p => { from = p.Metrics.Step; stopped.Cancel(); }) }, stopped.Token);
            from > 1
            """, resumed);
        Assert.True(second.Status == CellStatus.Done, string.Join('\n', second.Error?.Traceback ?? []));
        Assert.Contains("Resumes after step", resumed.Out);
        Assert.Equal("True", resumed.Value!.PlainText);
    }

    [Fact]
    public void LiveChartsMoveAndEndWithTheRun()
    {
        Prepare(steps: 3);
        var outputs = new CollectedOutputs();
        CellResult result = _session.Run("var live = new LiveTraining(\"A run\"); var result = Trainer.Run(run with { Folder = null, Progress = live }); live.Finish(result);", outputs);
        Assert.True(result.Status == CellStatus.Done, string.Join('\n', result.Error?.Traceback ?? []));
        Assert.StartsWith("A run", Assert.Single(outputs.Displayed).PlainText);
        Assert.Contains("The run finished after 3 of 3 steps", outputs.Updates[^1].PlainText);
        Assert.Equal("application/vnd.plotly.v1+json", outputs.Updates[^1].Entries[0].Key);
    }

    [Fact]
    public void ASecondRunInTheSameFolderIsRefused()
    {
        Prepare(steps: 2);
        CellResult result = _session.Run("""
            string refused = "";
            Trainer.Run(run with { Progress = new Once(p =>
            {
                try { Trainer.Run(run with { Resume = true }); }
                catch (FineTuneKit.InputException e) { refused = e.Message; }
            }) });
            if (!refused.Contains("in use by another run")) throw new Exception("not refused: " + refused);
            """, new CollectedOutputs());
        Assert.True(result.Status == CellStatus.Done, string.Join('\n', result.Error?.Traceback ?? []));
    }

    private void Prepare(int steps)
    {
        CellResult result = _session.Run($$"""
            #r "FineTuneKit.dll"
            using FineTuneKit.Charts;
            using FineTuneKit.Data;
            using FineTuneKit.Evaluation;
            using FineTuneKit.Training;
            class Once(Action<TrainingProgress> act) : IProgress<TrainingProgress>
            {
                private bool _done;
                public void Report(TrainingProgress value) { if (_done) return; _done = true; act(value); }
            }
            var model = ChatModel.Load(@"{{Path.Combine(Repository.Root, "data-samples", "mini-base")}}");
            var rows = RowReader.Read(@"{{Path.Combine(Repository.Root, "data-samples", "support-desk", "clean.jsonl")}}").Take(16).Select(r => TrainingRows.Of(r, model.Template)).ToArray();
            var options = new TrainingOptions { MaxSteps = {{steps}}, BatchRows = 2 };
            var run = new TrainingRun
            {
                Model = new WholeModel(model.Decoder), Objective = new SupervisedObjective(model.Decoder, endIds: [.. model.Template.StopIds]),
                Examples = new ExampleList(rows, options), Options = options, Folder = @"{{_folder}}",
            };
            """, new CollectedOutputs());
        Assert.True(result.Status == CellStatus.Done, string.Join('\n', result.Error?.Traceback ?? []));
    }

    /// <summary>Interrupts as a user does who has seen the chart move.</summary>
    private sealed class InterruptingOutputs(ScriptSession session, int updates) : ICellOutputs
    {
        private int _seen;

        public void Stream(string name, string text)
        {
        }

        public void Display(MimeBundle bundle, string displayId)
        {
        }

        public void Update(MimeBundle bundle, string displayId)
        {
            if (++_seen == updates) session.Interrupt();
        }

        public void Result(MimeBundle bundle)
        {
        }

        public void Clear(bool wait)
        {
        }
    }
}
