using CpuTorch.Kernels;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// <see cref="linear"/> by a frozen weight of 4-bit codes, which stays packed. Gradients flow to the input and the bias.
            /// </summary>
            /// <param name="input">(…, K).</param>
            /// <param name="weight">uint8, two codes to a byte, the first in the high half.</param>
            /// <param name="state">Shape (N, K), values and scales.</param>
            /// <param name="bias">(N), or null.</param>
            public static Tensor linear_4bit(Tensor input, Tensor weight, QuantState state, Tensor? bias = null)
            {
                CheckPacked(input, weight, state);
                Tensor result = Narrowed(PackedOutput(input, weight, state, bias), input.dtype);
                if (!Autograd.Wanted(input, bias)) return result;
                return Autograd.RecordJoint(
                    result,
                    "Linear4Bit",
                    [Autograd.For(input, weight)],
                    [input, bias],
                    (n, grads) =>
                    {
                        using MatrixView g = MatrixView.Of(grads[0]!);
                        return [n.Needs(0) ? PackedGradient(g, n[0], state, n.Next[0].Shape) : null, n.Needs(1) ? BiasGradient(grads[0]!) : null];
                    });
            }

            /// <summary><see cref="lora_linear"/> by a frozen weight of 4-bit codes, as <see cref="linear_4bit"/> takes it.</summary>
            public static Tensor lora_linear_4bit(Tensor input, Tensor weight, QuantState state, Tensor? bias, Tensor A, Tensor B, double scale, Tensor? adapter_input = null)
            {
                CheckPacked(input, weight, state);
                return LowRankUpdate(
                    PackedOutput(input, weight, state, bias), input, weight, bias, A, B, scale, adapter_input,
                    PackedGradients(state, separate: adapter_input is not null));
            }

            private static JointGradient PackedGradients(QuantState state, bool separate) => (n, grads) =>
                LoraGradientsOf(n, grads[0]!, separate, (in g, packed, shape) => PackedGradient(g, packed.Unpack(), state, shape));

            /// <summary>The weight as float32 (N, K).</summary>
            public static unsafe Tensor dequantize_4bit(Tensor weight, QuantState state)
            {
                CheckState(weight, state);
                Tensor result = Tensor.Empty(state.shape);
                FourBit.Unpack(MatrixOf(weight, state), 0, result.numel(), result.FloatPointer);
                return result;
            }

            private static unsafe Tensor PackedOutput(Tensor input, Tensor weight, QuantState state, Tensor? bias)
            {
                long width = state.shape[0];
                using MatrixView x = MatrixView.Of(input);
                Tensor result = Tensor.Empty(Shape.WithLast(input.Sizes, width));
                if (result.numel() == 0) return result;
                using Borrowed b = bias is null ? default : Borrowed.Dense(bias);
                FourBitGemm.ByTranspose(x.Rows, width, x.Columns, x.Pointer, x.RowStride, x.ColumnStride, MatrixOf(weight, state), result.FloatPointer, width, bias is null ? null : b.FloatPointer);
                return result;
            }

            private static unsafe Tensor PackedGradient(in MatrixView g, Tensor weight, QuantState state, long[] shape)
            {
                Tensor dx = Tensor.Empty(shape);
                if (dx.numel() > 0)
                    FourBitGemm.ByMatrix(g.Rows, state.shape[0], state.shape[1], g.Pointer, g.RowStride, g.ColumnStride, MatrixOf(weight, state), dx.FloatPointer, state.shape[1]);
                return dx;
            }

            private static unsafe FourBitMatrix MatrixOf(Tensor weight, QuantState state) => new()
            {
                codes = weight.Address,
                values = state.code.FloatPointer,
                blockSize = state.blocksize,
                scales = (state.nested_absmax ?? state.absmax).FloatPointer,
                scaleCodes = state.nested_absmax is null ? null : state.absmax.Address,
                scaleValues = state.nested_code is null ? null : state.nested_code.FloatPointer,
                scaleBlockSize = state.nested_blocksize,
                scaleOffset = state.nested_offset,
            };

            private static void CheckPacked(Tensor input, Tensor weight, QuantState state)
            {
                CheckState(weight, state);
                if (!IsReal(input.dtype)) throw TorchException.Runtime($"a 4-bit linear needs a real input, but got {TypeName(input.dtype)}");
                if (input.Rank == 0 || input.Sizes[^1] != state.shape[1])
                    throw TorchException.Runtime($"mat1 and mat2 shapes cannot be multiplied ({Shape.Text(input.Sizes)} by a 4-bit weight of {Shape.Text(state.shape)})");
            }

            // The kernel reads bare pointers: what the state promises must be there.
            private static void CheckState(Tensor weight, QuantState state)
            {
                if (state.shape.Length != 2 || state.blocksize < 1 || state.nested_blocksize < 1) throw TorchException.Runtime($"a 4-bit weight is a matrix with blocks of 1 or more, but got {Shape.Text(state.shape)} with blocks of {state.blocksize}");
                long count = state.shape[0] * state.shape[1], blocks = (count + state.blocksize - 1) / state.blocksize;
                Need(weight, ScalarType.Byte, (count + 1) / 2, nameof(weight));
                Need(state.code, ScalarType.Float32, 16, nameof(state.code));
                Need(state.absmax, state.nested_absmax is null ? ScalarType.Float32 : ScalarType.Byte, blocks, nameof(state.absmax));
                if (state.nested_absmax is null) return;
                Need(state.nested_absmax, ScalarType.Float32, (blocks + state.nested_blocksize - 1) / state.nested_blocksize, nameof(state.nested_absmax));
                Need(state.nested_code ?? throw TorchException.Runtime("nested_absmax needs nested_code"), ScalarType.Float32, 256, nameof(state.nested_code));
            }

            private static void Need(Tensor part, ScalarType type, long count, string name)
            {
                if (part.dtype != type || part.numel() != count || !part.IsContiguous)
                    throw TorchException.Runtime($"{name} of a 4-bit weight must be {count} contiguous {TypeName(type)}, but got {part.numel()} {TypeName(part.dtype)}");
            }
        }
    }
}
