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
                long d = input.shape[^1];
                if (weight is not null && (weight.Rank != 1 || weight.shape[0] != d))
                    throw TorchException.Runtime($"Expected weight to be of same shape as normalized_shape, but got weight of shape {Shape.Text(weight.shape)} and normalized_shape = [{d}]");
                using Tensor x = input.Dense();
                using Tensor w = weight?.Dense() ?? Filled([d], ScalarType.Float32, 1 - weight_offset);
                long rows = x.numel() / Math.Max(1, d);
                using Tensor reciprocal = Tensor.Empty([rows]);
                Tensor y = Tensor.Empty(input.shape);
                RmsNorm.Forward(rows, d, x.FloatPointer, w.FloatPointer, (float)eps, (float)weight_offset, y.FloatPointer, reciprocal.FloatPointer);
                y = Narrowed(y, input.dtype);
                if (!Autograd.Wanted(input, weight)) return y;
                return Autograd.RecordJoint(y, "RmsNorm", [x, w, reciprocal], [input, weight], (n, grads) =>
                {
                    Tensor saved = n[0];
                    using Tensor dy = grads[0]!.Dense();
                    Tensor dx = Tensor.Empty(saved.shape);
                    Tensor? dw = n.Needs(1) ? Tensor.Empty([d]) : null;
                    RmsNorm.Backward(rows, d, saved.FloatPointer, n[1].FloatPointer, (float)weight_offset, n[2].FloatPointer, dy.FloatPointer, dx.FloatPointer, dw is null ? null : dw.FloatPointer);
                    return [dx, dw];
                });
            }

            public static Tensor rms_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, double eps = 1.1920928955078125e-07)
            {
                CheckNormalized(input, normalized_shape);
                if (normalized_shape.Length == 1) return rms_norm(input, weight, eps);
                return Composite.Run(() => rms_norm(input.flatten(-normalized_shape.Length), weight?.flatten(), eps).reshape(input.shape));
            }

            /// <summary>(x - mean) / sqrt(var + eps) * weight + bias over the trailing dimensions (Ba et al. 2016, arXiv:1607.06450).</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
            {
                CheckNormalized(input, normalized_shape);
                if (normalized_shape.Length == 1) return LayerNormRows(input, weight, bias, eps);
                return Composite.Run(() => LayerNormRows(input.flatten(-normalized_shape.Length), weight?.flatten(), bias?.flatten(), eps).reshape(input.shape));
            }

            private static unsafe Tensor LayerNormRows(Tensor input, Tensor? weight, Tensor? bias, double eps)
            {
                long d = input.shape[^1];
                using Tensor x = input.Dense();
                using Tensor w = weight?.Dense() ?? Filled([d], ScalarType.Float32, 1.0);
                using Tensor b = bias?.Dense() ?? Tensor.Zeros([d]);
                long rows = x.numel() / Math.Max(1, d);
                using Tensor mean = Tensor.Empty([rows]);
                using Tensor reciprocal = Tensor.Empty([rows]);
                Tensor y = Tensor.Empty(input.shape);
                Kernels.LayerNorm.Forward(rows, d, x.FloatPointer, w.FloatPointer, b.FloatPointer, (float)eps, y.FloatPointer, mean.FloatPointer, reciprocal.FloatPointer);
                y = Narrowed(y, input.dtype);
                if (!Autograd.Wanted(input, weight, bias)) return y;
                return Autograd.RecordJoint(y, "NativeLayerNorm", [x, w, mean, reciprocal], [input, weight, bias], (n, grads) =>
                {
                    Tensor saved = n[0];
                    using Tensor dy = grads[0]!.Dense();
                    Tensor dx = Tensor.Empty(saved.shape);
                    Tensor? dw = n.Needs(1) ? Tensor.Empty([d]) : null;
                    Tensor? db = n.Needs(2) ? Tensor.Empty([d]) : null;
                    Kernels.LayerNorm.Backward(rows, d, saved.FloatPointer, n[1].FloatPointer, n[2].FloatPointer, n[3].FloatPointer, dy.FloatPointer, dx.FloatPointer, dw is null ? null : dw.FloatPointer, db is null ? null : db.FloatPointer);
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

            private static void CheckNormalized(Tensor input, long[] normalized)
            {
                bool matches = input.Rank >= normalized.Length && input.shape.AsSpan(input.Rank - normalized.Length).SequenceEqual(normalized);
                if (!matches)
                    throw TorchException.Runtime($"Given normalized_shape={Shape.Text(normalized)}, expected input with shape [*, {string.Join(", ", normalized)}], but got input of size{Shape.Text(input.shape)}");
            }
        }
    }
}
