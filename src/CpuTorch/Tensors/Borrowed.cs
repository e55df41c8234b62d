using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>
/// A tensor in the form that a kernel reads: the very tensor where it has that form, without a handle of its own, else a
/// copy that goes when this is disposed.
/// </summary>
internal readonly unsafe ref struct Borrowed
{
    private readonly bool isCopy;

    private Borrowed(Tensor tensor, bool isCopy) => (Tensor, this.isCopy) = (tensor, isCopy);

    public Tensor Tensor { get; }

    public float* FloatPointer => Tensor.FloatPointer;

    /// <summary>Contiguous float32.</summary>
    public static Borrowed Dense(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.IsContiguous ? new(Alive(tensor), isCopy: false) : new(tensor.DenseCopy(), isCopy: true);

    /// <summary>Contiguous float32, or a row filled with a value where there is no tensor.</summary>
    public static Borrowed Dense(Tensor? tensor, long width, double otherwise) =>
        tensor is null ? new(full([width], otherwise), isCopy: true) : Dense(tensor);

    /// <summary>Float32 whose last dimension is contiguous.</summary>
    public static Borrowed HeadRows(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && (tensor.Strides[^1] == 1 || tensor.Sizes[^1] == 1)
            ? new(Alive(tensor), isCopy: false)
            : new(tensor.DenseCopy(), isCopy: true);

    /// <summary>Contiguous int32.</summary>
    public static Borrowed Whole(Tensor tensor)
    {
        if (tensor.dtype == ScalarType.Int32 && tensor.IsContiguous) return new(Alive(tensor), isCopy: false);
        Tensor copy = Tensor.Empty(tensor.Sizes, ScalarType.Int32);
        ElementLoop.Copy(copy, tensor);
        return new(copy, isCopy: true);
    }

    public void Dispose()
    {
        if (isCopy) Tensor.Dispose();
    }

    // A disposed operand throws here, before a block is taken for the result.
    private static Tensor Alive(Tensor tensor)
    {
        _ = tensor.Storage;
        return tensor;
    }
}
