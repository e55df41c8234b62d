namespace CpuTorch;

/// <summary>Other windows on the same memory.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The tensor under other sizes, without a copy; throws where the strides do not allow it.</summary>
        public Tensor view(params ReadOnlySpan<long> size)
        {
            long[] wanted = Shape.Infer(size, numel());
            long[] viewStrides = Shape.ViewStrides(sizes, strides, wanted)
                ?? throw TorchException.Runtime("view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
            return View(offset, wanted, viewStrides, "View", static (n, g) => g.reshape(n.Next[0].Shape));
        }

        public Tensor view_as(Tensor other) => view(other.Sizes);

        /// <summary>The tensor under other sizes; a copy only where the strides demand one.</summary>
        public Tensor reshape(params ReadOnlySpan<long> size)
        {
            long[] wanted = Shape.Infer(size, numel());
            if (Shape.ViewStrides(sizes, strides, wanted) is { } viewStrides)
                return View(offset, wanted, viewStrides, "View", static (n, g) => g.reshape(n.Next[0].Shape));
            using Tensor copy = clone();
            return copy.view(wanted);
        }

        public Tensor reshape_as(Tensor other) => reshape(other.Sizes);

        public Tensor flatten(long start_dim = 0, long end_dim = -1)
        {
            if (Rank == 0) return reshape(1);
            int start = Shape.Dim(start_dim, Rank);
            int end = Shape.Dim(end_dim, Rank);
            if (start > end) throw TorchException.Runtime("flatten() has invalid args: start_dim cannot come after end_dim");
            return reshape([.. sizes.AsSpan(0, start), Shape.Count(sizes.AsSpan(start, end + 1 - start)), .. sizes.AsSpan(end + 1)]);
        }

        public Tensor unflatten(long dim, params ReadOnlySpan<long> sizes)
        {
            int at = Shape.Dim(dim, Rank);
            return view([.. Sizes.AsSpan(0, at), .. Shape.Infer(sizes, Sizes[at]), .. Sizes.AsSpan(at + 1)]);
        }

        public Tensor transpose(long dim0, long dim1)
        {
            int a = Shape.Dim(dim0, Rank);
            int b = Shape.Dim(dim1, Rank);
            if (Rank == 0) return alias();
            Span<long> size = stackalloc long[Rank], step = stackalloc long[Rank];
            sizes.CopyTo(size);
            strides.CopyTo(step);
            (size[a], size[b]) = (size[b], size[a]);
            (step[a], step[b]) = (step[b], step[a]);
            return View(offset, size, step, "Transpose", Autograd.Wanted(this) ? Back(a, b) : Ungraded);
        }

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor t()
        {
            if (Rank > 2) throw TorchException.Runtime($"t() expects a tensor with <= 2 dimensions, but self is {Rank}D");
            return Rank < 2 ? alias() : transpose(0, 1);
        }

        /// <summary>All dimensions reversed.</summary>
        public Tensor T => permute([.. Enumerable.Range(0, Rank).Reverse().Select(d => (long)d)]);

        /// <summary>The last two dimensions swapped.</summary>
        public Tensor mT => transpose(-2, -1);

        public Tensor permute(params long[] permutation)
        {
            if (permutation.Length != Rank)
                throw TorchException.Runtime($"permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = {Rank} is not equal to len(dims) = {permutation.Length}");
            var order = new int[Rank];
            var inverse = new long[Rank];
            var seen = new bool[Rank];
            for (int d = 0; d < order.Length; d++)
            {
                order[d] = Shape.Dim(permutation[d], Rank);
                if (seen[order[d]]) throw TorchException.Runtime("permute(): duplicate dims are not allowed.");
                seen[order[d]] = true;
                inverse[order[d]] = d;
            }
            return View(offset, Array.ConvertAll(order, d => sizes[d]), Array.ConvertAll(order, d => strides[d]), "Permute", (_, g) => g.permute(inverse));
        }

        public Tensor movedim(long source, long destination)
        {
            int from = Shape.Dim(source, Rank);
            int to = Shape.Dim(destination, Rank);
            var order = new List<long>(Enumerable.Range(0, Rank).Where(d => d != from).Select(d => (long)d));
            order.Insert(to, from);
            return permute([.. order]);
        }

        public Tensor squeeze()
        {
            int[] kept = [.. Enumerable.Range(0, Rank).Where(d => sizes[d] != 1)];
            return View(offset, Array.ConvertAll(kept, d => sizes[d]), Array.ConvertAll(kept, d => strides[d]), "Squeeze", static (n, g) => g.reshape(n.Next[0].Shape));
        }

        public Tensor squeeze(long dim)
        {
            int at = Shape.Dim(dim, Rank);
            if (Rank == 0 || sizes[at] != 1) return alias();
            return View(offset, Without(sizes, at), Without(strides, at), "Squeeze", static (n, g) => g.reshape(n.Next[0].Shape));
        }

        public Tensor unsqueeze(long dim)
        {
            int at = Shape.Dim(dim, Rank + 1);
            long step = at < Rank ? sizes[at] * strides[at] : 1;
            return View(offset, [.. sizes.AsSpan(0, at), 1, .. sizes.AsSpan(at)], [.. strides.AsSpan(0, at), step, .. strides.AsSpan(at)], "Unsqueeze", static (n, g) => g.reshape(n.Next[0].Shape));
        }

        public Tensor expand(params ReadOnlySpan<long> size)
        {
            int missing = size.Length - Rank;
            if (missing < 0)
                throw TorchException.Runtime($"expand(torch.{TypeName(dtype)}Tensor{{{Shape.Text(sizes)}}}, size={Shape.Text(size)}): the number of sizes provided ({size.Length}) must be greater or equal to the number of dimensions in the tensor ({Rank})");
            Span<long> wanted = stackalloc long[size.Length];
            Span<long> expanded = stackalloc long[size.Length];
            for (int d = size.Length - 1; d >= 0; d--)
            {
                long own = d < missing ? 1 : sizes[d - missing];
                wanted[d] = size[d] == -1 && d >= missing ? own : size[d];
                if (wanted[d] != own && own != 1)
                    throw TorchException.Runtime($"The expanded size of the tensor ({size[d]}) must match the existing size ({own}) at non-singleton dimension {d}.  Target sizes: {Shape.Text(size)}.  Tensor sizes: {Shape.Text(sizes)}");
                expanded[d] = d < missing || (own == 1 && wanted[d] != 1) ? 0 : strides[d - missing];
            }
            return View(offset, wanted, expanded, "Expand", static (_, g) => g);
        }

        public Tensor expand_as(Tensor other) => expand(other.Sizes);

        public Tensor broadcast_to(params ReadOnlySpan<long> size) => expand(size);

        public Tensor narrow(long dim, long start, long length)
        {
            int at = Shape.Dim(dim, Rank);
            if (Rank == 0) throw TorchException.Runtime("narrow() cannot be applied to a 0-dim tensor.");
            if (start < 0) start += sizes[at];
            if (start < 0 || length < 0 || start + length > sizes[at])
                throw TorchException.Runtime($"start ({start}) + length ({length}) exceeds dimension size ({sizes[at]}).");
            return slice(at, start, start + length, 1);
        }

        public Tensor slice(long dim, long start, long finish, long step)
        {
            int at = Shape.Dim(dim, Rank);
            if (Rank == 0) throw TorchException.Index("slice() cannot be applied to a 0-dim tensor.");
            if (step <= 0) throw TorchException.Value("slice step must be positive");
            long first = Math.Clamp(start < 0 ? start + sizes[at] : start, 0, sizes[at]);
            long end = Math.Clamp(finish < 0 ? finish + sizes[at] : finish, first, sizes[at]);
            Span<long> size = stackalloc long[Rank];
            Span<long> step2 = stackalloc long[Rank];
            sizes.CopyTo(size);
            strides.CopyTo(step2);
            size[at] = (end - first + step - 1) / step;
            step2[at] *= step;
            return View(offset + (first * strides[at]), size, step2, "Slice", Autograd.Wanted(this) ? IntoSlice(at, first, end, step) : Ungraded);
        }

        public Tensor select(long dim, long index)
        {
            int at = Shape.Dim(dim, Rank);
            if (Rank == 0) throw TorchException.Index("select() cannot be applied to a 0-dim tensor.");
            if (index < -sizes[at] || index >= sizes[at])
                throw TorchException.Index($"index {index} is out of bounds for dimension {at} with size {sizes[at]}");
            long i = index < 0 ? index + sizes[at] : index;
            return View(offset + (i * strides[at]), Without(sizes, at), Without(strides, at), "Select", Autograd.Wanted(this) ? IntoPlace(at, i) : Ungraded);
        }

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1)
        {
            int a = Shape.Dim(dim1, Rank);
            int b = Shape.Dim(dim2, Rank);
            if (a == b) throw TorchException.Runtime($"diagonal dimensions cannot be identical {dim1}, {dim2}");
            long length = Math.Max(0, offset >= 0 ? Math.Min(sizes[a], sizes[b] - offset) : Math.Min(sizes[a] + offset, sizes[b]));
            long start = length == 0 ? 0 : offset >= 0 ? offset * strides[b] : -offset * strides[a];
            (int low, int high) = (Math.Min(a, b), Math.Max(a, b));
            long[] size = [.. Without(Without(sizes, high), low), length];
            long[] step = [.. Without(Without(strides, high), low), strides[a] + strides[b]];
            return View(this.offset + start, size, step, "Diagonal", (n, g) => Embedded(n, g, whole => whole.diagonal(offset, a, b)));
        }

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = -1)
        {
            if (Autograd.Wanted(this)) throw new NotSupportedException("as_strided of a tensor that requires a gradient");
            return Window(storageOffset < 0 ? offset : storageOffset, [.. size], [.. strides]);
        }

        /// <summary>The same elements in row-major order: another handle where they are so already, else a copy.</summary>
        public Tensor contiguous() => IsContiguous ? alias() : clone();

        // Closures of their own methods: they are made only where something records them.
        private static Gradient IntoSlice(int at, long first, long end, long step) => (n, g) => Embedded(n, g, whole => whole.slice(at, first, end, step));

        private static Gradient IntoPlace(int at, long i) => (n, g) => Embedded(n, g, whole => whole.select(at, i));

        private static Gradient Back(int a, int b) => (_, g) => g.transpose(a, b);

        private static Tensor? Ungraded(Node node, Tensor grad) => null;

        /// <summary>A tensor of the input's shape that is the gradient in one window and 0 elsewhere.</summary>
        private static Tensor Embedded(Node node, Tensor grad, Func<Tensor, Tensor> window)
        {
            Tensor whole = Zeros(node.Next[0].Shape, grad.dtype);
            using Tensor part = window(whole);
            ElementLoop.Copy(part, grad);
            return whole;
        }

        private Tensor View(long start, ReadOnlySpan<long> size, ReadOnlySpan<long> step, string name, Gradient formula)
        {
            Tensor result = Window(start, size, step);
            if (!Autograd.Enabled) return result;
            if (requires_grad) Autograd.Record(result, name, [], (this, formula));
            return result.AsViewOf(this);
        }

        private static long[] Without(long[] values, int at) => [.. values[..at], .. values[(at + 1)..]];
    }
}
