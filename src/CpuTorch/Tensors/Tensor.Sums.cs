using System.Runtime.CompilerServices;
using CpuTorch.Kernels;

namespace CpuTorch;

/// <summary>Sums and what follows from them. Every sum has a fixed order, whatever the thread count.</summary>
// The literal 0 is also an enum value: a dimension must win over a type, here and in other such overloads.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => sum([], false, type);

        [OverloadResolutionPriority(1)]
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null)
        {
            bool[] reduced = Shape.DimSet(dim, Rank);
            ScalarType wanted = type ?? (is_floating_point() ? dtype : ScalarType.Int64);
            Tensor result = SumOver(reduced, keepdim, wanted);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Sum", [], (this, (n, g) => Spread(n, g, reduced, keepdim))) : result;
        }

        public Tensor mean(ScalarType? type = null) => mean([], false, type);

        [OverloadResolutionPriority(1)]
        public Tensor mean(long dim, bool keepdim = false, ScalarType? type = null) => mean([dim], keepdim, type);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            if (!IsReal(type ?? dtype))
                throw TorchException.Runtime($"mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {TypeName(dtype)}");
            bool[] reduced = Shape.DimSet(dimensions, Rank);
            long count = CountOf(reduced);
            Tensor result;
            using (Tensor total = SumOver(reduced, keepdim, ScalarType.Float32))
            {
                result = ElementLoop.Apply(Operation.Divide, type ?? dtype, total, (Scalar)(double)count);
            }
            return Autograd.Wanted(this) ? Autograd.Record(result, "Mean", [], (this, (n, g) => Spread(n, g.div(count), reduced, keepdim))) : result;
        }

        public Tensor var(bool unbiased = true) => Variance([], unbiased ? 1 : 0, false);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false) => Variance([dim], unbiased ? 1 : 0, keepdim);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false) => Variance(dimensions, unbiased ? 1 : 0, keepdim);

        public Tensor std(bool unbiased = true) => Deviation([], unbiased ? 1 : 0, false);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false) => Deviation([dim], unbiased ? 1 : 0, keepdim);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false) => Deviation(dimensions, unbiased ? 1 : 0, keepdim);

        /// <summary>With the number of elements less <paramref name="correction"/> as divisor.</summary>
        public Tensor var(long[] dimensions, double correction, bool keepdim = false) => Variance(dimensions, correction, keepdim);

        /// <inheritdoc cref="var(long[], double, bool)"/>
        public Tensor std(long[] dimensions, double correction, bool keepdim = false) => Deviation(dimensions, correction, keepdim);

        public Tensor count_nonzero(params long[] dims)
        {
            using Tensor set = ne(0);
            return set.sum(dims);
        }

        /// <summary>Adds up to the given shape, which must broadcast to this one.</summary>
        public Tensor sum_to_size(params long[] size)
        {
            if (Shape.Same(sizes, size)) return alias();
            int missing = Rank - size.Length;
            var dims = new List<long>();
            for (int d = 0; d < Rank; d++)
            {
                if (d < missing || (size[d - missing] == 1 && sizes[d] != 1)) dims.Add(d);
            }
            return Composite.Run(() => sum([.. dims], keepdim: true).view(size));
        }

        /// <summary>The gradient of a sum: the same for every element that went in.</summary>
        private static Tensor Spread(OperationNode node, Tensor grad, bool[] reduced, bool keepdim) =>
            Kept(grad, reduced, keepdim).expand(node.Next[0].Shape);

        /// <summary>Puts reduced dimensions back with size 1.</summary>
        private static Tensor Kept(Tensor tensor, bool[] reduced, bool keepdim)
        {
            if (keepdim || reduced.Length == 0) return tensor;
            int at = 0;
            return tensor.reshape([.. reduced.Select(isReduced => isReduced ? 1 : tensor.Sizes[at++])]);
        }

        private long CountOf(bool[] reduced)
        {
            long count = 1;
            for (int d = 0; d < Rank; d++)
            {
                if (reduced[d]) count *= sizes[d];
            }
            return count;
        }

        private unsafe Tensor SumOver(bool[] reduced, bool keepdim, ScalarType type)
        {
            if (LeadingOnly(reduced, out long rows))
            {
                long[] size = [.. keepdim ? reduced.Select((isReduced, d) => isReduced ? 1 : sizes[d]) : sizes.Where((_, d) => !reduced[d])];
                Tensor sums = Empty(size);
                ColumnSums.Run(rows, sums.numel(), FloatPointer, sums.FloatPointer);
                return Converted(sums, type);
            }
            using var input = new ReductionRows(this, reduced);
            Tensor result;
            if (!input.IsReal)
            {
                result = Empty(input.Sizes(keepdim), ScalarType.Int64);
                long* whole = result.LongPointer;
                input.ForEach((long row, long* x, long n) =>
                {
                    long sum = 0;
                    for (long i = 0; i < n; i++) sum += x[i];
                    whole[row] = sum;
                });
                return Converted(result, type);
            }
            result = Empty(input.Sizes(keepdim));
            float* real = result.FloatPointer;
            if (input.Count == 1) *real = (float)VectorMath.Sum(input.Length, input.Real);
            else input.ForEach((long row, float* x, long n) => real[row] = (float)VectorMath.Sum(n, x));
            return Converted(result, type);
        }

        // Columns of a contiguous matrix are summed row by row, without a transposed copy.
        private bool LeadingOnly(bool[] reduced, out long rows)
        {
            rows = 1;
            int first = 0;
            while (first < Rank && reduced[first]) rows *= sizes[first++];
            return dtype == ScalarType.Float32 && IsContiguous && first > 0 && first < Rank && numel() > 0
                && Array.IndexOf(reduced, true, first) < 0;
        }

        private static Tensor Converted(Tensor tensor, ScalarType type)
        {
            if (tensor.dtype == type) return tensor;
            using (tensor) return tensor.to_type(type);
        }

        private unsafe Tensor Variance(long[] dims, double correction, bool keepdim)
        {
            bool[] reduced = Shape.DimSet(dims, Rank);
            if (!is_floating_point()) throw TorchException.Runtime("std and var only support floating point and complex dtypes");
            Tensor result;
            double divisor;
            using (var input = new ReductionRows(this, reduced))
            {
                divisor = Math.Max(0, input.Length - correction);
                double by = divisor;
                result = Empty(input.Sizes(keepdim));
                float* to = result.FloatPointer;
                input.ForEach((long row, float* x, long n) => to[row] = (float)(SquaredDistance(x, n) / by));
            }
            result = Converted(result, dtype);
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Var", [this], (this, Backward));

            Tensor Backward(OperationNode n, Tensor g)
            {
                Tensor x = n[0];
                Tensor center = x.mean([.. Dims(reduced)], keepdim: true);
                return Kept(g, reduced, keepdim).mul(2 / divisor).mul(x.sub(center));
            }
        }

        private Tensor Deviation(long[] dims, double correction, bool keepdim) =>
            Composite.Run(() => Variance(dims, correction, keepdim).sqrt());

        private static IEnumerable<long> Dims(bool[] reduced)
        {
            for (int d = 0; d < reduced.Length; d++)
            {
                if (reduced[d]) yield return d;
            }
        }

        private static unsafe double SquaredDistance(float* x, long n)
        {
            double mean = VectorMath.Sum(n, x) / n;
            double sum = 0;
            for (long i = 0; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
            return sum;
        }
    }
}
