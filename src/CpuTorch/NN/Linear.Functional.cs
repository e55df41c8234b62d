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
                if (weight.Rank == 1) return Composite.Run(() => bias is null ? input.matmul(weight) : input.matmul(weight).add(bias));
                using Tensor x = Matrix(input);
                using Tensor w = Wide(weight);
                Tensor result = Narrowed(OutputOf(input, x, w, bias), input.dtype);
                if (!Autograd.Wanted(input, weight, bias)) return result;
                return Autograd.RecordJoint(
                    result,
                    bias is null ? "Mm" : "Addmm",
                    [Autograd.For(weight, input), Autograd.For(input, weight)],
                    [input, weight, bias],
                    static (n, grads) =>
                    {
                        using Tensor g = Matrix(grads[0]!);
                        Tensor? dx = n.Needs(0) ? InputGradient(g, n[1], n.Next[0].Shape) : null;
                        Tensor? dw = n.Needs(1) ? WeightGradient(g, n[0]) : null;
                        Tensor? db = n.Needs(2) ? g.sum(0) : null;
                        return [dx, dw, db];
                    });
            }

            /// <summary>
            /// <see cref="linear"/> by a frozen weight, plus scale * (x A^T) B^T with A (r, K) and B (N, r). Gradients flow to
            /// the input, the bias, A and B. The adapter may read another tensor than the base: the input after dropout.
            /// </summary>
            public static Tensor lora_linear(Tensor input, Tensor weight, Tensor? bias, Tensor A, Tensor B, double scale, Tensor? adapter_input = null)
            {
                CheckLinear(input, weight);
                using Tensor x = Matrix(input);
                using Tensor w = Wide(weight);
                return LowRankUpdate(OutputOf(input, x, w, bias), input, weight, bias, A, B, scale, adapter_input, InputGradient);
            }

            /// <summary>Adds the low-rank update to the product with the frozen weight, whose own gradient with respect to the input is given.</summary>
            private static Tensor LowRankUpdate(
                Tensor result, Tensor input, Tensor weight, Tensor? bias, Tensor A, Tensor B, double scale, Tensor? adapter_input, Func<Tensor, Tensor, long[], Tensor> inputGradient)
            {
                Tensor adapted = adapter_input ?? input;
                using Tensor xa = Matrix(adapted);
                using Tensor a = Wide(A);
                using Tensor b = Wide(B);
                using Tensor low = Product(xa, a, transposed: true);
                using (no_grad()) low.mul_(scale);
                using (Tensor flat = Matrix(result)) AddProduct(flat, low, b, transposed: true);
                result = Narrowed(result, input.dtype);
                if (!Autograd.Wanted([input, bias, A, B, adapter_input])) return result;
                return Autograd.RecordJoint(
                    result,
                    "LoraLinear",
                    [Autograd.For(input, weight), Autograd.For(A, adapted), A, B, Autograd.For(B, low)],
                    [input, bias, A, B, adapter_input],
                    (n, grads) => LoraGradients(n, grads[0]!, scale, separate: adapter_input is not null, inputGradient));
            }

            private static Tensor?[] LoraGradients(OperationNode n, Tensor grad, double scale, bool separate, Func<Tensor, Tensor, long[], Tensor> inputGradient)
            {
                using Tensor g = Matrix(grad);
                Tensor? dx = n.Needs(0) ? inputGradient(g, n[0], n.Next[0].Shape) : null;
                Tensor? db = n.Needs(1) ? g.sum(0) : null;
                Tensor? dB = n.Needs(3) ? WeightGradient(g, n[4]) : null;
                Tensor? dA = null;
                Tensor? dAdapted = null;
                if (n.Needs(2) || n.Needs(separate ? 4 : 0))
                {
                    using Tensor a = Wide(n[2]);
                    using Tensor b = Wide(n[3]);
                    using Tensor low = Product(g, b, transposed: false);
                    low.mul_(scale);
                    if (n.Needs(2)) dA = WeightGradient(low, n[1]);
                    if (separate && n.Needs(4)) dAdapted = InputGradient(low, a, n.Next[4].Shape);
                    if (!separate && dx is not null)
                    {
                        using Tensor flat = Matrix(dx);
                        AddProduct(flat, low, a, transposed: false);
                    }
                }
                return [dx, db, dA, dB, dAdapted];
            }

            private static void CheckLinear(Tensor input, Tensor weight)
            {
                bool halfServes = IsReal(weight.dtype) && IsReal(input.dtype) && !weight.requires_grad;
                if (weight.dtype != input.dtype && !halfServes)
                    throw TorchException.Runtime($"mat1 and mat2 must have the same dtype, but got {TypeName(input.dtype)} and {TypeName(weight.dtype)}");
                if (input.Rank == 0) throw TorchException.Runtime("both arguments to linear need to be at least 1D, but they are 0D and 2D");
                long k = input.shape[^1];
                if (k != weight.shape[^1])
                    throw TorchException.Runtime($"mat1 and mat2 shapes cannot be multiplied ({input.numel() / Math.Max(1, k)}x{k} and {weight.shape[^1]}x{weight.shape[0]})");
            }

            /// <summary>Rows by the last dimension, float32, by a handle of its own; a copy only where the strides demand one.</summary>
            private static Tensor Matrix(Tensor tensor)
            {
                long columns = tensor.Rank == 0 ? 1 : tensor.shape[^1];
                long rows = columns == 0 ? 0 : tensor.numel() / columns;
                if (tensor.dtype == ScalarType.Float32 && Shape.ViewStrides(tensor.shape, tensor.Strides, [rows, columns]) is { } strides)
                    return tensor.Window(tensor.Offset, [rows, columns], strides);
                Tensor copy = Tensor.Empty([rows, columns]);
                using Tensor shaped = copy.Window(0, tensor.shape, Shape.ContiguousStrides(tensor.shape));
                ElementLoop.Copy(shaped, tensor);
                return copy;
            }

            /// <summary>Float32 with whatever strides, by a handle of its own.</summary>
            private static Tensor Wide(Tensor tensor) => tensor.dtype == ScalarType.Float32 ? tensor.Alias() : tensor.Dense();

            private static unsafe Tensor OutputOf(Tensor input, Tensor x, Tensor w, Tensor? bias)
            {
                long width = w.shape[0];
                Tensor result = Tensor.Empty([.. input.shape[..^1], width]);
                using Tensor? b = bias?.Dense();
                if (result.numel() == 0) return result;
                Gemm.Run(x.shape[0], width, x.shape[1], x.FloatPointer, x.Strides[0], x.Strides[1], w.FloatPointer, w.Strides[1], w.Strides[0], result.FloatPointer, width, 0, b is null ? null : b.FloatPointer);
                return result;
            }

            // dX = G W
            private static Tensor InputGradient(Tensor g, Tensor weight, long[] shape)
            {
                using Tensor w = Wide(weight);
                using Tensor dx = Product(g, w, transposed: false);
                return dx.reshape(shape);
            }

            // dW = G^T X
            private static unsafe Tensor WeightGradient(Tensor g, Tensor input)
            {
                using Tensor x = Matrix(input);
                Tensor dw = Tensor.Empty([g.shape[1], x.shape[1]]);
                if (g.shape[0] == 0) return dw.zero_();
                if (dw.numel() > 0)
                    Gemm.Run(g.shape[1], x.shape[1], g.shape[0], g.FloatPointer, g.Strides[1], g.Strides[0], x.FloatPointer, x.Strides[0], x.Strides[1], dw.FloatPointer, x.shape[1]);
                return dw;
            }

            private static Tensor Product(Tensor a, Tensor b, bool transposed)
            {
                Tensor c = Tensor.Empty([a.shape[0], b.shape[transposed ? 0 : 1]]);
                Multiply(c, a, b, transposed, 0);
                return c;
            }

            private static void AddProduct(Tensor c, Tensor a, Tensor b, bool transposed) => Multiply(c, a, b, transposed, 1);

            private static unsafe void Multiply(Tensor c, Tensor a, Tensor b, bool transposed, float beta)
            {
                if (c.numel() == 0) return;
                (long row, long column) = transposed ? (b.Strides[1], b.Strides[0]) : (b.Strides[0], b.Strides[1]);
                Gemm.Run(c.shape[0], c.shape[1], a.shape[1], a.FloatPointer, a.Strides[0], a.Strides[1], b.FloatPointer, row, column, c.FloatPointer, c.Strides[0], beta);
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
