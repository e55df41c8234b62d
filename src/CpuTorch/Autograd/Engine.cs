using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>Runs the graph backward: a node's turn comes when every gradient it waits for has arrived.</summary>
internal static class Engine
{
    private static long passes;

    /// <summary>Starts at the roots with their gradients, which the engine takes over.</summary>
    internal static void Run(ReadOnlySpan<(Node Node, int Output, Tensor Grad)> roots, bool retainGraph)
    {
        long pass = Interlocked.Increment(ref passes);
        var ready = new PriorityQueue<Node, long>();
        var displaced = new List<(Node Leaf, long Pass, int Waiting, Tensor?[]? Arrived)>();
        foreach ((Node node, _, _) in roots) CountEdges(node, pass, displaced);
        foreach ((Node node, int output, Tensor grad) in roots)
        {
            Deliver(node, output, grad);
            if (node.Waiting == 0 && node.Pass == pass)
            {
                node.Pass = -pass;
                ready.Enqueue(node, -node.Sequence);
            }
        }
        bool recording = Autograd.Enabled;
        Autograd.Enabled = false;
        // What a gradient is computed through is seen by its formula alone.
        var scope = new DisposeScope(HandleReuse.Own);
        var visited = new List<Node>();
        try
        {
            while (ready.TryDequeue(out Node? node, out _))
            {
                visited.Add(node);
                Turn(node, scope, ready, retainGraph);
            }
        }
        finally
        {
            scope.Dispose();
            Autograd.Enabled = recording;
            // After a failure gradients still stand at nodes that had no turn.
            while (ready.TryDequeue(out Node? node, out _)) Drop(node);
            foreach (Node node in visited)
            {
                foreach (Edge edge in node.Next)
                {
                    if (edge.Target is { } target) Drop(target);
                }
            }
            foreach ((Node leaf, long outer, int waiting, Tensor?[]? arrived) in displaced)
                (leaf.Pass, leaf.Waiting, leaf.Arrived) = (outer, waiting, arrived);
        }
    }

    private static void Turn(Node node, DisposeScope scope, PriorityQueue<Node, long> ready, bool retainGraph)
    {
        Tensor?[]? grads = node.Arrived;
        node.Arrived = null;
        Tensor?[] results;
        try
        {
            results = grads is null ? new Tensor?[node.Next.Length] : node.Apply(grads);
            for (int i = 0; i < results.Length && i < node.Next.Length; i++)
            {
                if (results[i] is { } result && node.Next[i].Target is not null)
                    results[i] = Fit(result, results, i, grads!, node.Next[i]).Unscoped();
            }
        }
        finally
        {
            scope.DisposeSince(0);
            foreach (Tensor? grad in grads ?? []) grad?.Recycle();
        }
        if (!retainGraph) node.ReleaseSaved();
        for (int i = 0; i < node.Next.Length; i++)
        {
            if (node.Next[i].Target is not { } target) continue;
            if (results[i] is { } result) Deliver(target, node.Next[i].Output, result);
            if (--target.Waiting == 0) ready.Enqueue(target, -target.Sequence);
        }
    }

    // Brings a gradient to its input's shape and type, under a handle of its own.
    private static Tensor Fit(Tensor result, Tensor?[] results, int at, Tensor?[] incoming, Edge edge)
    {
        Tensor fitted = result;
        if (!Shape.Same(fitted.Sizes, edge.Shape)) fitted = fitted.sum_to_size(edge.Shape);
        if (fitted.dtype != edge.Type) fitted = fitted.to_type(edge.Type);
        bool taken = Array.IndexOf(incoming, fitted) >= 0 || Array.IndexOf(results, fitted, 0, at) >= 0;
        return taken ? fitted.Alias() : fitted;
    }

    private static void Deliver(Node target, int output, Tensor grad)
    {
        Tensor?[] arrived = target.Arrived ??= new Tensor?[target.Outputs];
        arrived[output] = arrived[output] is { } held ? GradientBuffer.Sum(held, grad) : grad;
    }

    private static void CountEdges(Node root, long pass, List<(Node Leaf, long Pass, int Waiting, Tensor?[]? Arrived)> displaced)
    {
        if (root.Pass == pass) return;
        root.Pass = pass;
        root.Waiting = 0;
        var open = new Stack<Node>();
        open.Push(root);
        while (open.TryPop(out Node? node))
        {
            foreach (Edge edge in node.Next)
            {
                if (edge.Target is not { } target) continue;
                if (target.Pass != pass)
                {
                    // A checkpoint runs backward inside a pass, which may wait at the same leaf.
                    if (target.Waiting > 0) displaced.Add((target, target.Pass, target.Waiting, target.Arrived));
                    target.Arrived = null;
                    target.Pass = pass;
                    target.Waiting = 0;
                    open.Push(target);
                }
                target.Waiting++;
            }
        }
    }

    private static void Drop(Node node)
    {
        foreach (Tensor? grad in node.Arrived ?? []) grad?.Dispose();
        node.Arrived = null;
    }
}
