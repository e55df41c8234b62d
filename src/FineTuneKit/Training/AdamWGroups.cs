using FineTuneKit.Models;

namespace FineTuneKit.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2017, arXiv 1711.05101) over groups: weight decay for matrices, none for norms and biases,
/// and LoRA+'s own rate for B.
/// </summary>
internal sealed class AdamWGroups : IDisposable
{
    private const string StepSuffix = ".step";
    private static readonly string[] Moments = ["exp_avg", "exp_avg_sq"];

    private readonly IReadOnlyList<NamedParameter> _parameters;
    private readonly AdamW _optimizer;
    private readonly AdamW.ParamGroup[] _groups;

    public AdamWGroups(IReadOnlyList<NamedParameter> parameters, TrainingOptions options)
    {
        var groups = parameters.GroupBy(p => (IsB: IsLoraB(p.Name), Decays: Decays(p))).OrderBy(g => g.Key.IsB).ThenByDescending(g => g.Key.Decays).ToArray();
        _parameters = [.. groups.SelectMany(group => group)];
        Rates = [.. groups.Select(group => options.LearningRate * (group.Key.IsB ? options.LoraPlusRatio : 1))];
        _groups =
        [
            .. groups.Select((group, i) => new AdamW.ParamGroup(
                group.Select(p => p.Value), Rates[i], options.Beta1, options.Beta2, options.Epsilon, group.Key.Decays ? options.WeightDecay : 0)),
        ];
        _optimizer = optim.AdamW(_groups, options.LearningRate);
    }

    /// <summary>The full rate of each group.</summary>
    public IReadOnlyList<double> Rates { get; }

    /// <summary>Matrices decay; norms, biases and other vectors do not.</summary>
    public static bool Decays(NamedParameter parameter) => parameter.Value.dim() > 1;

    public void Step(LearningRateSchedule schedule, long step)
    {
        for (int i = 0; i < _groups.Length; i++) _groups[i].LearningRate = schedule.Rate(step, i);
        _optimizer.step();
    }

    public void ZeroGradients()
    {
        foreach (NamedParameter parameter in _parameters) parameter.Value.grad = null;
    }

    /// <summary>The moments and step counts by the parameters' names, for a checkpoint; a parameter that never had a gradient has none.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors()
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach ((int number, OptimizerState state) in _optimizer.state_dict())
        {
            string name = _parameters[number].Name;
            tensors.Add(new(name + StepSuffix, tensor(state.Step)));
            foreach (string moment in Moments) tensors.Add(new($"{name}.{moment}", state.Tensors[moment]));
        }
        return tensors;
    }

    /// <summary>Takes up what <see cref="Tensors"/> gave.</summary>
    public void Load(SafetensorsFile file)
    {
        using DisposeScope scope = NewDisposeScope();
        var states = new Dictionary<int, OptimizerState>();
        for (int i = 0; i < _parameters.Count; i++)
        {
            string name = _parameters[i].Name;
            if (!file.Contains(name + StepSuffix)) continue;
            var state = new OptimizerState { Step = file.Read(name + StepSuffix).item<long>() };
            foreach (string moment in Moments) state.Set(moment, file.Read($"{name}.{moment}"));
            states[i] = state;
        }
        _optimizer.load_state_dict(states);
        foreach (OptimizerState state in states.Values) state.Dispose();
    }

    public void Dispose() => _optimizer.Dispose();

    private static bool IsLoraB(string name) => name.Contains(".lora_B.", StringComparison.Ordinal) || name.EndsWith(".lora_embedding_B", StringComparison.Ordinal);
}
