using System.CommandLine;
using System.Globalization;
using FineTuneKit.Records;
using FineTuneKit.Training;

namespace FineTuneKit.Cli;

/// <summary>The flags that say what a tuning run is: <c>ftk train</c> runs it, <c>ftk plan</c> says what it takes.</summary>
internal sealed class TuningFlags
{
    private static readonly TuningJobOptions Defaults = new() { Base = "", Data = "", Out = "" };

    private readonly Option<string?> _base = new("--base") { Description = "Folder of the base model, or owner/name of one in the hub's cache (ftk hub download). Default: the shipped mini-base.", HelpName = "DIR" };
    private readonly Option<string?> _tokenizer = new("--tokenizer") { Description = "Folder of the tokenizer and the chat template. Default: the base's.", HelpName = "DIR" };
    private readonly Option<string> _data = new("--data") { Description = "The rows: JSONL, JSON, CSV or TSV.", HelpName = "FILE", Required = true };
    private readonly Option<TuningMethod> _method = new("--method") { HelpName = "METHOD", Description = $"What is trained. {string.Join("; ", TuningMethods.All.Select(m => $"{m.Name}: {m.Does}"))}.", DefaultValueFactory = _ => Defaults.Method };
    private readonly Option<int> _epochs = new("--epochs") { Description = "Passes over the training rows at most.", DefaultValueFactory = _ => Defaults.Epochs };
    private readonly Option<string> _optimizer = new("--optimizer") { Description = "adamw, or muon, which suits a base that muon made, as mini-base.", DefaultValueFactory = _ => Defaults.Optimizer };
    private readonly Option<string> _state = new("--optimizer-state") { Description = "float32 or bfloat16: how AdamW keeps its moments. bfloat16 takes half the memory.", DefaultValueFactory = _ => Defaults.OptimizerState };
    private readonly Option<double?> _rate = new("--lr") { Description = $"Peak learning rate. Default: the method's, {string.Join("; ", TuningMethods.All.GroupBy(m => m.Rate).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key:0.#e-0} for {string.Join(", ", g.Select(m => m.Name))}")))}." };
    private readonly Option<int> _rank = new("--rank") { Description = "LoRA's rank; alpha is twice the rank.", DefaultValueFactory = _ => Defaults.Rank };
    private readonly Option<int> _virtualTokens = new("--virtual-tokens") { Description = "Virtual tokens of prompt and prefix.", DefaultValueFactory = _ => Defaults.VirtualTokens };
    private readonly Option<int> _layers = new("--layers") { Description = "Blocks that lastk trains.", DefaultValueFactory = _ => Defaults.Layers };
    private readonly Option<int> _thawEvery = new("--thaw-every") { Description = "Steps from one block to the next of gradual.", DefaultValueFactory = _ => Defaults.ThawEvery };
    private readonly Option<double> _layerDecay = new("--layer-decay") { Description = "What layerwise multiplies the rate by from a block to the one below.", DefaultValueFactory = _ => Defaults.LayerDecay };
    private readonly Option<int> _batch = new("--batch") { Description = "Rows of an optimizer step.", DefaultValueFactory = _ => Defaults.BatchRows };
    private readonly Option<bool> _checkpointing = new("--gradient-checkpointing") { Description = "Compute the blocks' inner values again instead of keeping them: less memory, about a third more time, the same weights." };
    private readonly Option<string> _baseType = new("--base-dtype")
    {
        Description = "float32, bfloat16 or float16: how LoRA's frozen base is kept. Half precision halves its memory; the arithmetic stays float32.",
        DefaultValueFactory = _ => Defaults.BaseType,
    };

    private readonly Option<long> _seed = new("--seed") { Description = "Seed of the split, the order and LoRA's first weights.", DefaultValueFactory = _ => Defaults.Seed };

    public TuningFlags(Command command)
    {
        _optimizer.AcceptOnlyFromAmong(TrainingOptions.AdamW, TrainingOptions.Muon);
        _state.AcceptOnlyFromAmong(TrainingOptions.Float32, TrainingOptions.BFloat16);
        _baseType.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
        foreach (Option option in new Option[] { _base, _tokenizer, _data, _method, _epochs, _optimizer, _state, _rate, _rank, _virtualTokens, _layers, _thawEvery, _layerDecay, _batch, _checkpointing, _baseType, _seed })
            command.Options.Add(option);
    }

    /// <summary>The run that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">Where its results go.</param>
    public TuningJobOptions Read(ParseResult parsed, string folder) => new()
    {
        Base = parsed.GetValue(_base) ?? ShippedFiles.Find("mini-base"),
        Tokenizer = parsed.GetValue(_tokenizer),
        Data = parsed.GetValue(_data)!,
        Out = folder,
        Method = parsed.GetValue(_method),
        Epochs = parsed.GetValue(_epochs),
        Optimizer = parsed.GetValue(_optimizer)!,
        OptimizerState = parsed.GetValue(_state)!,
        LearningRate = parsed.GetValue(_rate),
        Rank = parsed.GetValue(_rank),
        VirtualTokens = parsed.GetValue(_virtualTokens),
        Layers = parsed.GetValue(_layers),
        ThawEvery = parsed.GetValue(_thawEvery),
        LayerDecay = parsed.GetValue(_layerDecay),
        BatchRows = parsed.GetValue(_batch),
        GradientCheckpointing = parsed.GetValue(_checkpointing),
        BaseType = parsed.GetValue(_baseType)!,
        Seed = parsed.GetValue(_seed),
    };
}
