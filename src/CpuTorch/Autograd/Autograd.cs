using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>A tensor's place in the graph.</summary>
internal sealed class AutogradMeta
{
    internal bool RequiresGrad { get; set; }

    /// <summary>The gradient accumulated at a leaf; outside every scope.</summary>
    internal Tensor? Grad { get; set; }

    /// <summary>What made the tensor; null for a leaf.</summary>
    internal Node? Function { get; set; }

    internal int OutputNumber { get; set; }

    internal AccumulateGrad? Accumulator { get; set; }

    /// <summary>The tensor that this one is a view of.</summary>
    internal Tensor? Base { get; set; }

    /// <summary>Counts how often an in-place write gave the tensor a new history; its views compare.</summary>
    internal int HistoryVersion { get; set; }
}

/// <summary>Records operations for the backward pass.</summary>
internal static class Autograd
{
    [ThreadStatic]
    private static bool disabled;

    internal static bool Enabled
    {
        get => !disabled;
        set => disabled = !value;
    }

    internal static bool Wanted(Tensor? a) => Enabled && a is not null && a.requires_grad;

    internal static bool Wanted(Tensor? a, Tensor? b) => Wanted(a) || Wanted(b);

    internal static bool Wanted(Tensor? a, Tensor? b, Tensor? c) => Wanted(a) || Wanted(b) || Wanted(c);

    internal static bool Wanted(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (Tensor? tensor in tensors)
        {
            if (Wanted(tensor)) return true;
        }
        return false;
    }

    /// <summary>The second tensor where the first needs a gradient that is computed from it.</summary>
    internal static Tensor? For(Tensor? needing, Tensor? saved) => needing is not null && needing.requires_grad ? saved : null;

    /// <summary>Records that <paramref name="result"/> came of the inputs, each with the formula of its gradient.</summary>
    internal static Tensor Record(Tensor result, string name, ReadOnlySpan<Tensor?> saved, params ReadOnlySpan<(Tensor? Input, Gradient Formula)> inputs)
    {
        var next = new Edge[inputs.Length];
        var formulas = new Gradient[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            next[i] = EdgeTo(inputs[i].Input);
            formulas[i] = inputs[i].Formula;
        }
        result.SetHistory(new OperationNode(name, next, Save(saved), formulas), 0);
        return result;
    }

    /// <summary>Records an operation whose gradients are computed together; the number is for their formulas.</summary>
    internal static Tensor RecordJoint(Tensor result, string name, ReadOnlySpan<Tensor?> saved, ReadOnlySpan<Tensor?> inputs, JointGradient joint, double number = 0)
    {
        result.SetHistory(new OperationNode(name, EdgesTo(inputs), Save(saved), joint) { Number = number }, 0);
        return result;
    }

    /// <summary>Records an operation with several results.</summary>
    internal static Tensor[] RecordMany(Tensor[] results, string name, ReadOnlySpan<Tensor?> saved, ReadOnlySpan<Tensor?> inputs, JointGradient joint)
    {
        var node = new OperationNode(name, EdgesTo(inputs), Save(saved), joint) { Outputs = results.Length };
        for (int i = 0; i < results.Length; i++) results[i].SetHistory(node, i);
        return results;
    }

    internal static Edge EdgeTo(Tensor? input)
    {
        if (input is null) return default;
        Node? target = input.requires_grad ? input.GradFunction ?? input.Accumulator : null;
        target?.Acquire();
        return new(target, input.OutputNumber, input.Sizes, input.dtype);
    }

    private static Edge[] EdgesTo(ReadOnlySpan<Tensor?> inputs)
    {
        var next = new Edge[inputs.Length];
        for (int i = 0; i < next.Length; i++) next[i] = EdgeTo(inputs[i]);
        return next;
    }

    private static SavedTensor?[] Save(ReadOnlySpan<Tensor?> tensors)
    {
        if (tensors.Length == 0) return [];
        var saved = new SavedTensor?[tensors.Length];
        for (int i = 0; i < saved.Length; i++)
        {
            if (tensors[i] is { } tensor) saved[i] = new(tensor);
        }
        return saved;
    }
}
