using CpuTorch.Kernels;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Attention of q (B, T, H, D) over k and v (B, S, H', D), H a multiple of H', without a (T, S) matrix
            /// (Dao et al. 2022, arXiv:2205.14135). A query sees the keys up to its own place where causal, of those the
            /// last <paramref name="window"/> where that is not 0, from <paramref name="key_start"/> (B, T) and before
            /// <paramref name="key_end"/> (B); one that sees none gives zeros.
            /// </summary>
            public static unsafe Tensor attention(Tensor q, Tensor k, Tensor v, double? scale = null, bool causal = false, long window = 0, Tensor? key_start = null, Tensor? key_end = null, double soft_cap = 0)
            {
                CheckAttention(q, k, v);
                using Borrowed queries = Borrowed.HeadRows(q);
                using Borrowed keys = Borrowed.HeadRows(k);
                using Borrowed values = Borrowed.HeadRows(v);
                using Borrowed starts = Places(key_start, q.Sizes[0] * q.Sizes[1], nameof(key_start));
                using Borrowed ends = Places(key_end, q.Sizes[0], nameof(key_end));
                Tensor result = Tensor.EmptyLike(q);
                using Tensor logSumExp = Tensor.Empty([q.Sizes[0] * q.Sizes[2] * q.Sizes[1]]);
                var rule = new AttentionShape
                {
                    Scale = (float)(scale ?? (1 / Math.Sqrt(q.Sizes[3]))),
                    Causal = causal,
                    Window = window,
                    SoftCap = (float)soft_cap,
                };
                if (result.numel() > 0)
                    Attention.Forward(ShapeOf(rule, queries.Tensor, keys.Tensor, values.Tensor, result, starts.Tensor, ends.Tensor), queries.FloatPointer, keys.FloatPointer, values.FloatPointer, result.FloatPointer, logSumExp.FloatPointer);
                if (!Autograd.Wanted(q, k, v)) return Narrowed(result, q.dtype);
                using Tensor saved = result.Alias();
                return Autograd.RecordJoint(
                    Narrowed(result, q.dtype),
                    "Attention",
                    [queries.Tensor, keys.Tensor, values.Tensor, saved, logSumExp, starts.Tensor, ends.Tensor],
                    [q, k, v],
                    GradientsBy(rule));
            }

            private static JointGradient GradientsBy(AttentionShape rule) => (n, grads) => AttentionGradients(n, grads[0]!, rule);

            private static unsafe Tensor?[] AttentionGradients(OperationNode n, Tensor grad, AttentionShape rule)
            {
                // The kernel writes gradients with their operands' strides; a strided operand gets a dense twin.
                using Borrowed q = Borrowed.Dense(n[0]);
                using Borrowed k = Borrowed.Dense(n[1]);
                using Borrowed v = Borrowed.Dense(n[2]);
                using Borrowed dO = Borrowed.Dense(grad);
                Tensor dq = Tensor.EmptyLike(q.Tensor);
                Tensor dk = Tensor.EmptyLike(k.Tensor);
                Tensor dv = Tensor.EmptyLike(v.Tensor);
                if (dq.numel() == 0) return [dq, dk.zero_(), dv.zero_()];
                AttentionShape shape = ShapeOf(rule, q.Tensor, k.Tensor, v.Tensor, dO.Tensor, n.Has(5) ? n[5] : null, n.Has(6) ? n[6] : null);
                Attention.Backward(shape, q.FloatPointer, k.FloatPointer, v.FloatPointer, n.Saved(3).FloatPointer, n.Saved(4).FloatPointer, dO.FloatPointer, dq.FloatPointer, dk.FloatPointer, dv.FloatPointer);
                return [dq, dk, dv];
            }

            /// <summary>Attention of query (…, H, T, D) as PyTorch defines it; <c>is_casual</c> is TorchSharp's spelling.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false, double? scale = null, bool enable_gqa = false)
            {
                if (attn_mask is not null && is_casual)
                    throw TorchException.Runtime("scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True");
                bool square = query.Sizes[^2] == key.Sizes[^2];
                bool heads = query.Rank == 4 && Shape.Same(key.Sizes, value.Sizes) && query.Sizes[0] == key.Sizes[0] && query.Sizes[3] == key.Sizes[3]
                    && (enable_gqa ? query.Sizes[1] % key.Sizes[1] == 0 : query.Sizes[1] == key.Sizes[1]);
                if (attn_mask is null && p == 0 && heads && (square || !is_casual))
                    return Composite.Run(() => attention(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), scale, is_casual).transpose(1, 2));
                return Composite.Run(() => PlainAttention(query, key, value, attn_mask, p, is_casual, scale ?? (1 / Math.Sqrt(query.Sizes[^1])), enable_gqa));
            }

            private static Tensor PlainAttention(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal, double scale, bool grouped)
            {
                if (grouped)
                {
                    key = key.repeat_interleave(query.Sizes[^3] / key.Sizes[^3], -3);
                    value = value.repeat_interleave(query.Sizes[^3] / value.Sizes[^3], -3);
                }
                Tensor scores = query.matmul(key.mT).mul(scale);
                if (causal) mask = ones([scores.Sizes[^2], scores.Sizes[^1]], dtype: ScalarType.Bool).tril();
                if (mask is not null)
                    scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores.add(mask);
                Tensor weights = scores.softmax(-1);
                // A query that sees nothing gives zeros, as PyTorch's fused forms do.
                if (mask is not null) weights = weights.masked_fill(scores.detach().eq(double.NegativeInfinity).all(-1, keepdim: true), 0);
                if (p > 0) weights = dropout(weights, p);
                return weights.matmul(value);
            }

            /// <summary>
            /// Rotary positions (Su et al. 2021, arXiv:2104.09864) on x (B, T, H, D), pairing i with i + R/2 as Hugging Face
            /// does; cos and sin (positions, R/2), R at most D; <paramref name="positions"/> (B, T), 0 to T - 1 where absent.
            /// </summary>
            public static Tensor rotary(Tensor x, Tensor cos, Tensor sin, Tensor? positions = null)
            {
                if (x.Rank != 4) throw TorchException.Runtime($"rotary: x must have shape (B, T, H, D), got {Shape.Text(x.Sizes)}");
                if (cos.Rank != 2 || !Shape.Same(cos.Sizes, sin.Sizes) || 2 * cos.Sizes[1] > x.Sizes[3])
                    throw TorchException.Runtime($"rotary: cos and sin must have shape (positions, R/2) with R at most {x.Sizes[3]}, got {Shape.Text(cos.Sizes)} and {Shape.Text(sin.Sizes)}");
                using Borrowed input = Borrowed.HeadRows(x);
                using Borrowed c = Borrowed.Dense(cos);
                using Borrowed s = Borrowed.Dense(sin);
                using Tensor? counted = positions is null ? Counted(x.Sizes[0], x.Sizes[1]) : null;
                using Borrowed places = Places(positions ?? counted, x.Sizes[0] * x.Sizes[1], nameof(positions));
                CheckPositions(places.Tensor, cos.Sizes[0]);
                Tensor result = Tensor.EmptyLike(x);
                Turn(input.Tensor, result, c.Tensor, s.Tensor, places.Tensor, inverse: false);
                result = Narrowed(result, x.dtype);
                if (!Autograd.Wanted(x)) return result;
                return Autograd.Record(result, "Rotary", [c.Tensor, s.Tensor, places.Tensor], (x, Backward));

                static Tensor Backward(OperationNode n, Tensor g)
                {
                    using Borrowed dy = Borrowed.HeadRows(g);
                    Tensor dx = Tensor.EmptyLike(g);
                    Turn(dy.Tensor, dx, n[0], n[1], n[2], inverse: true);
                    return dx;
                }
            }

            private static unsafe void Turn(Tensor x, Tensor y, Tensor cos, Tensor sin, Tensor places, bool inverse)
            {
                if (x.numel() == 0) return;
                Rotary.Apply(
                    x.Sizes[0], x.Sizes[1], x.Sizes[2], x.Sizes[3], 2 * cos.Sizes[1],
                    x.FloatPointer, x.Strides[0], x.Strides[1], x.Strides[2],
                    y.FloatPointer, y.Strides[0], y.Strides[1], y.Strides[2],
                    cos.FloatPointer, sin.FloatPointer, (int*)places.Address, inverse);
            }

            /// <summary>
            /// Writes rows of tokens (B, T, H, D) into a cache (slots, capacity, H, D) of the same type, both contiguous: those
            /// of row i behind the <paramref name="lengths"/>[i] tokens that slot i holds.
            /// </summary>
            public static unsafe void cache_append_(Tensor cache, Tensor tokens, ReadOnlySpan<int> lengths)
            {
                bool fits = cache.Rank == 4 && tokens.Rank == 4 && cache.Sizes[2] == tokens.Sizes[2] && cache.Sizes[3] == tokens.Sizes[3]
                    && cache.dtype == tokens.dtype && cache.IsContiguous && tokens.Sizes[0] == lengths.Length && lengths.Length <= cache.Sizes[0];
                if (!fits)
                    throw TorchException.Runtime($"cache_append_: {lengths.Length} rows {Shape.Text(tokens.Sizes)} of {TypeName(tokens.dtype)} do not fit a contiguous cache {Shape.Text(cache.Sizes)} of {TypeName(cache.dtype)}");
                foreach (int length in lengths)
                {
                    if (length < 0 || length + tokens.Sizes[1] > cache.Sizes[1])
                        throw TorchException.Index($"cache_append_: {tokens.Sizes[1]} tokens behind {length} exceed the capacity of {cache.Sizes[1]}");
                }
                using Tensor? copy = tokens.IsContiguous ? null : tokens.contiguous_copy();
                long width = cache.Sizes[2] * cache.Sizes[3] * cache.ElementSize, row = tokens.Sizes[1] * width;
                byte* from = (copy ?? tokens).Address, to = cache.Address;
                for (int i = 0; i < lengths.Length; i++)
                    Buffer.MemoryCopy(from + (i * row), to + (((i * cache.Sizes[1]) + lengths[i]) * width), row, row);
                cache.Storage.Version++;
            }

            private static Borrowed Places(Tensor? places, long count, string name)
            {
                if (places is null) return default;
                if (places.numel() != count) throw TorchException.Runtime($"{name} must have {count} elements, got {places.numel()}");
                return Borrowed.Whole(places);
            }

            private static Tensor Counted(long batch, long tokens)
            {
                using Tensor row = arange(tokens, ScalarType.Int32);
                using Tensor all = row.expand(batch, tokens);
                return all.clone();
            }

            private static void CheckPositions(Tensor places, long count)
            {
                foreach (int place in places.span<int>())
                {
                    if (place < 0 || place >= count) throw TorchException.Index($"rotary: position {place} is outside the table of {count} positions");
                }
            }

            private static unsafe AttentionShape ShapeOf(AttentionShape rule, Tensor q, Tensor k, Tensor v, Tensor o, Tensor? starts, Tensor? ends) => new()
            {
                Scale = rule.Scale,
                Causal = rule.Causal,
                Window = rule.Window,
                SoftCap = rule.SoftCap,
                KeyStart = starts is null ? null : (int*)starts.Address,
                KeyEnd = ends is null ? null : (int*)ends.Address,
                Batch = q.Sizes[0],
                Queries = q.Sizes[1],
                Keys = k.Sizes[1],
                Heads = q.Sizes[2],
                KeyHeads = k.Sizes[2],
                HeadDim = q.Sizes[3],
                QBatch = q.Strides[0],
                QToken = q.Strides[1],
                QHead = q.Strides[2],
                KBatch = k.Strides[0],
                KToken = k.Strides[1],
                KHead = k.Strides[2],
                VBatch = v.Strides[0],
                VToken = v.Strides[1],
                VHead = v.Strides[2],
                OBatch = o.Strides[0],
                OToken = o.Strides[1],
                OHead = o.Strides[2],
            };

            private static void CheckAttention(Tensor q, Tensor k, Tensor v)
            {
                if (q.Rank != 4 || k.Rank != 4 || !Shape.Same(k.Sizes, v.Sizes) || q.Sizes[0] != k.Sizes[0] || q.Sizes[3] != k.Sizes[3] || q.Sizes[2] % k.Sizes[2] != 0)
                    throw TorchException.Runtime($"attention: q (B, T, H, D) with k and v (B, S, H', D), H a multiple of H', got {Shape.Text(q.Sizes)}, {Shape.Text(k.Sizes)} and {Shape.Text(v.Sizes)}");
            }
        }
    }
}
