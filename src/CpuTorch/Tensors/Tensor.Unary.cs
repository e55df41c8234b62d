namespace CpuTorch;

/// <summary>Functions of each element. Integers become float32 where the result is real.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor exp() => RealOfOutput(Operation.Exp, "Exp", static (n, g) => g.mul(n[0]));

        public Tensor expm1() => RealOfOutput(Operation.Expm1, "Expm1", static (n, g) => Slope(Operation.Expm1Gradient, n, g));

        public Tensor sqrt() => RealOfOutput(Operation.Sqrt, "Sqrt", static (n, g) => Slope(Operation.SqrtGradient, n, g));

        public Tensor rsqrt() => RealOfOutput(Operation.Rsqrt, "Rsqrt", static (n, g) => Slope(Operation.RsqrtGradient, n, g));

        public Tensor tanh() => RealOfOutput(Operation.Tanh, "Tanh", static (n, g) => Slope(Operation.TanhGradient, n, g));

        public Tensor sigmoid() => RealOfOutput(Operation.Sigmoid, "Sigmoid", static (n, g) => Slope(Operation.SigmoidGradient, n, g));

        public Tensor reciprocal() => RealOfOutput(Operation.Reciprocal, "Reciprocal", static (n, g) => Slope(Operation.ReciprocalGradient, n, g));

        public Tensor log() => RealOfInput(Operation.Log, "Log", static (n, g) => g.div(n[0]));

        public Tensor log2() => RealOfInput(Operation.Log2, "Log2", static (n, g) => Slope(Operation.Log2Gradient, n, g));

        public Tensor log10() => RealOfInput(Operation.Log10, "Log10", static (n, g) => Slope(Operation.Log10Gradient, n, g));

        public Tensor log1p() => RealOfInput(Operation.Log1p, "Log1P", static (n, g) => Slope(Operation.Log1pGradient, n, g));

        public Tensor sin() => RealOfInput(Operation.Sin, "Sin", static (n, g) => Slope(Operation.SinGradient, n, g));

        public Tensor cos() => RealOfInput(Operation.Cos, "Cos", static (n, g) => Slope(Operation.CosGradient, n, g));

        public Tensor tan() => RealOfOutput(Operation.Tan, "Tan", static (n, g) => Slope(Operation.TanGradient, n, g));

        public Tensor erf() => RealOfInput(Operation.Erf, "Erf", static (n, g) => Slope(Operation.ErfGradient, n, g));

        public Tensor silu() => RealOfInput(Operation.Silu, "Silu", static (n, g) => Slope(Operation.SiluGradient, n, g));

        public Tensor mish() => RealOfInput(Operation.Mish, "Mish", static (n, g) => Slope(Operation.MishGradient, n, g));

        internal Tensor log_sigmoid() => RealOfInput(Operation.LogSigmoid, "LogSigmoid", static (n, g) => Slope(Operation.LogSigmoidGradient, n, g));

        internal Tensor gelu(bool tanh) => tanh
            ? RealOfInput(Operation.GeluTanh, "Gelu", static (n, g) => Slope(Operation.GeluTanhGradient, n, g))
            : RealOfInput(Operation.Gelu, "Gelu", static (n, g) => Slope(Operation.GeluGradient, n, g));

        public Tensor relu() => OutputOf(Map(Operation.Relu), "Relu", static (n, g) => Slope(Operation.ReluGradient, n, g));

        public Tensor neg() => Map(Signed(Operation.Negate, "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."), "Neg", static (_, g) => g.neg());

        public Tensor abs() => InputOf(Map(Operation.Absolute), "Abs", static (n, g) => Slope(Operation.AbsoluteGradient, n, g));

        public Tensor square() => InputOf(Map(Operation.Square), "Pow", static (n, g) => g.mul(n[0]).mul(2));

        public Tensor sign() => Map(Operation.Sign, "Sign", static (_, g) => zeros_like(g));

        public Tensor floor() => Map(Operation.Floor, "Floor", static (_, g) => zeros_like(g));

        public Tensor ceil() => Map(Operation.Ceiling, "Ceil", static (_, g) => zeros_like(g));

        public Tensor round() => Map(Operation.Round, "Round", static (_, g) => zeros_like(g));

        public Tensor trunc() => Map(Operation.Truncate, "Trunc", static (_, g) => zeros_like(g));

        public Tensor isnan() => Test(Operation.IsNan);

        public Tensor isinf() => Test(Operation.IsInfinite);

        public Tensor isfinite() => Test(Operation.IsFinite);

        public Tensor logical_not() => Test(Operation.LogicalNot);

        public Tensor bitwise_not() => dtype == ScalarType.Bool
            ? logical_not()
            : ElementLoop.Apply(Operation.BitwiseNot, Whole("bitwise_not"), this);

        public Tensor exp_() => InPlaceMap(Operation.Exp, exp);

        public Tensor sqrt_() => InPlaceMap(Operation.Sqrt, sqrt);

        public Tensor rsqrt_() => InPlaceMap(Operation.Rsqrt, rsqrt);

        public Tensor neg_() => InPlaceMap(Operation.Negate, neg);

        public Tensor abs_() => InPlaceMap(Operation.Absolute, abs);

        public Tensor log_() => InPlaceMap(Operation.Log, log);

        public Tensor tanh_() => InPlaceMap(Operation.Tanh, tanh);

        public Tensor sigmoid_() => InPlaceMap(Operation.Sigmoid, sigmoid);

        public Tensor relu_() => InPlaceMap(Operation.Relu, relu);

        public Tensor silu_() => InPlaceMap(Operation.Silu, silu);

        public Tensor square_() => InPlaceMap(Operation.Square, square);

        public Tensor reciprocal_() => InPlaceMap(Operation.Reciprocal, reciprocal);

        public Tensor floor_() => InPlaceMap(Operation.Floor, floor);

        public Tensor ceil_() => InPlaceMap(Operation.Ceiling, ceil);

        public Tensor round_() => InPlaceMap(Operation.Round, round);

        public Tensor trunc_() => InPlaceMap(Operation.Truncate, trunc);

        private ScalarType RealType => is_floating_point() ? dtype : ScalarType.Float32;

        private static Tensor Slope(in Operation gradient, OperationNode node, Tensor g) => ElementLoop.Apply(gradient, g.dtype, g, node[0]);

        private Tensor Map(in Operation operation) => ElementLoop.Apply(operation, dtype, this);

        private Tensor Map(in Operation operation, string name, Gradient formula)
        {
            Tensor result = Map(operation);
            return Autograd.Wanted(this) ? Autograd.Record(result, name, [], (this, formula)) : result;
        }

        private Tensor Test(in Operation operation) =>
            ElementLoop.Apply(operation, ScalarType.Bool, !is_floating_point(), this);

        private Tensor RealOfOutput(in Operation operation, string name, Gradient formula) =>
            OutputOf(ElementLoop.Apply(operation, RealType, this), name, formula);

        private Tensor RealOfInput(in Operation operation, string name, Gradient formula) =>
            InputOf(ElementLoop.Apply(operation, RealType, this), name, formula);

        private Tensor OutputOf(Tensor result, string name, Gradient formula) =>
            Autograd.Wanted(this) ? Autograd.Record(result, name, [result], (this, formula)) : result;

        private Tensor InputOf(Tensor result, string name, Gradient formula) =>
            Autograd.Wanted(this) ? Autograd.Record(result, name, [this], (this, formula)) : result;

        private Operation Signed(in Operation operation, string message) =>
            dtype == ScalarType.Bool ? throw TorchException.Runtime(message) : operation;

        private ScalarType Whole(string operation) => is_floating_point()
            ? throw TorchException.Runtime($"\"{operation}_cpu\" not implemented for '{TypeName(dtype)}'")
            : dtype;

        private Tensor InPlaceMap(Operation operation, Func<Tensor> recorded)
        {
            bool integer = !is_floating_point();
            if (integer && operation.HasNoWhole)
                throw TorchException.Runtime($"result type Float can't be cast to the desired output type {TypeName(dtype)}");
            return InPlace(null, recorded, () => ElementLoop.Run(operation, integer, this, this));
        }
    }
}
