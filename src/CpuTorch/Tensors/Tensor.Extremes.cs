namespace CpuTorch;

/// <summary>Largest and smallest, and where they are.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor amax(params long[] dims) => Extreme(dims, false, largest: true, "amax");

        public Tensor amax(long[] dims, bool keepdim) => Extreme(dims, keepdim, largest: true, "amax");

        public Tensor amin(params long[] dims) => Extreme(dims, false, largest: false, "amin");

        public Tensor amin(long[] dims, bool keepdim) => Extreme(dims, keepdim, largest: false, "amin");

        public Tensor max() => WholeExtreme(largest: true, "max");

        public Tensor min() => WholeExtreme(largest: false, "min");

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => ExtremeOf(dim, keepdim, largest: true, "max");

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => ExtremeOf(dim, keepdim, largest: false, "min");

        public Tensor argmax() => WholePlace(largest: true, "argmax");

        public Tensor argmin() => WholePlace(largest: false, "argmin");

        public Tensor argmax(long dim, bool keepdim = false) => Places(dim, keepdim, largest: true, "argmax");

        public Tensor argmin(long dim, bool keepdim = false) => Places(dim, keepdim, largest: false, "argmin");

        public Tensor any() => AnyOrAll([], false, ofAll: false);

        public Tensor any(long dim, bool keepdim = false) => AnyOrAll([dim], keepdim, ofAll: false);

        public Tensor all() => AnyOrAll([], false, ofAll: true);

        public Tensor all(long dim, bool keepdim = false) => AnyOrAll([dim], keepdim, ofAll: true);

        // Elements that tie share the gradient.
        private Tensor Extreme(long[] dims, bool keepdim, bool largest, string name)
        {
            bool[] reduced = Shape.DimSet(dims, Rank);
            for (int d = 0; d < Rank; d++)
            {
                if (!reduced[d] || sizes[d] != 0) continue;
                throw dims.Length == 0
                    ? TorchException.Runtime($"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.")
                    : TorchException.Index($"{name}(): Expected reduction dim {d} to have non-zero size.");
            }
            Tensor result = ExtremeRows(reduced, keepdim, largest, out Tensor places);
            places.Dispose();
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, name == "amax" ? "Amax" : "Amin", [this, result], (this, Backward));

            Tensor Backward(OperationNode n, Tensor g)
            {
                Tensor tie = n[0].eq(Kept(n[1], reduced, keepdim));
                Tensor count = tie.sum([.. Dims(reduced)], keepdim: true);
                return torch.where(tie, Kept(g, reduced, keepdim).div(count), 0);
            }
        }

        private Tensor WholeExtreme(bool largest, string name)
        {
            if (numel() == 0)
                throw TorchException.Runtime($"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.");
            return Extreme([], false, largest, largest ? "amax" : "amin");
        }

        private (Tensor Values, Tensor Places) ExtremeOf(long dim, bool keepdim, bool largest, string name)
        {
            int at = Shape.Dim(dim, Rank);
            CheckNotEmpty(at, name);
            bool[] reduced = Rank == 0 ? [] : Shape.DimSet([at], Rank);
            Tensor values = ExtremeRows(reduced, keepdim, largest, out Tensor places);
            if (Autograd.Wanted(this)) Autograd.Record(values, largest ? "Max" : "Min", [places], (this, Backward));
            return (values, places);

            Tensor Backward(OperationNode n, Tensor g)
            {
                Tensor whole = Zeros(n.Next[0].Shape, g.dtype);
                return whole.Rank == 0 ? g : whole.scatter_(at, Kept(n[0], reduced, keepdim), Kept(g, reduced, keepdim));
            }
        }

        private Tensor WholePlace(bool largest, string name)
        {
            if (numel() == 0) throw TorchException.Index($"{name}(): Expected reduction dim to be specified for input.numel() == 0.");
            var reduced = new bool[Rank];
            Array.Fill(reduced, true);
            using Tensor values = ExtremeRows(reduced, false, largest, out Tensor places);
            return places;
        }

        private Tensor Places(long dim, bool keepdim, bool largest, string name)
        {
            int at = Shape.Dim(dim, Rank);
            CheckNotEmpty(at, name);
            using Tensor values = ExtremeRows(Rank == 0 ? [] : Shape.DimSet([at], Rank), keepdim, largest, out Tensor places);
            return places;
        }

        private void CheckNotEmpty(int dim, string name)
        {
            if (Rank > 0 && sizes[dim] == 0) throw TorchException.Index($"{name}(): Expected reduction dim {dim} to have non-zero size.");
        }

        // The first of equal elements; NaN beats everything.
        private unsafe Tensor ExtremeRows(bool[] reduced, bool keepdim, bool largest, out Tensor places)
        {
            using var input = new ReductionRows(this, reduced);
            Tensor found = Empty(input.Sizes(keepdim), ScalarType.Int64);
            Tensor result = Empty(input.Sizes(keepdim), input.IsReal ? ScalarType.Float32 : ScalarType.Int64);
            long* at = found.LongPointer;
            if (input.IsReal)
            {
                float* to = result.FloatPointer;
                input.ForEach((long row, float* x, long n) => to[row] = x[at[row] = largest ? LargestAt(x, n) : SmallestAt(x, n)]);
            }
            else
            {
                long* to = result.LongPointer;
                input.ForEach((long row, long* x, long n) =>
                {
                    long best = 0;
                    for (long i = 1; i < n; i++)
                    {
                        if (largest ? x[i] > x[best] : x[i] < x[best]) best = i;
                    }
                    at[row] = best;
                    to[row] = x[best];
                });
            }
            places = found;
            return Converted(result, dtype);
        }

        private static unsafe long LargestAt(float* x, long n)
        {
            long best = 0;
            for (long i = 0; i < n; i++)
            {
                if (float.IsNaN(x[i])) return i;
                if (x[i] > x[best]) best = i;
            }
            return best;
        }

        private static unsafe long SmallestAt(float* x, long n)
        {
            long best = 0;
            for (long i = 0; i < n; i++)
            {
                if (float.IsNaN(x[i])) return i;
                if (x[i] < x[best]) best = i;
            }
            return best;
        }

        private unsafe Tensor AnyOrAll(long[] dims, bool keepdim, bool ofAll)
        {
            using Tensor set = ne(0);
            using var input = new ReductionRows(set, Shape.DimSet(dims, Rank));
            Tensor result = Empty(input.Sizes(keepdim), ScalarType.Bool);
            byte* to = result.Address;
            input.ForEach((long row, long* x, long n) =>
            {
                bool value = ofAll;
                for (long i = 0; i < n && value == ofAll; i++) value = x[i] != 0;
                to[row] = value ? (byte)1 : (byte)0;
            });
            return result;
        }
    }
}
