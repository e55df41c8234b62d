using System.Globalization;
using System.Runtime.InteropServices;

namespace CpuTorch;

/// <summary>A number that an operation takes beside tensors; it yields to the tensor's type within its category.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly double real;
    private readonly long integer;

    private Scalar(double real, long integer, torch.ScalarType type)
    {
        this.real = real;
        this.integer = integer;
        Type = type;
    }

    /// <summary>Float32, Int64 or Bool: what PyTorch's defaults make of the C# number.</summary>
    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(double value) => new(value, 0, torch.ScalarType.Float32);

    public static implicit operator Scalar(float value) => new(value, 0, torch.ScalarType.Float32);

    public static implicit operator Scalar(Half value) => new((double)value, 0, torch.ScalarType.Float32);

    public static implicit operator Scalar(BFloat16 value) => new((float)value, 0, torch.ScalarType.Float32);

    public static implicit operator Scalar(long value) => new(value, value, torch.ScalarType.Int64);

    public static implicit operator Scalar(int value) => new(value, value, torch.ScalarType.Int64);

    public static implicit operator Scalar(byte value) => new(value, value, torch.ScalarType.Int64);

    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, value ? 1 : 0, torch.ScalarType.Bool);

    public bool IsFloating => Type == torch.ScalarType.Float32;

    public double ToDouble() => real;

    public float ToSingle() => (float)real;

    public long ToInt64() => IsFloating ? (long)real : integer;

    public int ToInt32() => (int)ToInt64();

    public bool ToBoolean() => real != 0;

    public bool Equals(Scalar other) => Type == other.Type && real.Equals(other.real) && integer == other.integer;

    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(real, integer, Type);

    public static bool operator ==(Scalar left, Scalar right) => left.Equals(right);

    public static bool operator !=(Scalar left, Scalar right) => !left.Equals(right);

    public override string ToString() => IsFloating
        ? real.ToString(CultureInfo.InvariantCulture)
        : integer.ToString(CultureInfo.InvariantCulture);
}
