using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>
/// A float32 tensor as rows by its last dimension, for a matrix product: where it lies, without a handle; a copy only where
/// the type or the strides demand one.
/// </summary>
internal readonly unsafe ref struct MatrixView
{
    private readonly Tensor? copy;

    private MatrixView(long rows, long columns, long rowStride, long columnStride, float* pointer, Tensor? copy = null)
    {
        (Rows, Columns, RowStride, ColumnStride) = (rows, columns, rowStride, columnStride);
        Pointer = pointer;
        this.copy = copy;
    }

    public long Rows { get; }

    public long Columns { get; }

    public long RowStride { get; }

    public long ColumnStride { get; }

    public float* Pointer { get; }

    public static MatrixView Of(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 ? Of(tensor, tensor.Sizes, tensor.Strides, tensor.FloatPointer) : Copied(tensor);

    /// <summary>What a node saved; valid until the node's turn ends.</summary>
    public static MatrixView Of(SavedTensor saved)
    {
        if (saved.Type == ScalarType.Float32 && IsPlain(saved.Shape, saved.Strides)) return Plain(saved.Shape, saved.Strides, saved.FloatPointer);
        Tensor tensor = saved.Unpack();
        return tensor.dtype == ScalarType.Float32 ? Of(tensor, tensor.Sizes, tensor.Strides, tensor.FloatPointer) : Copied(tensor);
    }

    public void Dispose() => copy?.Dispose();

    private static MatrixView Of(Tensor tensor, long[] shape, long[] strides, float* pointer)
    {
        if (IsPlain(shape, strides)) return Plain(shape, strides, pointer);
        (long rows, long columns) = Size(shape);
        return Shape.ViewStrides(shape, strides, [rows, columns]) is { } view ? new(rows, columns, view[0], view[1], pointer) : Copied(tensor);
    }

    private static bool IsPlain(long[] shape, long[] strides) => shape.Length == 2 || Shape.IsContiguous(shape, strides);

    private static MatrixView Plain(long[] shape, long[] strides, float* pointer)
    {
        (long rows, long columns) = Size(shape);
        return shape.Length == 2 ? new(rows, columns, strides[0], strides[1], pointer) : new(rows, columns, columns, 1, pointer);
    }

    private static (long Rows, long Columns) Size(long[] shape)
    {
        long columns = shape.Length == 0 ? 1 : shape[^1];
        return (columns == 0 ? 0 : Shape.Count(shape) / columns, columns);
    }

    private static MatrixView Copied(Tensor tensor)
    {
        (long rows, long columns) = Size(tensor.Sizes);
        Tensor dense = tensor.DenseCopy();
        return new(rows, columns, columns, 1, dense.FloatPointer, dense);
    }
}
