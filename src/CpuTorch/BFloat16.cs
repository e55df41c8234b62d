using System.Globalization;
using System.Runtime.InteropServices;

namespace CpuTorch;

/// <summary>The upper half of a float32: 8 bits of exponent, 7 of fraction. Arithmetic goes through float32.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
public readonly struct BFloat16(ushort bits) : IEquatable<BFloat16>
{
    private readonly ushort bits = bits;

    /// <summary>The 16 bits as stored.</summary>
    public ushort Bits => bits;

    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.bits << 16);

    /// <summary>Rounds to the nearest, ties to even; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint whole = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new((ushort)((whole >> 16) | 0x40));
        return new((ushort)((whole + 0x7FFF + ((whole >> 16) & 1)) >> 16));
    }

    public bool Equals(BFloat16 other) => bits == other.bits;

    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    public override int GetHashCode() => bits;

    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != (float)right;

    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
}
