namespace CpuTorch;

/// <summary>Operations on pairs of elements, with broadcasting and type promotion.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        public static Tensor operator -(Scalar left, Tensor right) => right.Reversed(left, static (number, t) => number.sub(t));

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        public static Tensor operator /(Scalar left, Tensor right) => right.Reversed(left, static (number, t) => number.div(t));

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);

        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator ~(Tensor tensor) => tensor.bitwise_not();

        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);

        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);

        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public Tensor add(Tensor other) => add(other, 1);

        public Tensor add(Tensor other, Scalar alpha)
        {
            bool plain = alpha.ToDouble() == 1;
            ScalarType type = result_type(this, other);
            Tensor result = plain
                ? ElementLoop.Apply(Operation.Add, type, this, other)
                : ElementLoop.Apply(Operation.MultiplyAdd, type, this, other, alpha);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(result, "Add", [], (this, static (_, g) => g), (other, plain ? static (_, g) => g : Times(alpha)));
        }

        public Tensor add(Scalar other)
        {
            Tensor result = ElementLoop.Apply(Operation.Add, result_type(this, other), this, other);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Add", [], (this, static (_, g) => g)) : result;
        }

        public Tensor sub(Tensor other) => sub(other, 1);

        public Tensor sub(Tensor other, Scalar alpha)
        {
            if (dtype == ScalarType.Bool && other.dtype == ScalarType.Bool)
                throw TorchException.Runtime("Subtraction, the `-` operator, with two bool tensors is not supported, use the `^` or `logical_xor()` operator instead.");
            bool plain = alpha.ToDouble() == 1;
            Scalar factor = alpha.IsFloating ? -alpha.ToDouble() : -alpha.ToInt64();
            ScalarType type = result_type(this, other);
            Tensor result = plain
                ? ElementLoop.Apply(Operation.Subtract, type, this, other)
                : ElementLoop.Apply(Operation.MultiplyAdd, type, this, other, factor);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(result, "Sub", [], (this, static (_, g) => g), (other, plain ? static (_, g) => g.neg() : Times(factor)));
        }

        public Tensor sub(Scalar other)
        {
            Tensor result = ElementLoop.Apply(Operation.Subtract, result_type(this, other), this, other);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Sub", [], (this, static (_, g) => g)) : result;
        }

        public Tensor mul(Tensor other)
        {
            Tensor result = ElementLoop.Apply(Operation.Multiply, result_type(this, other), this, other);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(
                result,
                "Mul",
                [Autograd.For(other, this), Autograd.For(this, other)],
                (this, static (n, g) => g.mul(n[1])),
                (other, static (n, g) => g.mul(n[0])));
        }

        public Tensor mul(Scalar other)
        {
            Tensor result = ElementLoop.Apply(Operation.Multiply, result_type(this, other), this, other);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Mul", [], (this, (_, g) => g.mul(other))) : result;
        }

        public Tensor div(Tensor other)
        {
            ScalarType type = result_type(this, other);
            if (!IsReal(type)) type = ScalarType.Float32;
            Tensor result = ElementLoop.Apply(Operation.Divide, type, this, other);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(
                result,
                "Div",
                [Autograd.For(other, result), other],
                (this, static (n, g) => g.div(n[1])),
                (other, static (n, g) => g.neg().mul(n[0]).div(n[1])));
        }

        public Tensor div(Scalar other)
        {
            ScalarType type = result_type(this, other);
            Tensor result = ElementLoop.Apply(Operation.Divide, IsReal(type) ? type : ScalarType.Float32, this, other);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Div", [], (this, (_, g) => g.div(other))) : result;
        }

        public Tensor divide(Tensor other) => div(other);

        public Tensor divide(Scalar other) => div(other);

        public Tensor multiply(Tensor other) => mul(other);

        public Tensor multiply(Scalar other) => mul(other);

        public Tensor subtract(Tensor other) => sub(other);

        public Tensor subtract(Scalar other) => sub(other);

        public Tensor floor_divide(Tensor other) => ElementLoop.Apply(Operation.FloorDivide, result_type(this, other), this, other);

        public Tensor floor_divide(Scalar other) => ElementLoop.Apply(Operation.FloorDivide, result_type(this, other), this, other);

        public Tensor remainder(Tensor other)
        {
            Tensor result = ElementLoop.Apply(Operation.Remainder, result_type(this, other), this, other);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(result, "Remainder", [Autograd.For(other, this), Autograd.For(other, other)], (this, static (_, g) => g), (other, static (n, g) => g.neg().mul(n[0].floor_divide(n[1]))));
        }

        public Tensor remainder(Scalar other)
        {
            Tensor result = ElementLoop.Apply(Operation.Remainder, result_type(this, other), this, other);
            return Autograd.Wanted(this) ? Autograd.Record(result, "Remainder", [], (this, static (_, g) => g)) : result;
        }

        public Tensor maximum(Tensor other) => Extreme(Operation.Maximum, Operation.Less, other, "Maximum");

        public Tensor minimum(Tensor other) => Extreme(Operation.Minimum, Operation.Greater, other, "Minimum");

        public Tensor max(Tensor other) => maximum(other);

        public Tensor min(Tensor other) => minimum(other);

        public Tensor atan2(Tensor other)
        {
            ScalarType type = result_type(this, other);
            Tensor result = ElementLoop.Apply(Operation.Atan2, IsReal(type) ? type : ScalarType.Float32, this, other);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(
                result,
                "Atan2",
                [this, other],
                (this, static (n, g) => g.mul(n[1]).div(n[0].square().add(n[1].square()))),
                (other, static (n, g) => g.neg().mul(n[0]).div(n[0].square().add(n[1].square()))));
        }

        public Tensor eq(Tensor other) => Compare(Operation.Equal, other);

        public Tensor eq(Scalar other) => Compare(Operation.Equal, other);

        public Tensor ne(Tensor other) => Compare(Operation.NotEqual, other);

        public Tensor ne(Scalar other) => Compare(Operation.NotEqual, other);

        public Tensor lt(Tensor other) => Compare(Operation.Less, other);

        public Tensor lt(Scalar other) => Compare(Operation.Less, other);

        public Tensor le(Tensor other) => Compare(Operation.LessOrEqual, other);

        public Tensor le(Scalar other) => Compare(Operation.LessOrEqual, other);

        public Tensor gt(Tensor other) => Compare(Operation.Greater, other);

        public Tensor gt(Scalar other) => Compare(Operation.Greater, other);

        public Tensor ge(Tensor other) => Compare(Operation.GreaterOrEqual, other);

        public Tensor ge(Scalar other) => Compare(Operation.GreaterOrEqual, other);

        /// <summary>Elementwise, as in TorchSharp; <see cref="allequal"/> compares whole tensors.</summary>
        public Tensor equal(Tensor other) => eq(other);

        public Tensor not_equal(Tensor other) => ne(other);

        public Tensor logical_and(Tensor other) => Compare(Operation.LogicalAnd, other);

        public Tensor logical_or(Tensor other) => Compare(Operation.LogicalOr, other);

        public Tensor logical_xor(Tensor other) => Compare(Operation.LogicalXor, other);

        public Tensor bitwise_and(Tensor other) => Bits(Operation.BitwiseAnd, other, "bitwise_and");

        public Tensor bitwise_or(Tensor other) => Bits(Operation.BitwiseOr, other, "bitwise_or");

        public Tensor bitwise_xor(Tensor other) => Bits(Operation.BitwiseXor, other, "bitwise_xor");

        /// <summary>True when shapes and all elements are equal.</summary>
        public bool allequal(Tensor other)
        {
            if (!Shape.Same(sizes, other.Sizes)) return false;
            using Tensor same = eq(other);
            using Tensor all = same.all();
            return all.ToBoolean();
        }

        public Tensor add_(Tensor other, Scalar? alpha = null)
        {
            Scalar factor = alpha ?? 1;
            return Update(other, () => add(other, factor), factor.ToDouble() == 1 ? Operation.Add : Operation.MultiplyAdd, factor);
        }

        public Tensor add_(Scalar other) => Update(other, () => add(other), Operation.Add);

        public Tensor sub_(Tensor other, Scalar? alpha = null) =>
            add_(other, alpha is { } factor ? factor.IsFloating ? -factor.ToDouble() : -factor.ToInt64() : -1);

        public Tensor sub_(Scalar other) => Update(other, () => sub(other), Operation.Subtract);

        public Tensor mul_(Tensor other) => Update(other, () => mul(other), Operation.Multiply, null);

        public Tensor mul_(Scalar other) => Update(other, () => mul(other), Operation.Multiply);

        public Tensor div_(Tensor other) => Update(other, () => div(other), Operation.Divide, null);

        public Tensor div_(Scalar other) => Update(other, () => div(other), Operation.Divide);

        public Tensor remainder_(Scalar other) => Update(other, () => remainder(other), Operation.Remainder);

        private static Gradient Times(Scalar factor) => (_, g) => g.mul(factor);

        private Tensor Reversed(Scalar left, Func<Tensor, Tensor, Tensor> operation)
        {
            using Tensor number = Filled([], result_type(this, left), left);
            return operation(number, this);
        }

        private Tensor Compare(in Operation operation, Tensor other) =>
            ElementLoop.Apply(operation, ScalarType.Bool, !IsReal(result_type(this, other)), this, other);

        private Tensor Compare(in Operation operation, Scalar other) =>
            ElementLoop.Apply(operation, ScalarType.Bool, !IsReal(result_type(this, other)), this, other);

        private Tensor Bits(in Operation operation, Tensor other, string name)
        {
            ScalarType type = result_type(this, other);
            if (IsReal(type)) throw TorchException.Runtime($"\"{name}_cpu\" not implemented for '{TypeName(type)}'");
            return ElementLoop.Apply(operation, type, this, other);
        }

        // Where both are equal they share the gradient.
        private Tensor Extreme(in Operation operation, Operation loses, Tensor other, string name)
        {
            Tensor result = ElementLoop.Apply(operation, result_type(this, other), this, other);
            if (!Autograd.Wanted(this, other)) return result;
            return Autograd.Record(result, name, [this, other], (this, (n, g) => Share(n[0], n[1], g)), (other, (n, g) => Share(n[1], n[0], g)));

            Tensor Share(Tensor own, Tensor rival, Tensor g)
            {
                using Tensor tie = own.Compare(Operation.Equal, rival);
                using Tensor lost = own.Compare(loses, rival);
                return torch.where(lost, 0, torch.where(tie, g.mul(0.5f), g));
            }
        }

        private Tensor Update(Tensor other, Func<Tensor> recorded, Operation operation, Scalar? third)
        {
            CheckResult(result_type(this, other), other.Sizes);
            if (operation.HasNoWhole && !is_floating_point()) throw NoCast(ScalarType.Float32);
            return InPlace(other, recorded, () =>
            {
                if (third is { } factor && factor.ToDouble() != 1) ElementLoop.Run(operation, !is_floating_point(), this, this, other, factor);
                else ElementLoop.Run(operation, !is_floating_point(), this, this, other);
            });
        }

        private Tensor Update(Scalar other, Func<Tensor> recorded, Operation operation)
        {
            CheckResult(result_type(this, other), sizes);
            if (operation.HasNoWhole && !is_floating_point()) throw NoCast(ScalarType.Float32);
            return InPlace(null, recorded, () => ElementLoop.Run(operation, !is_floating_point(), this, this, other));
        }

        private void CheckResult(ScalarType type, long[] other)
        {
            long[] broadcast = Shape.Broadcast(sizes, other);
            if (!Shape.Same(broadcast, sizes))
                throw TorchException.Runtime($"output with shape {Shape.Text(sizes)} doesn't match the broadcast shape {Shape.Text(broadcast)}");
            if (Category(type) > Category(dtype)) throw NoCast(type);
        }

        private TorchException NoCast(ScalarType type) =>
            TorchException.Runtime($"result type {TypeName(type)} can't be cast to the desired output type {TypeName(dtype)}");
    }
}
