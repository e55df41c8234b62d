namespace CpuTorch;

public static partial class torch
{
    /// <summary>Element types, numbered as TorchSharp numbers them.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Bool = 11,
        BFloat16 = 15,
    }

    public const ScalarType uint8 = ScalarType.Byte;
    public const ScalarType int32 = ScalarType.Int32;
    public const ScalarType int64 = ScalarType.Int64;
    public const ScalarType @long = ScalarType.Int64;
    public const ScalarType float16 = ScalarType.Float16;
    public const ScalarType half = ScalarType.Float16;
    public const ScalarType float32 = ScalarType.Float32;
    public const ScalarType @float = ScalarType.Float32;
    public const ScalarType bfloat16 = ScalarType.BFloat16;
    public const ScalarType @bool = ScalarType.Bool;

    /// <summary>Bytes that one element takes.</summary>
    public static long ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Bool => 1,
        ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        _ => 8,
    };

    /// <summary>True for float32, float16 and bfloat16.</summary>
    internal static bool IsReal(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    /// <summary>The type that holds values of both, by PyTorch's lattice.</summary>
    public static ScalarType promote_types(ScalarType a, ScalarType b)
    {
        if (a == b) return a;
        if (IsReal(a) && IsReal(b)) return ScalarType.Float32;
        if (IsReal(a) || IsReal(b)) return IsReal(a) ? a : b;
        return Rank(a) > Rank(b) ? a : b;

        static int Rank(ScalarType type) => type switch
        {
            ScalarType.Bool => 0,
            ScalarType.Byte => 1,
            ScalarType.Int32 => 2,
            _ => 3,
        };
    }

    /// <summary>The type of an operation over tensors; one without dimensions yields to one that has some, within its category.</summary>
    public static ScalarType result_type(Tensor a, Tensor b) => a.Dimensions switch
    {
        _ when a.dtype == b.dtype => a.dtype,
        0 when b.Dimensions > 0 => Yielding(b.dtype, a.dtype),
        > 0 when b.Dimensions == 0 => Yielding(a.dtype, b.dtype),
        _ => promote_types(a.dtype, b.dtype),
    };

    /// <summary>The type of an operation of a tensor and a number.</summary>
    public static ScalarType result_type(Tensor a, Scalar b) => Yielding(a.dtype, b.Type);

    private static ScalarType Yielding(ScalarType strong, ScalarType weak) =>
        Category(weak) > Category(strong) ? promote_types(strong, weak) : strong;

    private static int Category(ScalarType type) => type == ScalarType.Bool ? 0 : IsReal(type) ? 2 : 1;

    /// <summary>The name in PyTorch's messages about types: "float", "long int".</summary>
    internal static string CName(ScalarType type) => type switch
    {
        ScalarType.Byte => "unsigned char",
        ScalarType.Int32 => "int",
        ScalarType.Int64 => "long int",
        ScalarType.Float16 => "c10::Half",
        ScalarType.Float32 => "float",
        ScalarType.Bool => "bool",
        _ => "c10::BFloat16",
    };

    /// <summary>The name in PyTorch's messages about tensors: "Float", "Long".</summary>
    internal static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Int32 => "Int",
        ScalarType.Int64 => "Long",
        ScalarType.Float16 => "Half",
        ScalarType.Float32 => "Float",
        _ => type.ToString(),
    };
}
