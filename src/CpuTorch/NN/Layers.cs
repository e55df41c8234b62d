using static CpuTorch.torch;

namespace CpuTorch.Modules;

/// <summary>x W^T + b with weight (out, in).</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias, ScalarType? dtype)
        : base(nameof(Linear))
    {
        weight = new Parameter(empty([outputSize, inputSize], dtype));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (hasBias)
        {
            double bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
            bias = new Parameter(empty([outputSize], dtype));
            nn.init.uniform_(bias, -bound, bound);
        }
        RegisterComponents();
    }

    public Parameter weight { get; private set; }

    public Parameter? bias { get; private set; }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight, bias);
}

/// <summary>Rows of a table (count, dims).</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly long? padding;

    internal Embedding(long count, long dims, long? padding, ScalarType? dtype)
        : base(nameof(Embedding))
    {
        this.padding = padding;
        Tensor table = randn([count, dims], dtype);
        if (padding is { } row)
        {
            using Tensor nothing = table.select(0, row);
            nothing.zero_();
        }
        weight = new Parameter(table);
        RegisterComponents();
    }

    public Parameter weight { get; private set; }

    public override Tensor forward(Tensor input) => nn.functional.embedding(input, weight, padding);
}

public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly long[] normalized;
    private readonly double eps;

    internal LayerNorm(long[] shape, double eps, bool affine, bool hasBias, ScalarType? dtype)
        : base(nameof(LayerNorm))
    {
        normalized = shape;
        this.eps = eps;
        if (affine)
        {
            weight = new Parameter(ones(shape, dtype));
            if (hasBias) bias = new Parameter(zeros(shape, dtype));
        }
        RegisterComponents();
    }

    public Parameter? weight { get; private set; }

    public Parameter? bias { get; private set; }

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, normalized, weight, bias, eps);
}

public sealed class Dropout : nn.Module<Tensor, Tensor>
{
    private readonly double p;

    internal Dropout(double p)
        : base(nameof(Dropout)) => this.p = p;

    public override Tensor forward(Tensor input) => nn.functional.dropout(input, p, training);
}

public sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    private readonly long[] stride;
    private readonly long[] padding;
    private readonly long groups;

    internal Conv2d(long inChannels, long outChannels, (long Height, long Width) kernel, long stride, long padding, long groups, bool hasBias, ScalarType? dtype)
        : base(nameof(Conv2d))
    {
        this.stride = [stride, stride];
        this.padding = [padding, padding];
        this.groups = groups;
        weight = new Parameter(empty([outChannels, inChannels / groups, kernel.Height, kernel.Width], dtype));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (hasBias)
        {
            double bound = 1 / Math.Sqrt(inChannels / groups * kernel.Height * kernel.Width);
            bias = new Parameter(empty([outChannels], dtype));
            nn.init.uniform_(bias, -bound, bound);
        }
        RegisterComponents();
    }

    public Parameter weight { get; private set; }

    public Parameter? bias { get; private set; }

    public override Tensor forward(Tensor input) => nn.functional.conv2d(input, weight, bias, stride, padding, groups: groups);
}

public sealed class ReLU : nn.Module<Tensor, Tensor>
{
    internal ReLU()
        : base(nameof(ReLU))
    {
    }

    public override Tensor forward(Tensor input) => input.relu();
}

public sealed class SiLU : nn.Module<Tensor, Tensor>
{
    internal SiLU()
        : base(nameof(SiLU))
    {
    }

    public override Tensor forward(Tensor input) => input.silu();
}

public sealed class Tanh : nn.Module<Tensor, Tensor>
{
    internal Tanh()
        : base(nameof(Tanh))
    {
    }

    public override Tensor forward(Tensor input) => input.tanh();
}

public sealed class GELU : nn.Module<Tensor, Tensor>
{
    private readonly Approximate approximate;

    internal GELU(Approximate approximate)
        : base(nameof(GELU)) => this.approximate = approximate;

    /// <summary>The exact function, or its form by tanh.</summary>
    public enum Approximate
    {
        none,
        tanh,
    }

    public override Tensor forward(Tensor input) => nn.functional.gelu(input, approximate);
}

/// <summary>One module after another, named by number unless given names.</summary>
public sealed class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.Module<Tensor, Tensor>> steps = [];

    internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> modules)
        : base(nameof(Sequential))
    {
        foreach ((string name, nn.Module<Tensor, Tensor> module) in modules)
        {
            register_module(name, module);
            steps.Add(module);
        }
    }

    public int Count => steps.Count;

    public nn.Module<Tensor, Tensor> this[int index] => steps[index];

    public override Tensor forward(Tensor input)
    {
        Tensor value = input;
        foreach (nn.Module<Tensor, Tensor> step in steps)
        {
            Tensor next = step.forward(value);
            if (!ReferenceEquals(value, input)) value.Dispose();
            value = next;
        }
        return ReferenceEquals(value, input) ? input.alias() : value;
    }
}

/// <summary>Modules by number: "0", "1", ….</summary>
public sealed class ModuleList<T> : nn.Module, IReadOnlyList<T>
    where T : nn.Module
{
    private readonly List<T> items = [];

    internal ModuleList(IEnumerable<T> modules)
        : base(nameof(ModuleList<T>))
    {
        foreach (T module in modules) Add(module);
    }

    public int Count => items.Count;

    public T this[int index] => items[index];

    public void Add(T module)
    {
        register_module(items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);
        items.Add(module);
    }

    public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
