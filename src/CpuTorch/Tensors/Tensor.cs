using System.Runtime.InteropServices;

namespace CpuTorch;

public static partial class torch
{
    /// <summary>
    /// A strided window on a storage, with its place in the graph. Views share the storage; disposing a handle
    /// never breaks a view or a backward pass, for each holds a reference of its own.
    /// </summary>
    public partial class Tensor : IDisposable, IScoped
    {
        private Storage? storage;
        private readonly long offset;
        private readonly long[] sizes;
        private readonly long[] strides;

        /// <summary>A handle that owns one reference on <paramref name="storage"/>.</summary>
        internal Tensor(Storage storage, long offset, long[] sizes, long[] strides, ScalarType dtype)
        {
            this.storage = storage;
            this.offset = offset;
            this.sizes = sizes;
            this.strides = strides;
            this.dtype = dtype;
            numel_ = Shape.Count(sizes);
            DisposeScope.Current?.Adopt(this);
        }

        /// <summary>Takes over the handle of <paramref name="data"/>, which is dead afterwards; its history stays behind.</summary>
        private protected Tensor(Tensor data)
            : this(data.Storage.Acquire(), data.offset, data.sizes, data.strides, data.dtype) => data.Dispose();

        private readonly long numel_;

        DisposeScope? IScoped.Scope { get; set; }

        public ScalarType dtype { get; }

        public Device device => CPU;

        public DeviceType device_type => DeviceType.CPU;

        /// <summary>The sizes; not to be written to.</summary>
        public long[] shape => sizes;

        public long dim() => sizes.Length;

        public long ndim => sizes.Length;

        public long Dimensions => sizes.Length;

        public long numel() => numel_;

        public long NumberOfElements => numel_;

        public long ElementSize => dtype.ElementSize();

        public long element_size() => dtype.ElementSize();

        public long[] size() => sizes;

        public long size(long dim) => sizes[Shape.Dim(dim, sizes.Length)];

        public long[] stride() => strides;

        public long stride(long dim) => strides[Shape.Dim(dim, strides.Length)];

        public long storage_offset() => offset;

        /// <summary>True once the handle is disposed.</summary>
        public bool IsInvalid => storage is null;

        public bool is_floating_point() => IsReal(dtype);

        public bool is_contiguous() => IsContiguous;

        internal long Offset => offset;

        internal long[] Strides => strides;

        internal int Rank => sizes.Length;

        internal bool IsContiguous => Shape.IsContiguous(sizes, strides);

        internal Storage Storage => storage
            ?? throw new ObjectDisposedException(nameof(Tensor), $"a {TypeName(dtype)} tensor of shape [{string.Join(", ", sizes)}] was used after it was disposed");

        /// <summary>True when both look at the same memory block.</summary>
        internal bool SharesStorage(Tensor other) => ReferenceEquals(Storage, other.Storage);

        internal unsafe byte* Address => Storage.Address + (offset * dtype.ElementSize());

        internal unsafe float* FloatPointer => (float*)Address;

        internal unsafe long* LongPointer => (long*)Address;

        /// <summary>A contiguous tensor with unspecified values; it keeps the sizes, which nobody may write to afterwards.</summary>
        internal static Tensor Empty(long[] sizes, ScalarType dtype = ScalarType.Float32)
        {
            return new(new Storage(Shape.Count(sizes) * dtype.ElementSize()), 0, sizes, Shape.ContiguousStrides(sizes), dtype);
        }

        /// <summary>A float32 tensor of that shape, contiguous.</summary>
        internal static Tensor EmptyLike(Tensor other) =>
            new(new Storage(other.numel_ * sizeof(float)), 0, other.sizes, other.IsContiguous ? other.strides : Shape.ContiguousStrides(other.sizes), ScalarType.Float32);

        internal static unsafe Tensor Zeros(long[] sizes, ScalarType dtype = ScalarType.Float32)
        {
            Tensor result = Empty(sizes, dtype);
            NativeMemory.Clear(result.Address, (nuint)(result.numel_ * dtype.ElementSize()));
            return result;
        }

        /// <summary>Another window on the same storage, outside the graph.</summary>
        internal Tensor Window(long start, long[] windowSizes, long[] windowStrides) =>
            new(Storage.Acquire(), start, windowSizes, windowStrides, dtype);

        /// <summary>The same window by another handle, outside the graph.</summary>
        internal Tensor Alias() => Window(offset, sizes, strides);

        /// <summary>Takes the tensor out of its dispose scope: whoever holds it disposes it.</summary>
        internal Tensor Unscoped()
        {
            ((IScoped)this).Scope?.Leave(this);
            return this;
        }

        public Tensor DetachFromDisposeScope() => Unscoped();

        public Tensor MoveToOuterDisposeScope()
        {
            ((IScoped)this).Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? scope)
        {
            Unscoped();
            scope?.Adopt(this);
            return this;
        }

        public void Dispose()
        {
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            Storage? held = Interlocked.Exchange(ref storage, null);
            if (held is null) return;
            ((IScoped)this).Scope?.Leave(this);
            ReleaseHistory();
            held.Release();
        }
    }
}
