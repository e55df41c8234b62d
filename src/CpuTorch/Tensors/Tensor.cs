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
        private const int SpareHandles = 4096;

        // Handles that were given back for reuse on this thread.
        [ThreadStatic]
        private static Stack<Tensor>? spare;

        private Storage? storage;
        private long offset;
        private long[] sizes = [];
        private long[] strides = [];
        private long numel_;
        private bool isSpare;

        private Tensor()
        {
        }

        /// <summary>Takes over the handle of <paramref name="data"/>, which is dead afterwards; its history stays behind.</summary>
        private protected Tensor(Tensor data)
        {
            Start(data.Storage.Acquire(), data.offset, data.sizes, data.strides, data.dtype);
            data.Dispose();
        }

        DisposeScope? IScoped.Scope { get; set; }

        public ScalarType dtype { get; private set; }

        public Device device => CPU;

        public DeviceType device_type => DeviceType.CPU;

        /// <summary>The sizes, in an array of their own.</summary>
        public long[] shape => [.. sizes];

        public long dim() => sizes.Length;

        public long ndim => sizes.Length;

        public long Dimensions => sizes.Length;

        public long numel() => numel_;

        public long NumberOfElements => numel_;

        public long ElementSize => dtype.ElementSize();

        public long element_size() => dtype.ElementSize();

        public long[] size() => [.. sizes];

        public long size(long dim) => sizes[Shape.Dim(dim, sizes.Length)];

        public long[] stride() => [.. strides];

        public long stride(long dim) => strides[Shape.Dim(dim, strides.Length)];

        public long storage_offset() => offset;

        /// <summary>True once the handle is disposed.</summary>
        public bool IsInvalid => storage is null;

        public bool is_floating_point() => IsReal(dtype);

        public bool is_contiguous() => IsContiguous;

        internal long Offset => offset;

        /// <summary>The sizes, which other tensors share: not to be written to.</summary>
        internal long[] Sizes => sizes;

        /// <summary>The strides, shared as the sizes are.</summary>
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

        /// <summary>A handle that owns one reference on <paramref name="storage"/>; sizes and strides are shared arrays.</summary>
        internal static Tensor Handle(Storage storage, long offset, long[] sizes, long[] strides, ScalarType dtype)
        {
            if (spare is null || !spare.TryPop(out Tensor? handle)) handle = new Tensor();
            handle.Start(storage, offset, sizes, strides, dtype);
            return handle;
        }

        /// <summary>A contiguous tensor with unspecified values.</summary>
        internal static Tensor Empty(ReadOnlySpan<long> sizes, ScalarType dtype = ScalarType.Float32) =>
            Handle(Storage.Of(Shape.Count(sizes) * dtype.ElementSize()), 0, Shape.Shared(sizes), Shape.ContiguousStrides(sizes), dtype);

        /// <summary>A float32 tensor of that shape, contiguous.</summary>
        internal static Tensor EmptyLike(Tensor other) =>
            Handle(Storage.Of(other.numel_ * sizeof(float)), 0, other.sizes, other.IsContiguous ? other.strides : Shape.ContiguousStrides(other.sizes), ScalarType.Float32);

        internal static unsafe Tensor Zeros(ReadOnlySpan<long> sizes, ScalarType dtype = ScalarType.Float32)
        {
            Tensor result = Empty(sizes, dtype);
            NativeMemory.Clear(result.Address, (nuint)(result.numel_ * dtype.ElementSize()));
            return result;
        }

        /// <summary>Another window on the same storage, outside the graph.</summary>
        internal Tensor Window(long start, ReadOnlySpan<long> windowSizes, ReadOnlySpan<long> windowStrides) =>
            Handle(Storage.Acquire(), start, Shape.Shared(windowSizes), Shape.Shared(windowStrides), dtype);

        /// <summary>The same window by another handle, outside the graph.</summary>
        internal Tensor Alias() => Handle(Storage.Acquire(), offset, sizes, strides, dtype);

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

        /// <summary>
        /// Disposes the tensor and keeps the handle for the next one. Only for a handle that nobody else can hold: whoever did
        /// would see another tensor in it.
        /// </summary>
        internal void Recycle()
        {
            Dispose();
            if (isSpare || GetType() != typeof(Tensor)) return;
            (meta, seenHistory) = (null, 0);
            spare ??= new Stack<Tensor>();
            if (spare.Count == SpareHandles) return;
            isSpare = true;
            spare.Push(this);
        }

        private void Start(Storage storage, long offset, long[] sizes, long[] strides, ScalarType dtype)
        {
            isSpare = false;
            this.storage = storage;
            this.offset = offset;
            this.sizes = sizes;
            this.strides = strides;
            this.dtype = dtype;
            numel_ = Shape.Count(sizes);
            DisposeScope.Current?.Adopt(this);
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
