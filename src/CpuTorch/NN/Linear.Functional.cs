using CpuTorch.Kernels;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// input (…, K) times the transpose of weight (N, K), plus bias (N). A frozen half-precision weight serves
            /// a float32 input; the arithmetic is float32.
            /// </summary>
            public static Tensor linear(Tensor input, Tensor weight, Tensor? bias = null)
            {
                CheckLinear(input, weight);
                if (weight.Rank == 1) return ByVector(input, weight, bias);
                Tensor result = OutputOf(input, weight, bias);
                if (!Autograd.Wanted(input, weight, bias)) return result;
                return Autograd.RecordJoint(
                    result,
                    bias is null ? "Mm" : "Addmm",
                    [Autograd.For(weight, input), Autograd.For(input, weight)],
                    [input, weight, bias],
                    static (n, grads) =>
                    {
                        using MatrixView g = MatrixView.Of(grads[0]!);
                        return
                        [
                            n.Needs(0) ? InputGradient(g, n.Saved(1), n.Next[0].Shape, isFrozen: !n.Needs(1)) : null,
                            n.Needs(1) ? WeightGradient(g, n.Saved(0), transposed: n.Number != 0) : null,
                            n.Needs(2) ? BiasGradient(grads[0]!) : null,
                        ];
                    },
                    number: LiesTransposed(weight) ? 1 : 0);
            }

            /// <summary>
            /// <see cref="linear"/> by a frozen weight, plus scale * (x A^T) B^T with A (r, K) and B (N, r). Gradients flow to
            /// the input, the bias, A and B. The adapter may read another tensor than the base: the input after dropout.
            /// </summary>
            public static Tensor lora_linear(Tensor input, Tensor weight, Tensor? bias, Tensor A, Tensor B, double scale, Tensor? adapter_input = null)
            {
                CheckLinear(input, weight);
                return LowRankUpdate(OutputOf(input, weight, bias, float32: true), input, weight, bias, A, B, scale, adapter_input, adapter_input is null ? LoraGradients : SeparateLoraGradients);
            }

            /// <summary>Adds the low-rank update to the product with the frozen weight.</summary>
            private static Tensor LowRankUpdate(
                Tensor result, Tensor input, Tensor weight, Tensor? bias, Tensor A, Tensor B, double scale, Tensor? adapter_input, JointGradient gradients)
            {
                Tensor adapted = adapter_input ?? input;
                using Tensor low = LowRank(adapted, A, scale);
                using (MatrixView flat = MatrixView.Of(result))
                using (MatrixView l = MatrixView.Of(low))
                using (MatrixView b = MatrixView.Of(B))
                    Multiply(flat, l, b, transposed: true, beta: 1);
                result = Narrowed(result, input.dtype);
                if (!Autograd.Wanted(input, bias, A, B, adapter_input)) return result;
                return Autograd.RecordJoint(
                    result,
                    "LoraLinear",
                    [Autograd.For(input, weight), Autograd.For(A, adapted), A, B, Autograd.For(B, low)],
                    [input, bias, A, B, adapter_input],
                    gradients,
                    scale);
            }

            // scale * (x A^T)
            private static Tensor LowRank(Tensor input, Tensor A, double scale)
            {
                using MatrixView x = MatrixView.Of(input);
                using MatrixView a = MatrixView.Of(A);
                Tensor low = Product(x, a, transposed: true);
                Scale(low, scale);
                return low;
            }

            private static void Scale(Tensor tensor, double factor)
            {
                if (factor != 1) ElementLoop.Run(Operation.Multiply, integer: false, tensor, tensor, (float)factor);
            }

            private static readonly FrozenGradient ByFrozen = static (in g, weight, shape) => InputGradient(g, weight, shape, isFrozen: true);

            private static readonly JointGradient LoraGradients = static (n, grads) => LoraGradientsOf(n, grads[0]!, separate: false, ByFrozen);

            private static readonly JointGradient SeparateLoraGradients = static (n, grads) => LoraGradientsOf(n, grads[0]!, separate: true, ByFrozen);

            /// <summary>The gradient with respect to the input of a product with a frozen weight.</summary>
            private delegate Tensor FrozenGradient(in MatrixView g, SavedTensor weight, long[] shape);

            private static Tensor?[] LoraGradientsOf(OperationNode n, Tensor grad, bool separate, FrozenGradient inputGradient)
            {
                using MatrixView g = MatrixView.Of(grad);
                var results = new Tensor?[5];
                if (n.Needs(0)) results[0] = inputGradient(g, n.Saved(0), n.Next[0].Shape);
                if (n.Needs(1)) results[1] = BiasGradient(grad);
                if (n.Needs(3)) results[3] = WeightGradient(g, n.Saved(4));
                if (!n.Needs(2) && !n.Needs(separate ? 4 : 0)) return results;
                using MatrixView a = MatrixView.Of(n.Saved(2));
                using MatrixView b = MatrixView.Of(n.Saved(3));
                using Tensor low = Product(g, b, transposed: false);
                Scale(low, n.Number);
                using MatrixView l = MatrixView.Of(low);
                if (n.Needs(2)) results[2] = WeightGradient(l, n.Saved(1));
                if (separate && n.Needs(4)) results[4] = InputGradient(l, n.Saved(2), n.Next[4].Shape, isFrozen: false);
                if (!separate && results[0] is { } dx)
                {
                    using MatrixView flat = MatrixView.Of(dx);
                    Multiply(flat, l, a, transposed: false, beta: 1);
                }
                return results;
            }

            private static Tensor ByVector(Tensor input, Tensor weight, Tensor? bias) =>
                Composite.Run(() => bias is null ? input.matmul(weight) : input.matmul(weight).add(bias));

            private static void CheckLinear(Tensor input, Tensor weight)
            {
                bool halfServes = IsReal(weight.dtype) && IsReal(input.dtype) && !weight.requires_grad;
                if (weight.dtype != input.dtype && !halfServes)
                    throw TorchException.Runtime($"mat1 and mat2 must have the same dtype, but got {TypeName(input.dtype)} and {TypeName(weight.dtype)}");
                if (input.Rank == 0) throw TorchException.Runtime("both arguments to linear need to be at least 1D, but they are 0D and 2D");
                long k = input.Sizes[^1];
                if (k != weight.Sizes[^1])
                    throw TorchException.Runtime($"mat1 and mat2 shapes cannot be multiplied ({input.numel() / Math.Max(1, k)}x{k} and {weight.Sizes[^1]}x{weight.Sizes[0]})");
            }

            private static unsafe Tensor OutputOf(Tensor input, Tensor weight, Tensor? bias, bool float32 = false)
            {
                using MatrixView x = MatrixView.Of(input);
                using MatrixView w = MatrixView.Of(weight);
                Tensor result = Tensor.Empty(Shape.WithLast(input.Sizes, w.Rows));
                if (result.numel() > 0)
                {
                    using Borrowed b = bias is null ? default : Borrowed.Dense(bias);
                    Gemm.Run(x.Rows, w.Rows, x.Columns, x.Pointer, x.RowStride, x.ColumnStride, w.Pointer, w.ColumnStride, w.RowStride, result.FloatPointer, w.Rows, 0, bias is null ? null : b.FloatPointer, Frozen(weight));
                }
                return float32 ? result : Narrowed(result, input.dtype);
            }

            // A module's weight that nobody trains stays as it is. A half-precision one is read through a copy, which does not.
            private static Storage? Frozen(Tensor weight)
            {
                bool isWeight = weight is Modules.Parameter || weight.Meta?.Base is Modules.Parameter;
                return isWeight && weight.dtype == ScalarType.Float32 && !weight.requires_grad ? weight.Storage.KeepingPanels() : null;
            }

            // dX = G W
            private static unsafe Tensor InputGradient(in MatrixView g, SavedTensor weight, long[] shape, bool isFrozen)
            {
                using MatrixView w = MatrixView.Of(weight);
                Tensor dx = Tensor.Empty(shape);
                if (dx.numel() > 0)
                    Gemm.Run(g.Rows, w.Columns, g.Columns, g.Pointer, g.RowStride, g.ColumnStride, w.Pointer, w.RowStride, w.ColumnStride, dx.FloatPointer, w.Columns, frozen: isFrozen && weight.Type == ScalarType.Float32 && weight.Storage.Panels is not null ? weight.Storage : null);
                return dx;
            }

            private static bool LiesTransposed(Tensor weight) => weight.Rank == 2 && weight.Strides[0] == 1 && weight.Strides[1] == weight.Sizes[0];

            // dW = G^T X, or its transpose where the weight's owner keeps it so, as GPT-2's: a gradient that lies otherwise would be copied.
            private static unsafe Tensor WeightGradient(in MatrixView g, SavedTensor input, bool transposed = false)
            {
                using MatrixView x = MatrixView.Of(input);
                if (transposed && g.Rows > 0)
                {
                    using Tensor turned = Tensor.Empty([x.Columns, g.Columns]);
                    if (turned.numel() > 0)
                        Gemm.Run(x.Columns, g.Columns, g.Rows, x.Pointer, x.ColumnStride, x.RowStride, g.Pointer, g.RowStride, g.ColumnStride, turned.FloatPointer, g.Columns);
                    return turned.t();
                }
                Tensor dw = Tensor.Empty([g.Columns, x.Columns]);
                if (g.Rows == 0) return dw.zero_();
                if (dw.numel() > 0)
                    Gemm.Run(g.Columns, x.Columns, g.Rows, g.Pointer, g.ColumnStride, g.RowStride, x.Pointer, x.RowStride, x.ColumnStride, dw.FloatPointer, x.Columns);
                return dw;
            }

            private static Tensor BiasGradient(Tensor grad)
            {
                using Tensor rows = grad.reshape(-1, grad.Sizes[^1]);
                return rows.sum(0);
            }

            private static Tensor Product(in MatrixView a, in MatrixView b, bool transposed)
            {
                Tensor c = Tensor.Empty([a.Rows, transposed ? b.Rows : b.Columns]);
                using MatrixView target = MatrixView.Of(c);
                Multiply(target, a, b, transposed, beta: 0);
                return c;
            }

            private static unsafe void Multiply(in MatrixView c, in MatrixView a, in MatrixView b, bool transposed, float beta)
            {
                if (c.Rows == 0 || c.Columns == 0) return;
                (long row, long column) = transposed ? (b.ColumnStride, b.RowStride) : (b.RowStride, b.ColumnStride);
                Gemm.Run(c.Rows, c.Columns, a.Columns, a.Pointer, a.RowStride, a.ColumnStride, b.Pointer, row, column, c.Pointer, c.RowStride, beta);
            }

            /// <summary>The tensor in that type; the wider one is disposed.</summary>
            private static Tensor Narrowed(Tensor tensor, ScalarType type)
            {
                if (tensor.dtype == type) return tensor;
                using (tensor) return tensor.to_type(type);
            }
        }
    }
}
