using System.Runtime.InteropServices;

namespace CpuTorch;

/// <summary>One position in the brackets after a tensor.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct TensorIndex : IEquatable<TensorIndex>
{
    internal enum Kind
    {
        Null,
        Single,
        Slice,
        Ellipsis,
        Bool,
        Tensor,
    }

    private TensorIndex(Kind kind, long? start = null, long? stop = null, long? step = null, torch.Tensor? tensor = null)
    {
        Which = kind;
        Start = start;
        Stop = stop;
        Step = step;
        Values = tensor;
    }

    internal Kind Which { get; }

    internal long? Start { get; }

    internal long? Stop { get; }

    internal long? Step { get; }

    internal torch.Tensor? Values { get; }

    public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Kind.Slice, start, stop, step);

    public static TensorIndex Single(long index) => new(Kind.Single, index);

    public static TensorIndex Bool(bool value) => new(Kind.Bool, value ? 1 : 0);

    public static TensorIndex Tensor(torch.Tensor tensor) => new(Kind.Tensor, tensor: tensor);

    /// <summary>As many whole dimensions as there are left.</summary>
    public static TensorIndex Ellipsis => new(Kind.Ellipsis);

    /// <summary>A new dimension of size 1.</summary>
    public static TensorIndex None => new(Kind.Null);

    public static TensorIndex Null => new(Kind.Null);

    /// <summary>The whole dimension.</summary>
    public static TensorIndex Colon => new(Kind.Slice);

    public static implicit operator TensorIndex(long value) => Single(value);

    public static implicit operator TensorIndex(int value) => Single(value);

    public static implicit operator TensorIndex(bool value) => Bool(value);

    public static implicit operator TensorIndex(torch.Tensor tensor) => Tensor(tensor);

    public static implicit operator TensorIndex((int? Start, int? Stop) range) => Slice(range.Start, range.Stop);

    public static implicit operator TensorIndex(Range range) => Slice(
        range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
        range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value);

    public bool Equals(TensorIndex other) =>
        Which == other.Which && Start == other.Start && Stop == other.Stop && Step == other.Step && ReferenceEquals(Values, other.Values);

    public override bool Equals(object? obj) => obj is TensorIndex other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Which, Start, Stop, Step);
}
