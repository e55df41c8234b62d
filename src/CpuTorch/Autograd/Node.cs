using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>The gradient of one input, given that of the output.</summary>
internal delegate Tensor? Gradient(OperationNode node, Tensor grad);

/// <summary>The gradients of all inputs at once; an output that received none has null.</summary>
internal delegate Tensor?[] JointGradient(OperationNode node, Tensor?[] grads);

/// <summary>Where the gradient of an input goes, and what it must look like there.</summary>
internal readonly record struct Edge(Node? Target, int Output, long[] Shape, ScalarType Type);

/// <summary>
/// One recorded operation. Handles and later nodes count references on it; with the last one, what it saved
/// is given back, so that a graph that is never run backward frees its memory as well.
/// </summary>
internal abstract class Node(string name, Edge[] next)
{
    private static long sequence;

    private static Stack<Node>? spareStack;

    private int references;

    /// <summary>PyTorch's name without the ending Backward0.</summary>
    internal string Name { get; } = name;

    internal Edge[] Next { get; } = next;

    /// <summary>Later nodes run backward first.</summary>
    internal long Sequence { get; } = Interlocked.Increment(ref sequence);

    internal int Outputs { get; init; } = 1;

    /// <summary>Gradients that arrived so far in the running pass.</summary>
    internal Tensor?[]? Arrived { get; set; }

    /// <summary>Edges of the running pass that have not delivered yet.</summary>
    internal int Waiting { get; set; }

    /// <summary>The pass that last visited this node.</summary>
    internal long Pass { get; set; }

    internal bool Needs(int input) => Next[input].Target is not null;

    internal abstract Tensor?[] Apply(Tensor?[] grads);

    /// <summary>Gives back what was saved for the backward pass.</summary>
    internal virtual void ReleaseSaved()
    {
    }

    internal Node Acquire()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref references) != 0) return;
        // A chain may be as long as the model is deep in operations: no recursion.
        Stack<Node> dead = Interlocked.Exchange(ref spareStack, null) ?? new Stack<Node>();
        dead.Push(this);
        while (dead.TryPop(out Node? node))
        {
            node.ReleaseSaved();
            foreach (Edge edge in node.Next)
            {
                if (edge.Target is { } target && Interlocked.Decrement(ref target.references) == 0) dead.Push(target);
            }
        }
        spareStack = dead;
    }
}

/// <summary>An operation with its saved tensors and its gradient formulas.</summary>
internal sealed class OperationNode : Node
{
    private readonly SavedTensor?[] saved;
    private readonly Gradient[]? gradients;
    private readonly JointGradient? joint;
    private bool released;

    internal OperationNode(string name, Edge[] next, SavedTensor?[] saved, Gradient[] gradients)
        : base(name, next)
    {
        this.saved = saved;
        this.gradients = gradients;
    }

    internal OperationNode(string name, Edge[] next, SavedTensor?[] saved, JointGradient joint)
        : base(name, next)
    {
        this.saved = saved;
        this.joint = joint;
    }

    /// <summary>A saved tensor, outside the graph; valid until the node's turn ends.</summary>
    internal Tensor this[int i] => Saved(i).Unpack();

    /// <summary>What was saved, without a handle: for formulas that read its memory alone.</summary>
    internal SavedTensor Saved(int i) => saved[i] ?? throw new InvalidOperationException($"{Name} saved no tensor {i}");

    /// <summary>A number that the gradients depend on.</summary>
    internal double Number { get; init; }

    internal bool Has(int i) => saved[i] is not null;

    internal override Tensor?[] Apply(Tensor?[] grads)
    {
        if (released && saved.Length > 0)
        {
            throw TorchException.Runtime("Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). "
                + "Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
                + "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.");
        }
        if (joint is not null) return joint(this, grads);
        var results = new Tensor?[Next.Length];
        if (grads[0] is not { } grad) return results;
        for (int i = 0; i < results.Length; i++)
        {
            if (Needs(i)) results[i] = gradients![i](this, grad);
        }
        return results;
    }

    internal override void ReleaseSaved()
    {
        if (released) return;
        released = true;
        foreach (SavedTensor? tensor in saved) tensor?.Release();
    }
}
