namespace CpuTorch;

/// <summary>Copies, conversions and fills.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor clone()
        {
            Tensor copy = contiguous_copy();
            return Autograd.Wanted(this) ? Autograd.Record(copy, "Clone", [], (this, static (_, g) => g)) : copy;
        }

        /// <summary>Converts; the same type gives another handle on the same memory.</summary>
        public Tensor to_type(ScalarType type, bool copy = false)
        {
            if (type == dtype) return copy ? clone() : alias();
            Tensor result = Empty(sizes, type);
            ElementLoop.Copy(result, this);
            if (!Autograd.Wanted(this) || !IsReal(type)) return result;
            return Autograd.Record(result, "ToCopy", [], (this, static (_, g) => g));
        }

        public Tensor to(ScalarType type, bool copy = false) => to_type(type, copy);

        public Tensor to(Device device, bool copy = false) => copy ? clone() : alias();

        public Tensor to(DeviceType device, int index = -1, bool copy = false) => copy ? clone() : alias();

        public Tensor to(ScalarType type, Device device, bool copy = false) => to_type(type, copy);

        public Tensor type_as(Tensor other) => to_type(other.dtype);

        public Tensor cpu() => alias();

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor half() => to_type(ScalarType.Float16);

        public Tensor bfloat16() => to_type(ScalarType.BFloat16);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @byte() => to_type(ScalarType.Byte);

        public Tensor @bool() => to_type(ScalarType.Bool);

        /// <summary>Another handle on the same memory, a view of this one in the graph.</summary>
        public Tensor alias() => View(offset, sizes, strides, "Alias", static (_, g) => g);

        public Tensor copy_(Tensor source, bool non_blocking = false)
        {
            long[] broadcast = Shape.Broadcast(sizes, source.Sizes);
            if (!Shape.Same(broadcast, sizes))
                throw TorchException.Runtime($"The size of tensor a ({Shape.Text(sizes)}) must match the size of tensor b ({Shape.Text(source.Sizes)})");
            return InPlace(source, () => source.expand(sizes).clone(), () => ElementLoop.Copy(this, source));
        }

        public Tensor fill_(Scalar value) => InPlace(null, () => Autograd.Record(Filled(sizes, dtype, value), "Fill", [], (this, static (_, _) => null)), () => ElementLoop.Fill(this, value));

        public Tensor zero_() => fill_(0);
    }
}
