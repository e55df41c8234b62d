namespace CpuTorch;

/// <summary>Powers, choices and operations on three tensors.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor pow(Scalar exponent)
        {
            ScalarType type = result_type(this, exponent);
            if (!IsReal(type) && exponent.ToInt64() < 0)
                throw TorchException.Runtime("Integers to negative integer powers are not allowed.");
            double power = exponent.ToDouble();
            Tensor result = power switch
            {
                2 => ElementLoop.Apply(Operation.Square, type, this),
                0.5 => ElementLoop.Apply(Operation.Sqrt, type, this),
                _ => ElementLoop.Apply(Operation.Power, type, this, exponent),
            };
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Pow", [this], (this, (n, g) => power switch
            {
                0 => zeros_like(g),
                1 => g,
                2 => g.mul(n[0]).mul(2),
                _ => g.mul(n[0].pow(power - 1)).mul(power),
            }));
        }

        public Tensor pow(Tensor exponent)
        {
            Tensor result = ElementLoop.Apply(Operation.Power, result_type(this, exponent), this, exponent);
            if (!Autograd.Wanted(this, exponent)) return result;
            return Autograd.Record(
                result,
                "Pow",
                [this, exponent, Autograd.For(exponent, result)],
                (this, static (n, g) => torch.where(n[1].eq(0), 0, g.mul(n[1]).mul(n[0].pow(n[1].sub(1))))),
                (exponent, static (n, g) => torch.where(n[0].eq(0).logical_and(n[1].ge(0)), 0, g.mul(n[2]).mul(n[0].log()))));
        }

        public Tensor pow_(Scalar exponent) => InPlace(null, () => pow(exponent), () => ElementLoop.Run(Operation.Power, !is_floating_point(), this, this, exponent));

        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            (Scalar low, Scalar high) = Limits(ref min, ref max);
            ScalarType type = promote(promote(dtype, min), max);
            Tensor result = ElementLoop.Apply(Operation.Clamp, type, this, low, high);
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Clamp", [this], (this, (n, g) => torch.where(n[0].ge(low).logical_and(n[0].le(high)), g, 0)));

            ScalarType promote(ScalarType from, Scalar? limit) => limit is { } number ? Yielding(from, number.Type) : from;
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            (Scalar low, Scalar high) = Limits(ref min, ref max);
            return InPlace(null, () => clamp(low, high), () => ElementLoop.Run(Operation.Clamp, !is_floating_point(), this, this, low, high));
        }

        public Tensor clamp_min(Scalar min) => clamp(min, null);

        public Tensor clamp_max(Scalar max) => clamp(null, max);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        /// <summary>This tensor where the condition holds, else the other.</summary>
        public Tensor where(Tensor condition, Tensor other) => torch.where(condition, this, other);

        public Tensor masked_fill(Tensor mask, Scalar value)
        {
            CheckMask(mask);
            Tensor result = ElementLoop.Apply(Operation.Where, dtype, mask, value, this);
            return Autograd.Wanted(this)
                ? Autograd.Record(result, "MaskedFill", [mask], (this, static (n, g) => ElementLoop.Apply(Operation.Where, g.dtype, n[0], 0f, g)))
                : result;
        }

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            CheckMask(mask);
            return InPlace(null, () => masked_fill(mask, value), () => ElementLoop.Run(Operation.Where, !is_floating_point(), this, mask, value, this));
        }

        public Tensor lerp(Tensor end, Scalar weight)
        {
            Tensor result = ElementLoop.Apply(Operation.Lerp, result_type(this, end), this, end, weight);
            if (!Autograd.Wanted(this, end)) return result;
            double part = weight.ToDouble();
            return Autograd.Record(result, "Lerp", [], (this, (_, g) => g.mul(1 - part)), (end, (_, g) => g.mul(part)));
        }

        public Tensor lerp(Tensor end, Tensor weight) => Composite.Run(() => add(end.sub(this).mul(weight)));

        public Tensor lerp_(Tensor end, Scalar weight) => InPlace(end, () => lerp(end, weight), () => ElementLoop.Run(Operation.Lerp, integer: false, this, this, end, weight));

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Composite.Run(() => add(tensor1.mul(tensor2), value));

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Replace(() => addcmul(tensor1, tensor2, value), tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Composite.Run(() => add(tensor1.div(tensor2), value));

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Replace(() => addcdiv(tensor1, tensor2, value), tensor1, tensor2);

        /// <summary>The in-place form of any operation that gives this tensor's shape.</summary>
        private Tensor Replace(Func<Tensor> operation, params ReadOnlySpan<Tensor?> others)
        {
            CheckInPlace();
            _ = others;
            using Tensor result = operation();
            return TakeOver(result);
        }

        private static void CheckMask(Tensor mask)
        {
            if (mask.dtype != ScalarType.Bool)
                throw TorchException.Runtime($"masked_fill only supports boolean masks, but got mask with dtype {mask.dtype}");
        }

        private (Scalar Low, Scalar High) Limits(ref Scalar? min, ref Scalar? max)
        {
            if (min is null && max is null) throw TorchException.Runtime("torch.clamp: At least one of 'min' or 'max' must not be None");
            if (!is_floating_point() && min is not { IsFloating: true } && max is not { IsFloating: true })
                return (min ?? long.MinValue, max ?? long.MaxValue);
            return (min ?? double.NegativeInfinity, max ?? double.PositiveInfinity);
        }
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y)
    {
        Tensor result = ElementLoop.Apply(Operation.Where, result_type(x, y), condition, x, y);
        if (!Autograd.Wanted(x, y)) return result;
        return Autograd.Record(
            result,
            "Where",
            [condition],
            (x, static (n, g) => ElementLoop.Apply(Operation.Where, g.dtype, n[0], g, 0f)),
            (y, static (n, g) => ElementLoop.Apply(Operation.Where, g.dtype, n[0], 0f, g)));
    }

    public static Tensor where(Tensor condition, Tensor x, Scalar y)
    {
        Tensor result = ElementLoop.Apply(Operation.Where, result_type(x, y), condition, x, y);
        if (!Autograd.Wanted(x)) return result;
        return Autograd.Record(result, "Where", [condition], (x, static (n, g) => ElementLoop.Apply(Operation.Where, g.dtype, n[0], g, 0f)));
    }

    public static Tensor where(Tensor condition, Scalar x, Tensor y)
    {
        Tensor result = ElementLoop.Apply(Operation.Where, result_type(y, x), condition, x, y);
        if (!Autograd.Wanted(y)) return result;
        return Autograd.Record(result, "Where", [condition], (y, static (n, g) => ElementLoop.Apply(Operation.Where, g.dtype, n[0], 0f, g)));
    }
}
