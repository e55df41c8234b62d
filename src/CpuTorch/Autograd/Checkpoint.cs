using static CpuTorch.torch;

namespace CpuTorch;

public static partial class torch
{
    public static class utils
    {
        /// <summary>
        /// function(input) without keeping what its backward pass needs: the function runs again when the gradient arrives
        /// (Chen et al. 2016, arXiv 1604.06174). Values and gradients are the same bits, random draws included.
        /// </summary>
        /// <param name="function">Of the input and of leaves alone; it must do the same both times.</param>
        /// <param name="input">Float tensor.</param>
        /// <param name="held">What the function reads and others may dispose before; disposed with the graph.</param>
        public static Tensor checkpoint(Func<Tensor, Tensor> function, Tensor input, IDisposable? held = null)
        {
            if (!Autograd.Enabled)
            {
                using (held) return function(input);
            }
            var draws = new DrawRecord();
            Tensor result;
            using (no_grad())
            using (draws.Watch())
                result = Composite.Run(() => function(input));
            // A view of the input has a history of its own.
            if (ReferenceEquals(result.Storage, input.Storage)) result = result.clone();
            result.SetHistory(new CheckpointNode(function, input, draws, held), 0);
            return result;
        }
    }
}

/// <summary>Runs its function again, with the graph, and that graph backward.</summary>
internal sealed class CheckpointNode(Func<Tensor, Tensor> function, Tensor input, DrawRecord draws, IDisposable? held)
    : Node("Checkpoint", [Autograd.EdgeTo(input)])
{
    private readonly SavedTensor saved = new(input);
    private bool released;

    internal override Tensor?[] Apply(Tensor?[] grads)
    {
        if (released) throw TorchException.Runtime("Trying to backward through the graph a second time: a checkpoint has given back what it would run again from.");
        if (grads[0] is not { } grad) return [null];
        using IDisposable recording = enable_grad();
        // The function is its owner's, who may look at its tensors after they are gone.
        using var scope = new DisposeScope();
        Tensor again = saved.Unpack();
        if (Needs(0)) again.requires_grad_();
        Tensor result;
        using (draws.Replay()) result = function(again);
        if (!result.requires_grad) return [null];
        autograd.backward([result], [grad]);
        Tensor? gradient = again.grad;
        again.grad = null;
        return [gradient is null ? null : scope.MoveToOuter(gradient)];
    }

    internal override void ReleaseSaved()
    {
        if (released) return;
        released = true;
        saved.Release();
        held?.Dispose();
    }
}

/// <summary>Where generators stood when a piece of work first drew from them, so that it can be done again with the same draws.</summary>
internal sealed class DrawRecord
{
    [ThreadStatic]
    private static DrawRecord? current;

    private readonly Dictionary<Generator, (ulong Seed, ulong Counter)> starts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Called before each draw.</summary>
    internal static void Note(Generator generator) => current?.starts.TryAdd(generator, generator.Place);

    /// <summary>Notes the draws of this thread until disposed.</summary>
    internal IDisposable Watch()
    {
        DrawRecord? outer = current;
        current = this;
        return new Ending(() =>
        {
            current = outer;
            foreach (var (generator, place) in starts) outer?.starts.TryAdd(generator, place);
        });
    }

    /// <summary>Puts the generators back to where they stood; when disposed, on to where they are now.</summary>
    internal IDisposable Replay()
    {
        var now = starts.Keys.Select(generator => (generator, generator.Place)).ToArray();
        foreach (var (generator, place) in starts) generator.Place = place;
        return new Ending(() =>
        {
            foreach (var (generator, place) in now) generator.Place = place;
        });
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
