namespace CpuTorch;

public static partial class torch
{
    /// <summary>Where each value would go to keep the (last dimension of the) sequence sorted.</summary>
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool right = false)
    {
        using Tensor sequence = sorted_sequence.Dense();
        using Tensor wanted = values.Dense();
        long n = sequence.Sizes[^1];
        bool shared = sequence.Rank == 1;
        long perRow = shared ? wanted.numel() : wanted.Sizes[^1];
        ReadOnlySpan<float> rows = sequence.span<float>();
        ReadOnlySpan<float> sought = wanted.span<float>();
        var places = new long[sought.Length];
        for (int i = 0; i < places.Length; i++)
        {
            ReadOnlySpan<float> row = shared ? rows : rows.Slice((int)(i / perRow * n), (int)n);
            int low = 0;
            int high = row.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (right ? row[middle] <= sought[i] : row[middle] < sought[i]) low = middle + 1;
                else high = middle;
            }
            places[i] = low;
        }
        return tensor(places, values.Sizes);
    }

    public static Tensor searchsorted(Tensor sorted_sequence, Scalar value, bool right = false)
    {
        using Tensor one = Filled([], ScalarType.Float32, value);
        return searchsorted(sorted_sequence, one, right);
    }

    /// <summary>Whether each element is among the test elements.</summary>
    public static Tensor isin(Tensor elements, Tensor test_elements, bool assume_unique = false, bool invert = false)
    {
        HashSet<double> among = [.. Doubles(test_elements)];
        return tensor([.. Doubles(elements).Select(value => among.Contains(value) != invert)], elements.Sizes);

        static double[] Doubles(Tensor tensor)
        {
            if (IsReal(tensor.dtype))
            {
                using Tensor real = tensor.Dense();
                return Array.ConvertAll(real.data<float>().ToArray(), value => (double)value);
            }
            using Tensor whole = tensor.to_type(ScalarType.Int64);
            return Array.ConvertAll(whole.data<long>().ToArray(), value => (double)value);
        }
    }

    public static bool allclose(Tensor input, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
    {
        using var scope = new DisposeScope();
        using IDisposable quiet = no_grad();
        Tensor near = input.sub(other).abs().le(other.abs().mul(rtol).add(atol)).logical_or(input.eq(other));
        if (equal_nan) near = near.logical_or(input.isnan().logical_and(other.isnan()));
        return near.all().ToBoolean();
    }
}
