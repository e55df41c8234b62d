using System.Diagnostics;
using System.Globalization;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Lab.Skills;
using FineTuneKit.Records;

namespace FineTuneKit.Lab;

/// <summary>
/// The whole story on the shipped data: audit, split, the base untuned, LoRA and full training over seeds with early
/// stopping, the test set, the general skills before and after, the comparison. Finished runs are kept, so that an
/// interrupted lab goes on where it stood.
/// </summary>
public sealed class LabExperiment
{
    private const int ShownExamples = 3;

    private readonly LabOptions _options;
    private readonly IRunProgress _progress;
    private readonly CancellationToken _cancel;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);

    private LabExperiment(LabOptions options, IRunProgress progress, CancellationToken cancel) =>
        (_options, _progress, _cancel) = (options, progress, cancel);

    /// <summary>Runs or resumes the lab and writes <c>record.json</c> and <c>report.html</c>.</summary>
    /// <exception cref="InputException">The base or the data cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; running the same again with resume goes on.</exception>
    public static LabRecord Run(LabOptions options, bool resume, IRunProgress progress, CancellationToken cancel)
    {
        RequireFresh(options, resume);
        return new LabExperiment(options, progress, cancel).Run();
    }

    private LabRecord Run()
    {
        (LabData data, SplitResult split) = PrepareData();
        IReadOnlyList<SkillItem> questions = SkillSuite.Build(_options.QuestionsPerSkill, _options.SplitSeed);
        using ChatModel model = ChatModel.Load(_options.Base);

        _progress.Begin("the base, untuned");
        IReadOnlyList<bool> baseItems = ForgettingTest.Ask(model, questions, _progress, _cancel);
        IReadOnlyList<SkillResult> baseSkills = ForgettingTest.Sum(questions, baseItems);
        UntunedOutcome[] untuned = [Untuned(model, split, 0), Untuned(model, split, ShownExamples)];
        _progress.End(Text($"{LabStatistics.GeneralShare(baseSkills):0%} of general questions, {untuned[0].Tickets.AllFields.Value:0%} of tickets; with {ShownExamples} examples in the prompt {untuned[1].Tickets.AllFields.Value:0%}"));

        var runs = new TuningRuns(_options, split, questions, _progress, _seconds, _cancel);
        (IReadOnlyList<RateTrial> search, IReadOnlyList<RunOutcome> compared) = TuneAll(runs);
        IReadOnlyList<Comparison> comparisons = LabStatistics.Compare(compared, [.. questions.Select(q => ForgettingTest.IsCore(q.Skill))], _options.SplitSeed);

        var record = new LabRecord
        {
            Version = typeof(LabExperiment).Assembly.GetName().Version!.ToString(3),
            Options = _options with { Base = Name(_options.Base), Data = Name(_options.Data), Out = "" },
            Data = data,
            BaseSha256 = model.Sha256,
            BaseParameters = model.Decoder.ParameterCount,
            TemplateSha256 = model.Template.Hash,
            BaseSkills = baseSkills,
            BaseSkillItems = baseItems,
            Untuned = untuned,
            Search = search,
            Runs = compared,
            Comparisons = comparisons,
            TakeAways = TakeAways.Of(untuned, compared, baseSkills, comparisons),
            MeasuredOn = Measured(),
        };
        AtomicFile.WriteJson(Path.Combine(_options.Out, "record.json"), record);
        AtomicFile.WriteText(Path.Combine(_options.Out, "report.html"), LabReport.Write(record, split));
        return record;
    }

    private static void RequireFresh(LabOptions options, bool resume)
    {
        string runs = Path.Combine(options.Out, TuningRuns.Folder);
        if (!resume && Directory.Exists(runs) && Directory.EnumerateFileSystemEntries(runs).Any())
            throw new InputException($"{options.Out} holds the runs of a lab; --resume goes on with them, --out names another folder");
    }

    private (LabData, SplitResult) PrepareData()
    {
        _progress.Begin("data");
        string file = Path.Combine(_options.Data, "clean.jsonl"), dirty = Path.Combine(_options.Data, "dirty.jsonl");
        IReadOnlyList<Row> rows = RowReader.Read(file);
        AuditReport audit = DataAudit.Run(RowReader.Read(dirty));
        SplitResult split = DataSplit.Make(rows, new SplitOptions { Seed = _options.SplitSeed });
        var data = new LabData
        {
            File = Name(file),
            Sha256 = DataHash.Of(rows),
            Rows = rows.Count,
            Split = split.Proof,
            DirtyFindings = audit.Findings.GroupBy(f => f.Rule).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
        };
        _progress.End($"{rows.Count} rows: {split.Train.Count} to train, {split.Validation.Count} to choose, {split.Test.Count} to test; {data.DirtyFindings.Values.Sum()} findings in the dirty copy");
        return (data, split);
    }

    private UntunedOutcome Untuned(ChatModel model, SplitResult split, int examples)
    {
        ChatMessage[] shown = [.. Examples(split, examples).SelectMany(r => r.Messages.Where(m => m.Role != "system"))];
        TicketAnswer[] scored = TicketTest.Ask(model, split.Test, shown, _progress, _cancel);
        return new UntunedOutcome { Examples = examples, Answers = scored, Tickets = TicketMetrics.Of(scored, split.Test, _options.SplitSeed) };
    }

    /// <summary>Training rows of different intents, the shortest of each, so that they fit into the prompt.</summary>
    private static IEnumerable<Row> Examples(SplitResult split, int count) => split.Train
        .GroupBy(r => r.Label).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => g.OrderBy(r => r.Prompt.Length + r.Answer.Length).ThenBy(r => r.Origin.Line).First()).Take(count);

    /// <summary>Chooses each method's rate by short trials with the first seed, then trains every seed at it.</summary>
    private (IReadOnlyList<RateTrial> Search, IReadOnlyList<RunOutcome> Compared) TuneAll(TuningRuns runs)
    {
        var search = new List<RateTrial>();
        var compared = new List<RunOutcome>();
        foreach (TuningMethod method in new[] { TuningMethod.Lora, TuningMethod.Full })
        {
            IReadOnlyList<double> rates = _options.Recipe(method).Rates;
            RateTrial[] tried = rates.Count > 1 ? [.. rates.Select(rate => runs.Try(method, rate, _options.Seeds[0]))] : [];
            double best = tried.MinBy(r => r.ValidationLoss)?.LearningRate ?? rates[0];
            search.AddRange(tried);
            foreach (long seed in _options.Seeds) compared.Add(runs.Run(method, best, seed));
        }
        return (search, compared);
    }

    private MeasuredOn Measured() => new()
    {
        Machine = MachineDescription.Current(get_num_threads()),
        Ended = DateTime.UtcNow,
        Seconds = _clock.Elapsed.TotalSeconds,
        PeakMemoryBytes = MachineDescription.PeakMemoryBytes(),
        TrainingSeconds = _seconds,
    };

    private static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
