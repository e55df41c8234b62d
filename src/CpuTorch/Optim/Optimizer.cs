using CpuTorch.Modules;

namespace CpuTorch
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>What a learning-rate schedule sets.</summary>
            public interface ILearningRateController
            {
                double LearningRate { get; set; }

                double InitialLearningRate { get; set; }
            }

            /// <summary>Options that a group of parameters may have for itself.</summary>
            public class OptimizerOptions
            {
                public double LearningRate { get; set; }

                public double InitialLearningRate { get; set; }

                public double weight_decay { get; set; }

                public bool maximize { get; set; }

                internal OptimizerOptions Copied() => (OptimizerOptions)MemberwiseClone();
            }

            /// <summary>Parameters with their own options.</summary>
            public class ParamGroup : ILearningRateController
            {
                public ParamGroup(IEnumerable<Parameter> parameters, OptimizerOptions? options = null)
                {
                    Parameters = [.. parameters];
                    Options = options!;
                }

                public IList<Parameter> Parameters { get; }

                public OptimizerOptions Options { get; internal set; }

                public double LearningRate
                {
                    get => Options.LearningRate;
                    set => Options.LearningRate = value;
                }

                public double InitialLearningRate
                {
                    get => Options.InitialLearningRate;
                    set => Options.InitialLearningRate = value;
                }
            }

            /// <summary>Changes parameters by their gradients, group by group.</summary>
            public abstract class Optimizer : IDisposable
            {
                private readonly List<ParamGroup> groups = [];
                private readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

                private protected Optimizer(IEnumerable<ParamGroup> groups, OptimizerOptions defaults)
                {
                    defaults.InitialLearningRate = defaults.LearningRate;
                    Defaults = defaults;
                    foreach (ParamGroup group in groups) Add(group);
                    if (this.groups.Sum(group => group.Parameters.Count) == 0) throw TorchException.Value("optimizer got an empty parameter list");
                }

                public OptimizerOptions Defaults { get; }

                public IEnumerable<ParamGroup> ParamGroups => groups;

                public virtual void add_param_group(ParamGroup group) => Add(group);

                private void Add(ParamGroup group)
                {
                    group.Options ??= Defaults.Copied();
                    if (group.Options.InitialLearningRate == 0) group.Options.InitialLearningRate = group.Options.LearningRate;
                    if (group.Parameters.Any(parameter => parameters().Contains(parameter)))
                        throw TorchException.Value("some parameters appear in more than one parameter group");
                    groups.Add(group);
                }

                public IEnumerable<Parameter> parameters() => groups.SelectMany(group => group.Parameters);

                /// <summary>Sets gradients to 0, as in TorchSharp; <see cref="nn.Module.zero_grad"/> drops them.</summary>
                public virtual void zero_grad(bool set_to_none = false)
                {
                    foreach (Parameter parameter in parameters()) nn.Module.ZeroGrad(parameter, set_to_none);
                }

                /// <summary>One step for each parameter that has a gradient.</summary>
                public virtual Tensor? step(Func<Tensor>? closure = null)
                {
                    Tensor? loss = null;
                    if (closure is not null)
                    {
                        using (enable_grad()) loss = closure();
                    }
                    using IDisposable quiet = no_grad();
                    using var scope = new DisposeScope();
                    List<Due> due = [.. groups.SelectMany(group => group.Parameters.Where(p => p.HeldGrad is not null).Select(p => new Due(p, StateOf(p), group.Options)))];
                    foreach (Due each in due) each.State.Step++;
                    Update(due);
                    foreach (Due each in due) each.Parameter.Storage.Version++;
                    return loss;
                }

                /// <summary>Step counts and moments, by the parameter's number in the order of the groups: the tensors themselves.</summary>
                public IReadOnlyDictionary<int, OptimizerState> state_dict()
                {
                    var result = new SortedDictionary<int, OptimizerState>();
                    int number = 0;
                    foreach (Parameter parameter in parameters())
                    {
                        if (states.TryGetValue(parameter, out OptimizerState? state)) result[number] = state;
                        number++;
                    }
                    return result;
                }

                /// <summary>Copies a state that was saved of an optimizer over the same parameters.</summary>
                public void load_state_dict(IReadOnlyDictionary<int, OptimizerState> source)
                {
                    Parameter[] all = [.. parameters()];
                    OptimizerOptions[] options = [.. groups.SelectMany(group => group.Parameters.Select(_ => group.Options))];
                    using IDisposable quiet = no_grad();
                    foreach (Parameter parameter in all)
                    {
                        if (states.Remove(parameter, out OptimizerState? old)) old.Dispose();
                    }
                    foreach ((int number, OptimizerState saved) in source)
                    {
                        if (number < 0 || number >= all.Length) throw TorchException.Value($"state for parameter {number}, but the optimizer has {all.Length}");
                        OptimizerState own = StateOf(all[number]);
                        own.Step = saved.Step;
                        foreach ((string key, Tensor value) in saved.Tensors)
                        {
                            Tensor target = own.Buffer(key, all[number], StateType(options[number]));
                            if (!Shape.Same(target.Sizes, value.Sizes))
                                throw TorchException.Value($"'{key}' of parameter {number} has shape {Shape.Text(value.Sizes)}, required {Shape.Text(target.Sizes)}");
                            target.copy_(value);
                        }
                    }
                }

                public void Dispose()
                {
                    Dispose(disposing: true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                    foreach (OptimizerState state in states.Values) state.Dispose();
                    states.Clear();
                }

                /// <summary>Changes the parameters one after another, each on all cores; for small ones the other way round may be faster.</summary>
                private protected virtual void Update(IReadOnlyList<Due> due)
                {
                    foreach (Due each in due) Update(each.Parameter, each.Parameter.HeldGrad!, each.State, each.Options);
                }

                /// <summary>How the tensors of a state are kept.</summary>
                private protected virtual ScalarType StateType(OptimizerOptions options) => ScalarType.Float32;

                private protected abstract void Update(Parameter parameter, Tensor grad, OptimizerState state, OptimizerOptions options);

                private OptimizerState StateOf(Parameter parameter)
                {
                    if (!states.TryGetValue(parameter, out OptimizerState? state)) states[parameter] = state = new OptimizerState();
                    return state;
                }

                /// <summary>A parameter that has a gradient, with what its step needs.</summary>
                private protected readonly record struct Due(Parameter Parameter, OptimizerState State, OptimizerOptions Options);
            }
        }
    }
}

namespace CpuTorch.Modules
{
    /// <summary>What an optimizer keeps for one parameter: a step count and tensors of the parameter's shape.</summary>
    public sealed class OptimizerState : IDisposable
    {
        private readonly SortedDictionary<string, torch.Tensor> tensors = new(StringComparer.Ordinal);

        public long Step { get; set; }

        public IReadOnlyDictionary<string, torch.Tensor> Tensors => tensors;

        /// <summary>A state to load, by name; it takes the handle over.</summary>
        public void Set(string name, torch.Tensor value) => tensors[name] = value.Unscoped();

        public void Dispose()
        {
            foreach (torch.Tensor tensor in tensors.Values) tensor.Dispose();
            tensors.Clear();
        }

        internal bool Has(string name) => tensors.ContainsKey(name);

        /// <summary>The tensor of that name; zeros at first.</summary>
        internal torch.Tensor Buffer(string name, torch.Tensor like, torch.ScalarType type = torch.ScalarType.Float32)
        {
            if (!tensors.TryGetValue(name, out torch.Tensor? buffer))
                tensors[name] = buffer = torch.Tensor.Zeros(like.Sizes, type).Unscoped();
            return buffer;
        }
    }
}
