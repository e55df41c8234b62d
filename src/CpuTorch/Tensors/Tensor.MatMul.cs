using CpuTorch.Kernels;

namespace CpuTorch;

/// <summary>Matrix products. Operands go to the kernel with their strides; nothing is transposed in memory.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor other)
        {
            if (Rank == 0 || other.Rank == 0)
                throw TorchException.Runtime($"both arguments to matmul need to be at least 1D, but they are {Rank}D and {other.Rank}D");
            CheckTypes(this, other);
            if (Rank == 1 && other.Rank == 1) return dot(other);
            if (Rank == 1) return Composite.Run(() => unsqueeze(0).matmul(other).squeeze(-2));
            if (other.Rank == 1) return Composite.Run(() => matmul(other.unsqueeze(1)).squeeze(-1));
            CheckInner(this, other);
            if (other.Rank == 2 && Rank > 2) return Folded(other);
            return Product(other);
        }

        public Tensor mm(Tensor mat2)
        {
            if (Rank != 2) throw TorchException.Runtime("self must be a matrix");
            if (mat2.Rank != 2) throw TorchException.Runtime("mat2 must be a matrix");
            return matmul(mat2);
        }

        public Tensor bmm(Tensor batch2)
        {
            if (Rank != 3) throw TorchException.Runtime("batch1 must be a 3D tensor");
            if (batch2.Rank != 3) throw TorchException.Runtime("batch2 must be a 3D tensor");
            if (sizes[0] != batch2.sizes[0] || sizes[2] != batch2.sizes[1])
                throw TorchException.Runtime($"Expected size for first two dimensions of batch2 tensor to be: [{sizes[0]}, {sizes[2]}] but got: [{batch2.sizes[0]}, {batch2.sizes[1]}].");
            return matmul(batch2);
        }

        public Tensor mv(Tensor vec)
        {
            if (Rank != 2 || vec.Rank != 1) throw TorchException.Runtime($"vector + matrix @ vector expected, got {Rank}, {vec.Rank}");
            if (sizes[1] != vec.sizes[0]) throw TorchException.Runtime($"size mismatch, got input ({sizes[0]}), mat ({sizes[0]}x{sizes[1]}), vec ({vec.sizes[0]})");
            return matmul(vec);
        }

        public Tensor dot(Tensor tensor)
        {
            if (Rank != 1 || tensor.Rank != 1) throw TorchException.Runtime($"1D tensors expected, but got {Rank}D and {tensor.Rank}D tensors");
            if (sizes[0] != tensor.sizes[0])
                throw TorchException.Runtime($"inconsistent tensor size, expected tensor [{sizes[0]}] and src [{tensor.sizes[0]}] to have the same number of elements, but got {sizes[0]} and {tensor.sizes[0]} elements respectively");
            return Composite.Run(() => unsqueeze(0).Product(tensor.unsqueeze(1)).reshape());
        }

        public Tensor outer(Tensor vec2)
        {
            if (Rank != 1 || vec2.Rank != 1) throw TorchException.Runtime($"outer: Expected 1-D argument self, but got {Rank}-D");
            return Composite.Run(() => unsqueeze(1).mul(vec2));
        }

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Composite.Run(() => Weighted(this, beta).add(mat1.mm(mat2), alpha));

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Composite.Run(() => Weighted(this, beta).add(batch1.bmm(batch2), alpha));

        private static Tensor Weighted(Tensor tensor, float factor) => factor == 1 ? tensor : tensor.mul(factor);

        // (…, k) times (k, n): one product over all rows.
        private Tensor Folded(Tensor other) =>
            Composite.Run(() => reshape(-1, sizes[^1]).Product(other).view([.. sizes[..^1], other.sizes[1]]));

        private Tensor Product(Tensor other)
        {
            Tensor result = ProductOf(this, other);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(
                result,
                Rank == 2 && other.Rank == 2 ? "Mm" : "Bmm",
                [Autograd.For(other, this), Autograd.For(this, other)],
                (this, static (n, g) => ProductOf(g, n[1].mT)),
                (other, static (n, g) => ProductOf(n[0].mT, g)));
        }

        /// <summary>Over broadcast batches, outside the graph.</summary>
        internal static Tensor ProductOf(Tensor a, Tensor b)
        {
            if (!IsReal(a.dtype)) return WholeProduct(a, b);
            if (a.dtype == ScalarType.Float32 && b.dtype == ScalarType.Float32) return RealProduct(a, b);
            using Tensor wideA = a.detach().to_type(ScalarType.Float32);
            using Tensor wideB = b.detach().to_type(ScalarType.Float32);
            return Converted(RealProduct(wideA, wideB), a.dtype);
        }

        private static unsafe Tensor RealProduct(Tensor a, Tensor b)
        {
            (long m, long k, long n) = (a.sizes[^2], a.sizes[^1], b.sizes[^1]);
            long[] batch = Shape.Broadcast(a.sizes[..^2], b.sizes[..^2]);
            Tensor c = Empty([.. batch, m, n]);
            if (c.numel() == 0) return c;
            if (k == 0) return c.zero_();
            long count = Shape.Count(batch);
            long inner = batch.Length == 0 ? 1 : batch[^1];
            using Tensor wideA = a.Window(a.offset, [.. batch, m, k], Stretched(a, batch));
            using Tensor wideB = b.Window(b.offset, [.. batch, k, n], Stretched(b, batch));
            // Where the batches of both lie evenly, one call does them all.
            if (Even(wideA, batch) && Even(wideB, batch)) inner = count;
            long stepA = batch.Length == 0 ? 0 : BatchStep(wideA, batch);
            long stepB = batch.Length == 0 ? 0 : BatchStep(wideB, batch);
            for (long first = 0; first < count; first += inner)
            {
                float* atA = wideA.FloatPointer + PlaceOf(wideA, batch, first);
                float* atB = wideB.FloatPointer + PlaceOf(wideB, batch, first);
                float* atC = c.FloatPointer + (first * m * n);
                if (inner == 1)
                    Gemm.Run(m, n, k, atA, a.strides[^2], a.strides[^1], atB, b.strides[^2], b.strides[^1], atC, n);
                else
                    Gemm.RunBatched(inner, m, n, k, atA, stepA, a.strides[^2], a.strides[^1], atB, stepB, b.strides[^2], b.strides[^1], atC, m * n, n);
            }
            return c;
        }

        private static long[] Stretched(Tensor tensor, long[] batch)
        {
            var result = new long[batch.Length + 2];
            int missing = batch.Length + 2 - tensor.Rank;
            for (int d = missing; d < result.Length; d++)
                result[d] = d < batch.Length && tensor.sizes[d - missing] == 1 ? 0 : tensor.strides[d - missing];
            return result;
        }

        private static bool Even(Tensor tensor, long[] batch)
        {
            long next = -1;
            for (int d = batch.Length - 1; d >= 0; d--)
            {
                if (batch[d] == 1) continue;
                if (next >= 0 && tensor.strides[d] != next) return false;
                next = tensor.strides[d] * batch[d];
            }
            return true;
        }

        private static long BatchStep(Tensor tensor, long[] batch)
        {
            for (int d = batch.Length - 1; d >= 0; d--)
            {
                if (batch[d] != 1) return tensor.strides[d];
            }
            return 0;
        }

        private static long PlaceOf(Tensor tensor, long[] batch, long number)
        {
            long place = 0;
            for (int d = batch.Length - 1; d >= 0; d--)
            {
                place += number % batch[d] * tensor.strides[d];
                number /= batch[d];
            }
            return place;
        }

        private static unsafe Tensor WholeProduct(Tensor a, Tensor b)
        {
            long[] batch = Shape.Broadcast(a.sizes[..^2], b.sizes[..^2]);
            (long m, long k, long n) = (a.sizes[^2], a.sizes[^1], b.sizes[^1]);
            using Tensor wideA = a.expand([.. batch, m, k]).to_type(ScalarType.Int64).contiguous();
            using Tensor wideB = b.expand([.. batch, k, n]).to_type(ScalarType.Int64).contiguous();
            Tensor c = Zeros([.. batch, m, n], ScalarType.Int64);
            long* x = wideA.LongPointer;
            long* y = wideB.LongPointer;
            long* z = c.LongPointer;
            for (long row = 0; row < Shape.Count(batch) * m; row++)
            {
                for (long p = 0; p < k; p++)
                {
                    long* from = y + ((((row / m) * k) + p) * n);
                    for (long j = 0; j < n; j++) z[(row * n) + j] += x[(row * k) + p] * from[j];
                }
            }
            return Converted(c, a.dtype);
        }

        internal static void CheckTypes(Tensor a, Tensor b)
        {
            if (a.dtype != b.dtype)
                throw TorchException.Runtime($"expected m1 and m2 to have the same dtype, but got: {CName(a.dtype)} != {CName(b.dtype)}");
        }

        private static void CheckInner(Tensor a, Tensor b)
        {
            if (a.sizes[^1] == b.sizes[^2]) return;
            if (a.Rank > 2 && b.Rank > 2)
                throw TorchException.Runtime($"Expected size for first two dimensions of batch2 tensor to be: [{Shape.Count(a.sizes[..^2])}, {a.sizes[^1]}] but got: [{Shape.Count(b.sizes[..^2])}, {b.sizes[^2]}].");
            throw TorchException.Runtime($"mat1 and mat2 shapes cannot be multiplied ({a.numel() / Math.Max(1, a.sizes[^1])}x{a.sizes[^1]} and {b.sizes[^2]}x{b.sizes[^1]})");
        }
    }
}
