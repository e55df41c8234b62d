using CpuTorch.Kernels;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// x / sqrt(mean(x²) + eps) * (weight + offset) over the last dimension (Zhang and Sennrich 2019,
            /// arXiv:1910.07467); the offset is 1 for Gemma.
            /// </summary>
            public static unsafe Tensor rms_norm(Tensor input, Tensor? weight, double eps, double weight_offset = 0)
            {
                long d = input.Sizes[^1];
                if (weight is not null && (weight.Rank != 1 || weight.Sizes[0] != d))
                    throw TorchException.Runtime($"Expected weight to be of same shape as normalized_shape, but got weight of shape {Shape.Text(weight.Sizes)} and normalized_shape = [{d}]");
                using Borrowed x = Borrowed.Dense(input);
                using Borrowed w = Borrowed.Dense(weight, d, 1 - weight_offset);
                long rows = input.numel() / Math.Max(1, d);
                using Tensor reciprocal = Tensor.Empty([rows]);
                Tensor y = Tensor.EmptyLike(input);
                RmsNorm.Forward(rows, d, x.FloatPointer, w.FloatPointer, (float)eps, (float)weight_offset, y.FloatPointer, reciprocal.FloatPointer);
                y = Narrowed(y, input.dtype);
                if (!Autograd.Wanted(input, weight)) return y;
                return Autograd.RecordJoint(
                    y,
                    "RmsNorm",
                    [x.Tensor, w.Tensor, reciprocal],
                    [input, weight],
                    static (n, grads) =>
                    {
                        using Borrowed dy = Borrowed.Dense(grads[0]!);
                        Tensor dx = Tensor.EmptyLike(dy.Tensor);
                        long[] size = n.Saved(1).Shape;
                        Tensor? dw = n.Needs(1) ? Tensor.Empty(size) : null;
                        RmsNorm.Backward(n.Saved(2).Shape[0], size[0], n.Saved(0).FloatPointer, n.Saved(1).FloatPointer, (float)n.Number, n.Saved(2).FloatPointer, dy.FloatPointer, dx.FloatPointer, dw is null ? null : dw.FloatPointer);
                        return [dx, dw];
                    },
                    weight_offset);
            }

            public static Tensor rms_norm(Tensor input, ReadOnlySpan<long> normalized_shape, Tensor? weight = null, double eps = 1.1920928955078125e-07)
            {
                CheckNormalized(input, normalized_shape);
                return normalized_shape.Length == 1 ? rms_norm(input, weight, eps) : Flattened(input, weight, normalized_shape.Length, eps);
            }

            /// <summary>(x - mean) / sqrt(var + eps) * weight + bias over the trailing dimensions (Ba et al. 2016, arXiv:1607.06450).</summary>
            public static Tensor layer_norm(Tensor input, ReadOnlySpan<long> normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
            {
                CheckNormalized(input, normalized_shape);
                return normalized_shape.Length == 1 ? LayerNormRows(input, weight, bias, eps) : Flattened(input, weight, bias, normalized_shape.Length, eps);
            }

            private static Tensor Flattened(Tensor input, Tensor? weight, int dims, double eps) =>
                Composite.Run(() => rms_norm(input.flatten(-dims), weight?.flatten(), eps).reshape(input.Sizes));

            private static Tensor Flattened(Tensor input, Tensor? weight, Tensor? bias, int dims, double eps) =>
                Composite.Run(() => LayerNormRows(input.flatten(-dims), weight?.flatten(), bias?.flatten(), eps).reshape(input.Sizes));

            private static unsafe Tensor LayerNormRows(Tensor input, Tensor? weight, Tensor? bias, double eps)
            {
                long d = input.Sizes[^1];
                using Borrowed x = Borrowed.Dense(input);
                using Borrowed w = Borrowed.Dense(weight, d, 1);
                using Borrowed b = Borrowed.Dense(bias, d, 0);
                long rows = input.numel() / Math.Max(1, d);
                using Tensor mean = Tensor.Empty([rows]);
                using Tensor reciprocal = Tensor.Empty([rows]);
                Tensor y = Tensor.EmptyLike(input);
                Kernels.LayerNorm.Forward(rows, d, x.FloatPointer, w.FloatPointer, b.FloatPointer, (float)eps, y.FloatPointer, mean.FloatPointer, reciprocal.FloatPointer);
                y = Narrowed(y, input.dtype);
                if (!Autograd.Wanted(input, weight, bias)) return y;
                return Autograd.RecordJoint(y, "NativeLayerNorm", [x.Tensor, w.Tensor, mean, reciprocal], [input, weight, bias], static (n, grads) =>
                {
                    using Borrowed dy = Borrowed.Dense(grads[0]!);
                    Tensor dx = Tensor.EmptyLike(dy.Tensor);
                    long[] size = n.Saved(1).Shape;
                    Tensor? dw = n.Needs(1) ? Tensor.Empty(size) : null;
                    Tensor? db = n.Needs(2) ? Tensor.Empty(size) : null;
                    Kernels.LayerNorm.Backward(n.Saved(2).Shape[0], size[0], n.Saved(0).FloatPointer, n.Saved(1).FloatPointer, n.Saved(2).FloatPointer, n.Saved(3).FloatPointer, dy.FloatPointer, dx.FloatPointer, dw is null ? null : dw.FloatPointer, db is null ? null : db.FloatPointer);
                    return [dx, dw, db];
                });
            }

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12) =>
                Composite.Run(() => input.div(input.norm(p, dim, keepdim: true).clamp_min(eps)));

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8) => Composite.Run(() =>
            {
                Tensor left = x1.norm(2, dim).clamp_min(eps);
                Tensor right = x2.norm(2, dim).clamp_min(eps);
                return x1.mul(x2).sum(dim).div(left.mul(right));
            });

            private static void CheckNormalized(Tensor input, ReadOnlySpan<long> normalized)
            {
                bool matches = input.Rank >= normalized.Length && input.Sizes.AsSpan(input.Rank - normalized.Length).SequenceEqual(normalized);
                if (!matches)
                    throw TorchException.Runtime($"Given normalized_shape={Shape.Text(normalized)}, expected input with shape [*, {string.Join(", ", normalized.ToArray())}], but got input of size{Shape.Text(input.Sizes)}");
            }
        }
    }
}
