using System.Globalization;
using System.Text;

namespace CpuTorch;

/// <summary>Elements in and out of C#.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements, in row-major order whatever the strides are; writes reach the tensor.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged => new(this);

        /// <summary>The elements of a contiguous tensor where they lie. Valid while the tensor lives.</summary>
        public unsafe Span<T> span<T>()
            where T : unmanaged
        {
            TensorAccessor<T>.Check(this);
            if (!IsContiguous) throw TorchException.Runtime("a span needs a contiguous tensor: call contiguous() first");
            Storage.Expose();
            return new Span<T>(Address, checked((int)numel()));
        }

        /// <summary>Counts the writes to this tensor's memory, in place or through a span that was handed out.</summary>
        public int _version => Storage.Writes;

        /// <summary>The raw bytes of a contiguous tensor.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!IsContiguous) throw TorchException.Runtime("bytes need a contiguous tensor: call contiguous() first");
                Storage.Expose();
                return new Span<byte>(Address, checked((int)(numel() * dtype.ElementSize())));
            }
            set
            {
                if (value.Length != numel() * dtype.ElementSize())
                    throw TorchException.Runtime($"{value.Length} bytes for a tensor of {numel() * dtype.ElementSize()}");
                value.CopyTo(bytes);
                Storage.Version++;
            }
        }

        /// <summary>The only element, converted.</summary>
        public T item<T>()
            where T : unmanaged
        {
            if (typeof(T) == typeof(float)) return (T)(object)ToSingle();
            if (typeof(T) == typeof(double)) return (T)(object)ToDouble();
            if (typeof(T) == typeof(long)) return (T)(object)ToInt64();
            if (typeof(T) == typeof(int)) return (T)(object)ToInt32();
            if (typeof(T) == typeof(bool)) return (T)(object)ToBoolean();
            if (typeof(T) == typeof(byte)) return (T)(object)(byte)ToInt64();
            if (typeof(T) == typeof(BFloat16)) return (T)(object)(BFloat16)ToSingle();
            return typeof(T) == typeof(Half) ? (T)(object)(Half)ToSingle() : throw TorchException.Type($"no element is a {typeof(T).Name}");
        }

        public Scalar ToScalar() => is_floating_point() ? ToSingle() : dtype == ScalarType.Bool ? ToBoolean() : ToInt64();

        public unsafe float ToSingle()
        {
            CheckOne();
            float value;
            Blocks.Load(dtype, Address, 0, &value, 1);
            return value;
        }

        public double ToDouble() => ToSingle();

        public unsafe long ToInt64()
        {
            CheckOne();
            long value;
            Blocks.Load(dtype, Address, 0, &value, 1);
            return value;
        }

        public int ToInt32() => (int)ToInt64();

        public bool ToBoolean() => is_floating_point() ? ToSingle() != 0 : ToInt64() != 0;

        private void CheckOne()
        {
            if (numel() != 1) throw TorchException.Runtime($"a Tensor with {numel()} elements cannot be converted to Scalar");
        }

        public override string ToString()
        {
            if (IsInvalid) return "[disposed]";
            var text = new StringBuilder($"[{string.Join("x", sizes)}] {dtype}");
            if (numel() is 0 or > 32) return text.ToString();
            using Tensor values = detach().to_type(ScalarType.Float32);
            text.Append(": ").AppendJoin(", ", values.data<float>().ToArray().Select(v => v.ToString("G6", CultureInfo.InvariantCulture)));
            return text.ToString();
        }
    }
}

/// <summary>Reads and writes the elements of a tensor in row-major order.</summary>
public readonly struct TensorAccessor<T> : IEnumerable<T>, IDisposable, IEquatable<TensorAccessor<T>>
    where T : unmanaged
{
    private readonly torch.Tensor tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        Check(tensor);
        this.tensor = tensor;
    }

    public long Count => tensor.numel();

    public unsafe ref T this[params ReadOnlySpan<long> indices]
    {
        get
        {
            tensor.Storage.Expose();
            if (indices.Length == 1 && tensor.Rank != 1) return ref *(At(indices[0]));
            if (indices.Length != tensor.Rank) throw TorchException.Index($"{indices.Length} indices for a tensor of {tensor.Rank} dimensions");
            long place = 0;
            for (int d = 0; d < indices.Length; d++)
            {
                if ((ulong)indices[d] >= (ulong)tensor.Sizes[d])
                    throw TorchException.Index($"index {indices[d]} is out of bounds for dimension {d} with size {tensor.Sizes[d]}");
                place += indices[d] * tensor.Strides[d];
            }
            return ref ((T*)tensor.Address)[place];
        }
    }

    public unsafe T[] ToArray()
    {
        var values = new T[Count];
        if (tensor.IsContiguous)
        {
            new ReadOnlySpan<T>(tensor.Address, values.Length).CopyTo(values);
            return values;
        }
        using torch.Tensor copy = tensor.contiguous_copy();
        new ReadOnlySpan<T>(copy.Address, values.Length).CopyTo(values);
        return values;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        ToArray().AsSpan((int)tensorIndex).CopyTo(array.AsSpan(arrayIndex));

    public void CopyFrom(ReadOnlySpan<T> values)
    {
        if (values.Length != Count) throw TorchException.Runtime($"{values.Length} values for a tensor of {Count}");
        for (int i = 0; i < values.Length; i++) this[i] = values[i];
        tensor.Storage.Version++;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        // For source compatibility: the tensor owns the memory.
    }

    public bool Equals(TensorAccessor<T> other) => ReferenceEquals(tensor, other.tensor);

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && Equals(other);

    public override int GetHashCode() => tensor.GetHashCode();

    internal static void Check(torch.Tensor tensor)
    {
        bool fits = tensor.dtype switch
        {
            torch.ScalarType.Float32 => typeof(T) == typeof(float),
            torch.ScalarType.Int64 => typeof(T) == typeof(long),
            torch.ScalarType.Int32 => typeof(T) == typeof(int),
            torch.ScalarType.Byte => typeof(T) == typeof(byte),
            torch.ScalarType.Bool => typeof(T) == typeof(bool),
            torch.ScalarType.Float16 => typeof(T) == typeof(Half),
            _ => typeof(T) == typeof(BFloat16),
        };
        if (!fits) throw TorchException.Type($"the tensor holds {tensor.dtype}, not {typeof(T).Name}");
    }

    private unsafe T* At(long index)
    {
        if ((ulong)index >= (ulong)Count) throw TorchException.Index($"index {index} is out of bounds for {Count} elements");
        long place = 0;
        for (int d = tensor.Rank - 1; d >= 0; d--)
        {
            place += index % tensor.Sizes[d] * tensor.Strides[d];
            index /= tensor.Sizes[d];
        }
        return (T*)tensor.Address + place;
    }
}
