using System.Runtime.CompilerServices;
using CpuTorch.Kernels;

namespace CpuTorch;

/// <summary>Products, running sums, norms, softmax and its kin.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor prod(ScalarType? type = null) => Product(Shape.DimSet([], Rank), false, type);

        [OverloadResolutionPriority(1)]
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Product(Shape.DimSet([dim], Rank), keepdim, type);

        public Tensor cumsum(long dim, ScalarType? type = null)
        {
            Tensor result = Scan(dim, type, product: false);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Cumsum", [], (this, (_, g) => g.flip(dim).cumsum(dim).flip(dim))) : result;
        }

        public Tensor cumprod(long dim, ScalarType? type = null)
        {
            Tensor result = Scan(dim, type, product: true);
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Cumprod", [this], (this, (n, g) => CumulativeProductGradient(n[0], g, dim)));
        }

        public Tensor logsumexp(long dim, bool keepdim = false) => logsumexp([dim], keepdim);

        public Tensor logsumexp(long[] dims, bool keepdim = false)
        {
            bool[] reduced = Shape.DimSet(dims, Rank);
            Tensor result = LogSumExpRows(reduced, keepdim);
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Logsumexp", [this, result], (this, (n, g) =>
                Kept(g, reduced, keepdim).mul(n[0].sub(Kept(n[1], reduced, keepdim)).exp())));
        }

        public Tensor softmax(long dim, ScalarType? type = null) => OverDim(dim, type, isLog: false);

        public Tensor log_softmax(long dim, ScalarType? type = null) => OverDim(dim, type, isLog: true);

        /// <summary>The p-norm over the given dimensions, over all where none is given.</summary>
        public Tensor norm(double p = 2) => Norm(p, [], false);

        public Tensor norm(double p, long dim, bool keepdim = false) => Norm(p, [dim], keepdim);

        public Tensor norm(double p, long[] dims, bool keepdim = false) => Norm(p, dims, keepdim);

        private Tensor Norm(double p, long[] dims, bool keepdim)
        {
            bool[] reduced = Shape.DimSet(dims, Rank);
            Tensor result;
            using (no_grad())
            {
                result = p switch
                {
                    double.PositiveInfinity => Composite.Run(() => abs().amax(dims, keepdim)),
                    double.NegativeInfinity => Composite.Run(() => abs().amin(dims, keepdim)),
                    0 => Composite.Run(() => ne(0).to_type(dtype).sum(dims, keepdim)),
                    1 => Composite.Run(() => abs().sum(dims, keepdim)),
                    2 => Composite.Run(() => square().sum(dims, keepdim).sqrt()),
                    _ => Composite.Run(() => abs().pow(p).sum(dims, keepdim).pow(1 / p)),
                };
            }
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "LinalgVectorNorm", [this, result], (this, (n, g) =>
                NormGradient(n[0], Kept(n[1], reduced, keepdim), Kept(g, reduced, keepdim), p, reduced)));
        }

        private static Tensor NormGradient(Tensor x, Tensor norm, Tensor g, double p, bool[] reduced)
        {
            if (p == 0) return zeros_like(x);
            if (double.IsInfinity(p))
            {
                Tensor tie = x.abs().eq(norm);
                return torch.where(tie, x.sign().mul(g.div(tie.sum([.. Dims(reduced)], keepdim: true))), 0);
            }
            if (p == 1) return x.sign().mul(g);
            Tensor slope = p == 2 ? x.div(norm) : x.sign().mul(x.abs().div(norm).pow(p - 1));
            return torch.where(norm.eq(0), 0, slope.mul(g));
        }

        private unsafe Tensor Product(bool[] reduced, bool keepdim, ScalarType? type)
        {
            using Tensor source = type is { } other && other != dtype ? detach().to_type(other) : detach();
            Tensor result;
            using (var input = new ReductionRows(source, reduced))
            {
                result = Empty(input.Sizes(keepdim), input.IsReal ? ScalarType.Float32 : ScalarType.Int64);
                float* real = result.FloatPointer;
                long* whole = result.LongPointer;
                if (input.IsReal)
                {
                    input.ForEach((long row, float* x, long n) =>
                    {
                        double product = 1;
                        for (long i = 0; i < n; i++) product *= x[i];
                        real[row] = (float)product;
                    });
                }
                else
                {
                    input.ForEach((long row, long* x, long n) =>
                    {
                        long product = 1;
                        for (long i = 0; i < n; i++) product *= x[i];
                        whole[row] = product;
                    });
                }
                result = Converted(result, input.IsReal ? source.dtype : ScalarType.Int64);
            }
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Prod", [this], (this, (n, g) => ProductGradient(n[0], Kept(g, reduced, keepdim), reduced)));
        }

        // Of each element the product of all others, also where some are 0.
        private static unsafe Tensor ProductGradient(Tensor x, Tensor g, bool[] reduced)
        {
            using var input = new ReductionRows(x, reduced);
            long[] order = [.. Dims(Array.ConvertAll(reduced, isReduced => !isReduced)), .. Dims(reduced)];
            Tensor others = Empty([.. order.Select(d => x.Sizes[d])]);
            float* to = others.FloatPointer;
            input.ForEach((long row, float* v, long n) =>
            {
                double before = 1;
                for (long i = 0; i < n; i++)
                {
                    to[(row * n) + i] = (float)before;
                    before *= v[i];
                }
                double after = 1;
                for (long i = n - 1; i >= 0; i--)
                {
                    to[(row * n) + i] = (float)(to[(row * n) + i] * after);
                    after *= v[i];
                }
            });
            var inverse = new long[order.Length];
            for (int d = 0; d < order.Length; d++) inverse[order[d]] = d;
            return others.permute(inverse).mul(g);
        }

        // dx[i] = sum over k >= i of g[k] * (product of x[j], j <= k, j != i): quadratic, but right where x is 0.
        private static unsafe Tensor CumulativeProductGradient(Tensor x, Tensor g, long dim)
        {
            using Tensor last = x.movedim(dim, -1).to_type(ScalarType.Float32).contiguous();
            using Tensor outer = g.movedim(dim, -1).to_type(ScalarType.Float32).contiguous();
            Tensor result = Zeros(last.Sizes);
            long n = last.Sizes[^1];
            for (long row = 0; row < last.numel() / Math.Max(1, n); row++)
            {
                float* v = last.FloatPointer + (row * n);
                float* d = outer.FloatPointer + (row * n);
                float* to = result.FloatPointer + (row * n);
                for (long i = 0; i < n; i++)
                {
                    double product = 1;
                    for (long j = 0; j < i; j++) product *= v[j];
                    double sum = 0;
                    for (long k = i; k < n; k++)
                    {
                        if (k > i) product *= v[k];
                        sum += d[k] * product;
                    }
                    to[i] = (float)sum;
                }
            }
            return result.movedim(-1, dim);
        }

        private unsafe Tensor Scan(long dim, ScalarType? type, bool product)
        {
            int at = Shape.Dim(dim, Rank);
            ScalarType wanted = type ?? (is_floating_point() ? dtype : ScalarType.Int64);
            if (Rank == 0) return detach().to_type(wanted, copy: true);
            var reduced = new bool[Rank];
            reduced[at] = true;
            using var input = new ReductionRows(this, reduced);
            using Tensor scanned = Empty([.. sizes.Where((_, d) => d != at), sizes[at]], input.IsReal ? ScalarType.Float32 : ScalarType.Int64);
            float* real = scanned.FloatPointer;
            long* whole = scanned.LongPointer;
            if (input.IsReal)
            {
                input.ForEach((long row, float* x, long n) =>
                {
                    double running = product ? 1 : 0;
                    for (long i = 0; i < n; i++)
                    {
                        running = product ? running * x[i] : running + x[i];
                        real[(row * n) + i] = (float)running;
                    }
                });
            }
            else
            {
                input.ForEach((long row, long* x, long n) =>
                {
                    long running = product ? 1 : 0;
                    for (long i = 0; i < n; i++) whole[(row * n) + i] = running = product ? running * x[i] : running + x[i];
                });
            }
            using Tensor back = scanned.movedim(-1, at);
            return back.to_type(wanted, copy: true);
        }

        private unsafe Tensor LogSumExpRows(bool[] reduced, bool keepdim)
        {
            using var input = new ReductionRows(this, reduced);
            if (!input.IsReal) throw TorchException.Runtime($"logsumexp(): Expected floating point type for result tensor, but got: {TypeName(dtype)}");
            Tensor result = Empty(input.Sizes(keepdim));
            float* to = result.FloatPointer;
            input.ForEach((long row, float* x, long n) =>
            {
                float largest = float.NegativeInfinity;
                for (long i = 0; i < n; i++) largest = MathF.Max(largest, x[i]);
                double sum = 0;
                float shift = float.IsInfinity(largest) ? 0 : largest;
                for (long i = 0; i < n; i++) sum += Math.Exp(x[i] - shift);
                to[row] = (float)Math.Log(sum) + shift;
            });
            return Converted(result, dtype);
        }

        private unsafe Tensor OverDim(long dim, ScalarType? type, bool isLog)
        {
            int at = Shape.Dim(dim, Rank);
            ScalarType wanted = type ?? dtype;
            if (!IsReal(wanted))
                throw TorchException.Runtime($"\"{(isLog ? "log_softmax" : "softmax")}_lastdim_kernel_impl\" not implemented for '{TypeName(wanted)}'");
            Tensor result;
            using (Tensor input = LastDim(this, at))
            {
                Tensor output = Empty(input.Sizes);
                long n = Rank == 0 ? 1 : input.Sizes[^1];
                long rows = output.numel() / Math.Max(1, n);
                if (isLog) LogSoftmax.Forward(rows, n, input.FloatPointer, output.FloatPointer);
                else Softmax.Forward(rows, n, input.FloatPointer, output.FloatPointer);
                result = BackFromLast(output, at, wanted);
            }
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, isLog ? "LogSoftmax" : "Softmax", [result], (this, Backward));

            Tensor Backward(OperationNode node, Tensor g)
            {
                using Tensor y = LastDim(node[0], at);
                using Tensor dy = LastDim(g, at);
                Tensor dx = Empty(y.Sizes);
                long n = y.Rank == 0 ? 1 : y.Sizes[^1];
                long rows = dx.numel() / Math.Max(1, n);
                if (isLog) LogSoftmax.Backward(rows, n, y.FloatPointer, dy.FloatPointer, dx.FloatPointer);
                else Softmax.Backward(rows, n, y.FloatPointer, dy.FloatPointer, dx.FloatPointer);
                return BackFromLast(dx, at, ScalarType.Float32);
            }
        }

        /// <summary>A float32 contiguous tensor with that dimension last, by a handle of its own.</summary>
        private static Tensor LastDim(Tensor tensor, int at)
        {
            using Tensor moved = tensor.detach();
            if (tensor.Rank == 0 || at == tensor.Rank - 1) return moved.Dense();
            using Tensor last = moved.movedim(at, -1);
            return last.Dense();
        }

        private static Tensor BackFromLast(Tensor tensor, int at, ScalarType type)
        {
            if (tensor.Rank == 0 || at == tensor.Rank - 1) return Converted(tensor, type);
            using (tensor)
            {
                using Tensor moved = tensor.movedim(-1, at);
                return moved.to_type(type, copy: true);
            }
        }

        /// <summary>The values as contiguous float32 outside the graph, by a handle of its own.</summary>
        internal Tensor Dense()
        {
            return dtype == ScalarType.Float32 && IsContiguous ? Alias() : DenseCopy();
        }

        internal Tensor DenseCopy()
        {
            Tensor copy = Empty(sizes);
            ElementLoop.Copy(copy, this);
            return copy;
        }
    }
}
