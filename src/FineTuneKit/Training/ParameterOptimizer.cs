using FineTuneKit.Models;

namespace FineTuneKit.Training;

/// <summary>
/// The optimizer of a run over groups of its weights. AdamW (arXiv 1711.05101): weight decay for matrices, none for norms
/// and biases, and LoRA+'s own rate for B. With Muon (arXiv 2502.16982) the matrices between embedding and head are
/// Muon's, under the same rate and decay, and AdamW has the others. A weight's own factor scales its rate.
/// </summary>
internal sealed class ParameterOptimizer : IDisposable
{
    private const string StepSuffix = ".step";

    private readonly List<Member> _members = [];

    public ParameterOptimizer(IReadOnlyList<NamedParameter> parameters, TrainingOptions options)
    {
        NamedParameter[] orthogonal = [.. parameters.Where(p => IsMuons(p, options))], others = [.. parameters.Except(orthogonal)];
        if (orthogonal.Length > 0)
        {
            IGrouping<double, NamedParameter>[] byRate = [.. orthogonal.GroupBy(p => p.RateFactor)];
            optim.ParamGroup[] groups = [.. byRate.Select(group => new optim.ParamGroup(group.Select(p => p.Value)))];
            _members.Add(new Member(
                optim.Muon(groups, options.LearningRate, options.WeightDecay, options.MuonMomentum, ns_steps: options.MuonIterations),
                groups, [.. byRate.Select(group => options.LearningRate * group.Key)], [.. byRate.SelectMany(group => group)], ["momentum_buffer"]));
        }
        if (others.Length > 0) _members.Add(AdamW(others, options));
    }

    /// <summary>The full rate of each group.</summary>
    public IReadOnlyList<double> Rates => [.. _members.SelectMany(m => m.Rates)];

    /// <summary>Whether Muon has the weight; AdamW has the others.</summary>
    public static bool IsMuons(NamedParameter parameter, TrainingOptions options) => options.Optimizer == TrainingOptions.Muon && IsInner(parameter);

    /// <summary>Matrices decay; norms, biases and other vectors do not.</summary>
    public static bool Decays(NamedParameter parameter) => parameter.Value.dim() > 1;

    /// <summary>Bytes that the state of a weight takes.</summary>
    public static long StateBytes(NamedParameter parameter, TrainingOptions options) =>
        IsMuons(parameter, options) ? sizeof(float) : 2 * (StateType(options) == ScalarType.BFloat16 ? sizeof(ushort) : sizeof(float));

    public void Step(LearningRateSchedule schedule, long step)
    {
        int group = 0;
        foreach (Member member in _members)
        {
            foreach (optim.ParamGroup each in member.Groups) each.LearningRate = schedule.Rate(step, group++);
            member.Optimizer.step();
        }
    }

    public void ZeroGradients()
    {
        foreach (NamedParameter parameter in _members.SelectMany(m => m.Parameters)) parameter.Value.grad = null;
    }

    /// <summary>The moments and step counts by the parameters' names, for a checkpoint; a parameter that never had a gradient has none.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors()
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (Member member in _members)
        {
            foreach ((int number, OptimizerState state) in member.Optimizer.state_dict())
            {
                string name = member.Parameters[number].Name;
                tensors.Add(new(name + StepSuffix, tensor(state.Step)));
                foreach (string moment in member.Moments) tensors.Add(new($"{name}.{moment}", state.Tensors[moment]));
            }
        }
        return tensors;
    }

    /// <summary>Takes up what <see cref="Tensors"/> gave.</summary>
    public void Load(SafetensorsFile file)
    {
        foreach (Member member in _members) member.Load(file);
    }

    public void Dispose()
    {
        foreach (Member member in _members) member.Optimizer.Dispose();
    }

    private static ScalarType StateType(TrainingOptions options) => options.OptimizerState == TrainingOptions.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    private static Member AdamW(IReadOnlyList<NamedParameter> parameters, TrainingOptions options)
    {
        var groups = parameters.GroupBy(p => (IsB: IsLoraB(p.Name), Decays: Decays(p), p.RateFactor)).OrderBy(g => g.Key.IsB).ThenByDescending(g => g.Key.Decays).ToArray();
        double[] rates = [.. groups.Select(group => options.LearningRate * group.Key.RateFactor * (group.Key.IsB ? options.LoraPlusRatio : 1))];
        AdamW.ParamGroup[] own =
        [
            .. groups.Select((group, i) => new AdamW.ParamGroup(
                group.Select(p => p.Value), rates[i], options.Beta1, options.Beta2, options.Epsilon, group.Key.Decays ? options.WeightDecay : 0, state_dtype: StateType(options))),
        ];
        return new Member(optim.AdamW(own, options.LearningRate), own, rates, [.. groups.SelectMany(group => group)], ["exp_avg", "exp_avg_sq"]);
    }

    // What reads ids or writes logits is a table, whose rows do not act together.
    private static bool IsInner(NamedParameter parameter) => parameter.Value.dim() == 2
        && !Array.Exists(["embed", "wte", "wpe", "lm_head", "score"], table => parameter.Name.Contains(table, StringComparison.Ordinal));

    private static bool IsLoraB(string name) => name.Contains(".lora_B.", StringComparison.Ordinal) || name.EndsWith(".lora_embedding_B", StringComparison.Ordinal);

    private sealed record Member(
        optim.Optimizer Optimizer, IReadOnlyList<optim.ParamGroup> Groups, IReadOnlyList<double> Rates, IReadOnlyList<NamedParameter> Parameters, string[] Moments)
    {
        public void Load(SafetensorsFile file)
        {
            using DisposeScope scope = NewDisposeScope();
            var states = new Dictionary<int, OptimizerState>();
            for (int i = 0; i < Parameters.Count; i++)
            {
                string name = Parameters[i].Name;
                if (!file.Contains(name + StepSuffix)) continue;
                var state = new OptimizerState { Step = file.Read(name + StepSuffix).item<long>() };
                foreach (string moment in Moments) state.Set(moment, file.Read($"{name}.{moment}"));
                states[i] = state;
            }
            Optimizer.load_state_dict(states);
            foreach (OptimizerState state in states.Values) state.Dispose();
        }
    }
}
