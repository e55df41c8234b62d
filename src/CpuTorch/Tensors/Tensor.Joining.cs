namespace CpuTorch;

/// <summary>Cutting tensors into pieces and joining them.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor[] split(long size, long dim = 0)
        {
            int at = Shape.Dim(dim, Rank);
            if (size <= 0) throw TorchException.Runtime($"split expects split_size be non-negative, but got split_size={size}");
            var parts = new List<long>();
            for (long start = 0; start < sizes[at] || parts.Count == 0; start += size) parts.Add(Math.Min(size, sizes[at] - start));
            return Pieces([.. parts], at);
        }

        public Tensor[] split(long[] sizes, long dim = 0)
        {
            int at = Shape.Dim(dim, Rank);
            if (sizes.Sum() != shape[at])
                throw TorchException.Runtime($"split_with_sizes expects split_sizes to sum exactly to {shape[at]} (input tensor's size at dimension {at}), but got split_sizes={Shape.Text(sizes)}");
            return Pieces(sizes, at);
        }

        public Tensor[] chunk(long chunks, long dim = 0)
        {
            int at = Shape.Dim(dim, Rank);
            if (chunks <= 0) throw TorchException.Runtime($"chunk expects `chunks` to be greater than 0, got: {chunks}");
            return split(Math.Max(1, (sizes[at] + chunks - 1) / chunks), at);
        }

        public Tensor[] unbind(long dim = 0)
        {
            int at = Shape.Dim(dim, Rank);
            var results = new Tensor[sizes[at]];
            for (int i = 0; i < results.Length; i++)
                results[i] = Window(offset + (i * strides[at]), Without(sizes, at), Without(strides, at));
            return Many(results, "Unbind", whole => [.. Enumerable.Range(0, results.Length).Select(i => whole.select(at, i))]);
        }

        private Tensor[] Pieces(long[] lengths, int at)
        {
            var results = new Tensor[lengths.Length];
            long start = 0;
            for (int i = 0; i < results.Length; i++)
            {
                long[] size = [.. sizes];
                size[at] = lengths[i];
                results[i] = Window(offset + (start * strides[at]), size, strides);
                start += lengths[i];
            }
            return Many(results, "Split", whole => whole.Pieces(lengths, at));
        }

        // One node for all pieces: its gradient is written once, not summed from padded pieces.
        private Tensor[] Many(Tensor[] results, string name, Func<Tensor, Tensor[]> cut)
        {
            if (!Autograd.Enabled) return results;
            if (requires_grad)
            {
                Autograd.RecordMany(results, name, [], [this], (node, grads) =>
                {
                    bool complete = Array.TrueForAll(grads, grad => grad is not null);
                    ScalarType type = node.Next[0].Type;
                    Tensor whole = complete ? Empty(node.Next[0].Shape, type) : Zeros(node.Next[0].Shape, type);
                    Tensor[] parts = cut(whole);
                    for (int i = 0; i < parts.Length; i++)
                    {
                        if (grads[i] is { } grad) ElementLoop.Copy(parts[i], grad);
                    }
                    return [whole];
                });
            }
            foreach (Tensor result in results) result.AsViewOf(this);
            return results;
        }
    }

    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        if (tensors.Count == 0) throw TorchException.Runtime("torch.cat(): expected a non-empty list of Tensors");
        // An empty vector joins anything, as it always did.
        Tensor[] parts = [.. tensors.Where(t => t.Rank != 1 || t.Sizes[0] != 0)];
        if (parts.Length == 0) return tensors[0].clone();
        int at = Shape.Dim(dim, parts[0].Rank);
        ScalarType type = parts.Select(part => part.dtype).Aggregate(promote_types);
        long[] shape = [.. parts[0].Sizes];
        for (int i = 1; i < parts.Length; i++)
        {
            CheckJoin(parts[0], parts[i], at, i);
            shape[at] += parts[i].Sizes[at];
        }
        Tensor result = Tensor.Empty(shape, type);
        using (no_grad())
        {
            long start = 0;
            foreach (Tensor part in parts)
            {
                using Tensor window = result.narrow(at, start, part.Sizes[at]);
                ElementLoop.Copy(window, part);
                start += part.Sizes[at];
            }
        }
        if (!Autograd.Wanted([.. tensors])) return result;
        return Autograd.RecordJoint(result, "Cat", [], [.. tensors], (node, grads) =>
        {
            var pieces = new Tensor?[node.Next.Length];
            long start = 0;
            for (int i = 0; i < pieces.Length; i++)
            {
                long[] shape = node.Next[i].Shape;
                bool isPart = shape.Length != 1 || shape[0] != 0;
                if (node.Needs(i)) pieces[i] = isPart ? grads[0]!.narrow(at, start, shape[at]) : Tensor.Zeros(shape);
                if (isPart) start += shape[at];
            }
            return pieces;
        });
    }

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        Tensor[] parts = [.. tensors];
        if (parts.Length == 0) throw TorchException.Runtime("stack expects a non-empty TensorList");
        for (int i = 1; i < parts.Length; i++)
        {
            if (!Shape.Same(parts[0].Sizes, parts[i].Sizes))
                throw TorchException.Runtime($"stack expects each tensor to be equal size, but got {Shape.Text(parts[0].Sizes)} at entry 0 and {Shape.Text(parts[i].Sizes)} at entry {i}");
        }
        return Composite.Run(() => cat(Array.ConvertAll(parts, part => part.unsqueeze(dim)), dim));
    }

    public static Tensor hstack(IList<Tensor> tensors) => cat(tensors, tensors[0].Rank <= 1 ? 0 : 1);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij")
    {
        Tensor[] axes = [.. tensors];
        if (indexing == "xy" && axes.Length > 1)
        {
            (axes[0], axes[1]) = (axes[1], axes[0]);
            Tensor[] swapped = meshgrid(axes);
            return [.. new[] { swapped[1], swapped[0] }.Concat(swapped.Skip(2)).Select(grid => grid.transpose(0, 1))];
        }
        long[] shape = Array.ConvertAll(axes, axis => axis.numel());
        return [.. axes.Select((axis, i) => axis.reshape([.. shape.Select((size, d) => d == i ? size : 1)]).expand(shape))];
    }

    private static void CheckJoin(Tensor first, Tensor other, int at, int number)
    {
        if (first.Rank != other.Rank)
            throw TorchException.Runtime($"Tensors must have same number of dimensions: got {first.Rank} and {other.Rank}");
        for (int d = 0; d < first.Rank; d++)
        {
            if (d != at && first.Sizes[d] != other.Sizes[d])
                throw TorchException.Runtime($"Sizes of tensors must match except in dimension {at}. Expected size {first.Sizes[d]} but got size {other.Sizes[d]} for tensor number {number} in the list.");
        }
    }
}
