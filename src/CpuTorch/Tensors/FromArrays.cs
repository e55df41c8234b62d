using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CpuTorch;

/// <summary>Tensors from C# numbers and arrays.</summary>
public static partial class torch
{
    public static Tensor tensor(float scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<float>([scalar], [], ScalarType.Float32, dtype), requires_grad);

    public static Tensor tensor(float[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<float>(dataArray, [dataArray.Length], ScalarType.Float32, dtype), requires_grad);

    public static Tensor tensor(float[] dataArray, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<float>(dataArray, dimensions, ScalarType.Float32, dtype), requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<long>([scalar], [], ScalarType.Int64, dtype), requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<long>(dataArray, [dataArray.Length], ScalarType.Int64, dtype), requires_grad);

    public static Tensor tensor(long[] dataArray, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<long>(dataArray, dimensions, ScalarType.Int64, dtype), requires_grad);

    public static Tensor tensor(int scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<int>([scalar], [], ScalarType.Int32, dtype), requires_grad);

    public static Tensor tensor(int[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<int>(dataArray, [dataArray.Length], ScalarType.Int32, dtype), requires_grad);

    public static Tensor tensor(int[] dataArray, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<int>(dataArray, dimensions, ScalarType.Int32, dtype), requires_grad);

    public static Tensor tensor(byte scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<byte>([scalar], [], ScalarType.Byte, dtype), requires_grad);

    public static Tensor tensor(byte[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<byte>(dataArray, [dataArray.Length], ScalarType.Byte, dtype), requires_grad);

    public static Tensor tensor(byte[] dataArray, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<byte>(dataArray, dimensions, ScalarType.Byte, dtype), requires_grad);

    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<bool>([scalar], [], ScalarType.Bool, dtype), requires_grad);

    public static Tensor tensor(bool[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<bool>(dataArray, [dataArray.Length], ScalarType.Bool, dtype), requires_grad);

    public static Tensor tensor(bool[] dataArray, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<bool>(dataArray, dimensions, ScalarType.Bool, dtype), requires_grad);

    public static Tensor tensor(BFloat16 scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<BFloat16>([scalar], [], ScalarType.BFloat16, dtype), requires_grad);

    public static Tensor tensor(BFloat16[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<BFloat16>(dataArray, [dataArray.Length], ScalarType.BFloat16, dtype), requires_grad);

    public static Tensor tensor(BFloat16[] dataArray, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<BFloat16>(dataArray, dimensions, ScalarType.BFloat16, dtype), requires_grad);

    public static Tensor tensor(Half scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<Half>([scalar], [], ScalarType.Float16, dtype), requires_grad);

    public static Tensor tensor(Half[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<Half>(dataArray, [dataArray.Length], ScalarType.Float16, dtype), requires_grad);

    public static Tensor tensor(Half[] dataArray, long[] dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<Half>(dataArray, dimensions, ScalarType.Float16, dtype), requires_grad);

    public static Tensor tensor(float[,] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<float>(Flat<float>(dataArray), [dataArray.GetLength(0), dataArray.GetLength(1)], ScalarType.Float32, dtype), requires_grad);

    public static Tensor tensor(long[,] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<long>(Flat<long>(dataArray), [dataArray.GetLength(0), dataArray.GetLength(1)], ScalarType.Int64, dtype), requires_grad);

    public static Tensor tensor(int[,] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(FromArray<int>(Flat<int>(dataArray), [dataArray.GetLength(0), dataArray.GetLength(1)], ScalarType.Int32, dtype), requires_grad);

    /// <summary>A copy of the values in a new tensor.</summary>
    internal static unsafe Tensor FromArray<T>(ReadOnlySpan<T> values, long[] dimensions, ScalarType type, ScalarType? wanted = null)
        where T : unmanaged
    {
        if (Shape.Count(dimensions) != values.Length)
            throw TorchException.Runtime($"shape '{Shape.Text(dimensions)}' is invalid for input of size {values.Length}");
        Tensor result = Tensor.Empty([.. dimensions], type);
        values.CopyTo(new Span<T>(result.Address, values.Length));
        if (wanted is not { } other || other == type) return result;
        using (result) return result.to_type(other);
    }

    private static ReadOnlySpan<T> Flat<T>(Array array)
        where T : unmanaged => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
