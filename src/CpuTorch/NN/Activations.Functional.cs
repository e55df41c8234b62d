using CpuTorch.Kernels;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor input, bool inplace = false) => inplace ? input.relu_() : input.relu();

            public static Tensor silu(Tensor input, bool inplace = false) => inplace ? input.silu_() : input.silu();

            public static Tensor gelu(Tensor x, Modules.GELU.Approximate approximate = Modules.GELU.Approximate.none, bool inplace = false) =>
                x.gelu(approximate == Modules.GELU.Approximate.tanh);

            public static Tensor mish(Tensor x, bool inplace = false) => x.mish();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor tanh(Tensor x) => x.tanh();

            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20)
            {
                Tensor result = ElementLoop.Apply(Operation.Softplus, x.dtype, x, (float)beta, (float)threshold);
                if (!Autograd.Wanted(x)) return result;
                return Autograd.Record(result, "Softplus", [x], (x, (n, g) => g.mul(ElementLoop.Apply(Operation.SoftplusSlope, g.dtype, n[0], (float)beta, (float)threshold))));
            }

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                WithSlope(input, Operation.LeakyRelu, Operation.LeakyReluSlope, negative_slope, "LeakyRelu");

            public static Tensor elu(Tensor x, double alpha = 1.0, bool inplace = false) =>
                WithSlope(x, Operation.Elu, Operation.EluSlope, alpha, "Elu");

            public static Tensor hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false)
            {
                Tensor result = ElementLoop.Apply(Operation.Clamp, x.dtype, x, (float)min_val, (float)max_val);
                if (!Autograd.Wanted(x)) return result;
                return Autograd.Record(result, "Hardtanh", [x], (x, (n, g) => where(n[0].gt(min_val).logical_and(n[0].lt(max_val)), g, 0)));
            }

            /// <summary>silu(gate) * up (Shazeer 2020, arXiv:2002.05202).</summary>
            public static unsafe Tensor swiglu(Tensor gate, Tensor up)
            {
                if (!Shape.Same(gate.Sizes, up.Sizes))
                    throw TorchException.Runtime($"swiglu: gate and up must have one shape, got {Shape.Text(gate.Sizes)} and {Shape.Text(up.Sizes)}");
                using Borrowed a = Borrowed.Dense(gate);
                using Borrowed b = Borrowed.Dense(up);
                Tensor result = Tensor.EmptyLike(gate);
                SwiGlu.Forward(gate.numel(), a.FloatPointer, b.FloatPointer, result.FloatPointer);
                result = Narrowed(result, gate.dtype);
                if (!Autograd.Wanted(gate, up)) return result;
                return Autograd.RecordJoint(result, "SwiGlu", [a.Tensor, b.Tensor], [gate, up], static (n, grads) =>
                {
                    using Borrowed g = Borrowed.Dense(grads[0]!);
                    Tensor dGate = Tensor.EmptyLike(g.Tensor);
                    Tensor dUp = Tensor.EmptyLike(g.Tensor);
                    SwiGlu.Backward(dGate.numel(), n.Saved(0).FloatPointer, n.Saved(1).FloatPointer, g.FloatPointer, dGate.FloatPointer, dUp.FloatPointer);
                    return [dGate, dUp];
                });
            }

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false, Generator? generator = null)
            {
                if (!(p >= 0 && p <= 1)) throw TorchException.Value($"dropout probability has to be between 0 and 1, but got {p}");
                if (!training || p == 0) return input.alias();
                if (p == 1) return input.mul(0);
                using Tensor mask = Tensor.Empty(input.Sizes).dropout_mask_(p, generator);
                using Tensor fitted = mask.to_type(input.dtype);
                return inplace ? input.mul_(fitted) : input.mul(fitted);
            }

            private static Tensor WithSlope(Tensor x, Operation operation, Operation slope, double parameter, string name)
            {
                Tensor result = ElementLoop.Apply(operation, x.dtype, x, (float)parameter);
                if (!Autograd.Wanted(x)) return result;
                return Autograd.Record(result, name, [x], (x, (n, g) => g.mul(ElementLoop.Apply(slope, g.dtype, n[0], (float)parameter))));
            }
        }
    }
}
