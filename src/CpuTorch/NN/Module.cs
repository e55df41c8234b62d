using CpuTorch.Modules;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Parameters, buffers and other modules under names, as a model's parts are found and saved.</summary>
        public class Module : IDisposable, IScoped
        {
            private readonly Dictionary<string, Parameter> parameters_ = new(StringComparer.Ordinal);
            private readonly Dictionary<string, (Tensor Value, bool Persistent)> buffers_ = new(StringComparer.Ordinal);
            private readonly Dictionary<string, Module> modules_ = new(StringComparer.Ordinal);
            private readonly List<string> order = [];
            private readonly string name;

            protected Module(string name)
            {
                this.name = name;
                DisposeScope.Current?.Adopt(this);
            }

            DisposeScope? IScoped.Scope { get; set; }

            public bool training { get; private set; } = true;

            public virtual string GetName() => name;

            public virtual void register_parameter(string name, Parameter? param)
            {
                CheckFree(name);
                if (param is null) return;
                ((IScoped)param).Scope?.Leave(param);
                parameters_[name] = param;
                order.Add(name);
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                CheckFree(name);
                ((IScoped)tensor).Scope?.Leave(tensor);
                buffers_[name] = (tensor, persistent);
                order.Add(name);
            }

            public virtual void register_module(string name, Module? submodule)
            {
                CheckFree(name);
                if (submodule is null) return;
                ((IScoped)submodule).Scope?.Leave(submodule);
                modules_[name] = submodule;
                order.Add(name);
            }

            /// <summary>Puts another module in the place of one that is registered under that name, or adds it.</summary>
            public void replace_module(string name, Module submodule)
            {
                if (!modules_.Remove(name)) order.Add(name);
                ((IScoped)submodule).Scope?.Leave(submodule);
                modules_[name] = submodule;
            }

            /// <summary>Puts another parameter in the place of one that is registered under that name, which is disposed.</summary>
            public void replace_parameter(string name, Parameter param)
            {
                Parameter old = parameters_[name];
                ((IScoped)param).Scope?.Leave(param);
                parameters_[name] = param;
                OnParameterReplaced(name, param);
                old.Dispose();
            }

            /// <summary>Takes a module out of this one, without disposing it.</summary>
            public Module? remove_module(string name)
            {
                if (modules_.Remove(name, out Module? removed)) order.Remove(name);
                return removed;
            }

            /// <summary>Registers every field that holds a parameter, a module or a tensor, under the field's name.</summary>
            protected virtual void RegisterComponents() => ComponentFields.Register(this);

            internal bool Holds(object component) => parameters_.ContainsValue((component as Parameter)!) || modules_.ContainsValue((component as Module)!)
                || buffers_.Values.Any(buffer => ReferenceEquals(buffer.Value, component));

            internal bool IsTaken(string name) => order.Contains(name);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach ((string path, Module module) in recurse ? WithSelf() : [("", this)])
                {
                    foreach (string key in module.order)
                    {
                        if (module.parameters_.TryGetValue(key, out Parameter? parameter) && seen.Add(parameter)) yield return (Join(path, key), parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true) => Buffers(recurse, persistentOnly: false);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(pair => pair.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() =>
                order.Where(modules_.ContainsKey).Select(key => (key, modules_[key]));

            public virtual IEnumerable<Module> children() => named_children().Select(pair => pair.module);

            /// <summary>All modules below this one, each before its children.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() => WithSelf().Skip(1);

            public virtual IEnumerable<Module> modules() => named_modules().Select(pair => pair.module);

            public Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(pair => pair.name == target).parameter;

            public Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(pair => pair.name == target).buffer;

            public Module? get_submodule(string target) => named_modules().FirstOrDefault(pair => pair.name == target).module;

            public bool has_parameter(string target) => get_parameter(target) is not null;

            public bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>Parameters and persistent buffers by name: the tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict()
            {
                var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
                foreach ((string key, Parameter parameter) in named_parameters()) state[key] = parameter;
                foreach ((string key, Tensor buffer) in Buffers(recurse: true, persistentOnly: true)) state[key] = buffer;
                return state;
            }

            /// <summary>Copies values into parameters and buffers, converting to their types.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                Dictionary<string, Tensor> own = state_dict();
                string[] missing = [.. own.Keys.Where(key => !source.ContainsKey(key) && skip?.Contains(key) != true)];
                string[] unexpected = [.. source.Keys.Where(key => !own.ContainsKey(key) && skip?.Contains(key) != true)];
                if (strict && (missing.Length > 0 || unexpected.Length > 0))
                    throw TorchException.Runtime($"Error(s) in loading state_dict for {name}: missing keys: {string.Join(", ", missing)}; unexpected keys: {string.Join(", ", unexpected)}");
                using IDisposable quiet = no_grad();
                foreach ((string key, Tensor target) in own)
                {
                    if (skip?.Contains(key) == true || !source.TryGetValue(key, out Tensor? value)) continue;
                    if (!Shape.Same(target.Sizes, value.Sizes))
                        throw TorchException.Runtime($"size mismatch for {key}: copying a param with shape {Shape.Text(value.Sizes)} from checkpoint, the shape in current model is {Shape.Text(target.Sizes)}.");
                    target.copy_(value);
                }
                return (missing, unexpected);
            }

            public virtual void train(bool on = true)
            {
                training = on;
                foreach (string key in order)
                {
                    if (modules_.TryGetValue(key, out Module? child)) child.train(on);
                }
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (Parameter parameter in parameters()) ZeroGrad(parameter, set_to_none);
            }

            public Module apply(Action<Module> fn)
            {
                foreach (Module child in children()) child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Accepted for source compatibility: there is one device.</summary>
            public Module to(Device device) => this;

            /// <summary>Converts parameters and buffers of real numbers. Build optimizers after it, for the parameters are new objects.</summary>
            public Module to(ScalarType dtype)
            {
                foreach ((_, Module module) in WithSelf().ToArray()) module.Convert(dtype);
                return this;
            }

            public Module requires_grad_(bool requires_grad = true)
            {
                foreach (Parameter parameter in parameters()) parameter.requires_grad = requires_grad;
                return this;
            }

            public void Dispose()
            {
                Dispose(disposing: true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                ((IScoped)this).Scope?.Leave(this);
                foreach (Parameter parameter in parameters_.Values) parameter.Dispose();
                foreach ((Tensor buffer, _) in buffers_.Values) buffer.Dispose();
                foreach (Module module in modules_.Values) module.Dispose();
            }

            /// <summary>Called when <see cref="to(ScalarType)"/> put a new parameter in the place of one, so that a field can follow.</summary>
            protected virtual void OnParameterReplaced(string name, Parameter parameter) => ComponentFields.Set(this, name, parameter);

            internal static void ZeroGrad(Tensor parameter, bool setToNone)
            {
                if (setToNone) parameter.grad = null;
                else if (parameter.HeldGrad is { } grad) ElementLoop.Fill(grad, 0);
            }

            private void Convert(ScalarType dtype)
            {
                foreach (string key in order.ToArray())
                {
                    if (parameters_.TryGetValue(key, out Parameter? parameter) && parameter.is_floating_point() && parameter.dtype != dtype)
                    {
                        using Tensor plain = parameter.detach();
                        replace_parameter(key, new Parameter(plain.to_type(dtype), parameter.requires_grad));
                    }
                }
            }

            private IEnumerable<(string Name, Tensor Buffer)> Buffers(bool recurse, bool persistentOnly)
            {
                foreach ((string path, Module module) in recurse ? WithSelf() : [("", this)])
                {
                    foreach (string key in module.order)
                    {
                        if (module.buffers_.TryGetValue(key, out var buffer) && (buffer.Persistent || !persistentOnly)) yield return (Join(path, key), buffer.Value);
                    }
                }
            }

            private IEnumerable<(string Path, Module Module)> WithSelf()
            {
                var seen = new HashSet<Module>(ReferenceEqualityComparer.Instance);
                return Walk("", this);

                IEnumerable<(string, Module)> Walk(string path, Module module)
                {
                    if (!seen.Add(module)) yield break;
                    yield return (path, module);
                    foreach ((string key, Module child) in module.named_children())
                    {
                        foreach ((string, Module) below in Walk(Join(path, key), child)) yield return below;
                    }
                }
            }

            private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

            private void CheckFree(string name)
            {
                if (name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"a component's name has no dot: {name}", nameof(name));
                if (order.Contains(name)) throw new InvalidOperationException($"'{name}' is registered already");
            }
        }

        /// <summary>A module of one argument.</summary>
        public abstract class Module<T, TResult>(string name) : Module(name)
        {
            private readonly List<Func<Module<T, TResult>, T, TResult, TResult>> hooks = [];

            public abstract TResult forward(T input);

            /// <summary><see cref="forward"/>, then the hooks.</summary>
            public TResult call(T input)
            {
                TResult result = forward(input);
                foreach (Func<Module<T, TResult>, T, TResult, TResult> hook in hooks) result = hook(this, input, result);
                return result;
            }

            /// <summary>Has a function called with module, input and output after each <see cref="call"/>; what it gives is the output.</summary>
            public HookRemover register_forward_hook(Func<Module<T, TResult>, T, TResult, TResult> hook)
            {
                hooks.Add(hook);
                return new HookRemover(() => hooks.Remove(hook));
            }
        }

        /// <summary>Takes a hook off again.</summary>
        public sealed class HookRemover
        {
            private readonly Action action;

            internal HookRemover(Action action) => this.action = action;

            public void remove() => action();
        }

        public abstract class Module<T1, T2, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2) => forward(input1, input2);
        }

        public abstract class Module<T1, T2, T3, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            public TResult call(T1 input1, T2 input2, T3 input3) => forward(input1, input2, input3);
        }

        public abstract class Module<T1, T2, T3, T4, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4);

            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4) => forward(input1, input2, input3, input4);
        }
    }
}
