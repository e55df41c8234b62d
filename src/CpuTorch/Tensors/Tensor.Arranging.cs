namespace CpuTorch;

/// <summary>Repeating, flipping, rolling, triangles.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor repeat(params long[] repeats)
        {
            int missing = repeats.Length - Rank;
            if (missing < 0)
                throw TorchException.Runtime("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
            // (1, a, 1, b) expanded to (r0, a, r1, b), then folded.
            var spread = new List<long>();
            var wanted = new List<long>();
            for (int d = 0; d < repeats.Length; d++)
            {
                long own = d < missing ? 1 : sizes[d - missing];
                spread.AddRange([1, own]);
                wanted.AddRange([repeats[d], own]);
            }
            long[] result = [.. repeats.Select((times, d) => times * (d < missing ? 1 : sizes[d - missing]))];
            return Composite.Run(() => reshape([.. spread]).expand([.. wanted]).clone().reshape(result));
        }

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            if (dim is null) return Composite.Run(() => reshape(-1).repeat_interleave(repeats, 0));
            int at = Shape.Dim(dim.Value, Rank);
            long[] wanted = [.. sizes[..(at + 1)], repeats, .. sizes[(at + 1)..]];
            return Composite.Run(() => unsqueeze(at + 1).expand(wanted).clone().flatten(at, at + 1));
        }

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
        {
            if (dim is null) return Composite.Run(() => reshape(-1).repeat_interleave(repeats, 0));
            int at = Shape.Dim(dim.Value, Rank);
            using Tensor counts = repeats.to_type(ScalarType.Int64);
            long[] times = counts.data<long>().ToArray();
            if (times.Length == 1) return repeat_interleave(times[0], dim);
            if (times.Length != sizes[at]) throw TorchException.Runtime("repeats must have the same size as input along dim");
            var rows = new List<long>();
            for (int i = 0; i < times.Length; i++) rows.AddRange(Enumerable.Repeat((long)i, (int)times[i]));
            using Tensor index = tensor(rows.ToArray());
            return index_select(at, index);
        }

        public Tensor flip(params long[] dims)
        {
            bool[] set = Shape.DimSet(dims.Length == 0 ? [] : dims, Rank);
            Tensor result = Empty(sizes, dtype);
            ReverseInto(result, set);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Flip", [], (this, (_, g) => g.flip(dims))) : result;
        }

        public Tensor roll(long shifts, long? dims = null)
        {
            if (dims is null) return Composite.Run(() => reshape(-1).roll(shifts, 0).reshape(sizes));
            int at = Shape.Dim(dims.Value, Rank);
            if (numel() == 0) return clone();
            long shift = ((shifts % sizes[at]) + sizes[at]) % sizes[at];
            if (shift == 0) return clone();
            return Composite.Run(() => cat([narrow(at, sizes[at] - shift, shift), narrow(at, 0, sizes[at] - shift)], at));
        }

        public Tensor tril(long diagonal = 0) => Triangle(diagonal, upper: false);

        public Tensor triu(long diagonal = 0) => Triangle(diagonal, upper: true);

        /// <summary>A vector's matrix with it on the diagonal, or a matrix's diagonal.</summary>
        public Tensor diag(long diagonal = 0)
        {
            if (Rank == 2) return Composite.Run(() => this.diagonal(diagonal).clone());
            if (Rank != 1) throw TorchException.Runtime($"diag(): Supports 1D or 2D tensors. Got {Rank}D");
            long size = sizes[0] + Math.Abs(diagonal);
            Tensor result = Zeros([size, size], dtype);
            using (no_grad())
            {
                using Tensor window = result.diagonal(diagonal);
                ElementLoop.Copy(window, this);
            }
            return Autograd.Wanted(this) ? Autograd.Record(result, "Diag", [], (this, (_, g) => g.diagonal(diagonal))) : result;
        }

        private Tensor Triangle(long diagonal, bool upper)
        {
            if (Rank < 2) throw TorchException.Runtime($"{(upper ? "triu" : "tril")}: input tensor must have at least 2 dimensions");
            Tensor result = contiguous_copy();
            Cut(result, diagonal, upper);
            return Autograd.Wanted(this) ? Autograd.Record(result, upper ? "Triu" : "Tril", [], (this, (_, g) => g.Triangle(diagonal, upper))) : result;
        }

        private static unsafe void Cut(Tensor matrices, long diagonal, bool upper)
        {
            (long rows, long columns) = (matrices.sizes[^2], matrices.sizes[^1]);
            long width = matrices.dtype.ElementSize();
            long count = matrices.numel() / Math.Max(1, columns);
            for (long row = 0; row < count; row++)
            {
                long edge = Math.Clamp((row % rows) + diagonal + (upper ? 0 : 1), 0, columns);
                byte* at = matrices.Address + (row * columns * width);
                if (upper) new Span<byte>(at, (int)(edge * width)).Clear();
                else new Span<byte>(at + (edge * width), (int)((columns - edge) * width)).Clear();
            }
        }

        private void ReverseInto(Tensor result, bool[] reversed)
        {
            using (no_grad())
            {
                // Reading backwards: the window starts at the last element and steps down.
                long start = offset;
                long[] steps = [.. strides];
                for (int d = 0; d < Rank; d++)
                {
                    if (!reversed[d] || sizes[d] == 0) continue;
                    start += (sizes[d] - 1) * strides[d];
                    steps[d] = -strides[d];
                }
                using Tensor backwards = Window(start, sizes, steps);
                ElementLoop.Copy(result, backwards);
            }
        }
    }
}
