namespace CpuTorch;

/// <summary>Arithmetic on sizes, strides and dimension numbers, with PyTorch's messages.</summary>
internal static class Shape
{
    private const int KeptBits = 12;
    private const int KeptShift = 64 - KeptBits;

    private static readonly long[]?[] Kept = new long[]?[1 << KeptBits];

    internal static long Count(ReadOnlySpan<long> sizes)
    {
        long count = 1;
        foreach (long size in sizes)
        {
            if (size < 0) throw TorchException.Runtime($"Trying to create tensor with negative dimension {size}: {Text(sizes)}");
            count = checked(count * size);
        }
        return count;
    }

    internal static string Text(ReadOnlySpan<long> sizes) => $"[{string.Join(", ", sizes.ToArray())}]";

    internal static bool Same(long[] a, long[] b) => ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b);

    /// <summary>
    /// An array of these numbers that whoever asked for the same ones may hold too, so nobody writes to it: a training step
    /// asks for the same few hundred shapes again and again.
    /// </summary>
    internal static long[] Shared(ReadOnlySpan<long> numbers)
    {
        if (numbers.Length == 0) return [];
        ulong hash = (ulong)numbers.Length;
        foreach (long number in numbers) hash = (hash ^ (ulong)number) * 0x9E3779B97F4A7C15;
        ref long[]? place = ref Kept[hash >> KeptShift];
        // Threads may take turns at a place; each still gets an array of its own numbers.
        long[]? kept = place;
        return kept is not null && numbers.SequenceEqual(kept) ? kept : place = numbers.ToArray();
    }

    internal static long[] ContiguousStrides(ReadOnlySpan<long> sizes)
    {
        Span<long> strides = stackalloc long[sizes.Length];
        long step = 1;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            strides[d] = step;
            step *= Math.Max(sizes[d], 1);
        }
        return Shared(strides);
    }

    /// <summary>The sizes with another last one.</summary>
    internal static long[] WithLast(ReadOnlySpan<long> sizes, long last)
    {
        Span<long> result = stackalloc long[sizes.Length];
        sizes.CopyTo(result);
        result[^1] = last;
        return Shared(result);
    }

    internal static bool IsContiguous(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides)
    {
        long step = 1;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            if (sizes[d] == 0) return true;
            if (sizes[d] != 1 && strides[d] != step) return false;
            step *= sizes[d];
        }
        return true;
    }

    /// <summary>A dimension number between 0 and rank - 1; a scalar counts as having one dimension.</summary>
    internal static int Dim(long dim, int rank)
    {
        int range = Math.Max(rank, 1);
        if (dim < -range || dim >= range)
            throw TorchException.Index($"Dimension out of range (expected to be in range of [{-range}, {range - 1}], but got {dim})");
        return (int)(dim < 0 ? dim + range : dim);
    }

    /// <summary>The dimensions as flags; none given means all.</summary>
    internal static bool[] DimSet(ReadOnlySpan<long> dims, int rank)
    {
        var set = new bool[rank];
        if (dims.Length == 0) Array.Fill(set, true);
        foreach (long dim in dims)
        {
            int at = Dim(dim, rank);
            if (rank == 0) continue;
            if (set[at]) throw TorchException.Runtime($"dim {at} appears multiple times in the list of dims");
            set[at] = true;
        }
        return set;
    }

    internal static long[] Broadcast(long[] a, long[] b)
    {
        if (Same(a, b)) return a;
        int rank = Math.Max(a.Length, b.Length);
        Span<long> result = stackalloc long[rank];
        for (int d = rank - 1; d >= 0; d--)
        {
            int atA = d - rank + a.Length;
            int atB = d - rank + b.Length;
            long sizeA = atA < 0 ? 1 : a[atA];
            long sizeB = atB < 0 ? 1 : b[atB];
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
                throw TorchException.Runtime($"The size of tensor a ({sizeA}) must match the size of tensor b ({sizeB}) at non-singleton dimension {d}");
            result[d] = sizeA == 1 ? sizeB : sizeA;
        }
        return Shared(result);
    }

    /// <summary>Replaces one -1 by what the count demands.</summary>
    internal static long[] Infer(ReadOnlySpan<long> wanted, long count)
    {
        Span<long> result = stackalloc long[wanted.Length];
        wanted.CopyTo(result);
        int open = -1;
        long known = 1;
        for (int d = 0; d < result.Length; d++)
        {
            if (result[d] == -1)
            {
                if (open >= 0) throw TorchException.Runtime("only one dimension can be inferred");
                open = d;
            }
            else if (result[d] < 0)
            {
                throw TorchException.Runtime($"invalid shape dimension {result[d]}");
            }
            else
            {
                known *= result[d];
            }
        }
        if (open >= 0 && known == 0 && count == 0)
            throw TorchException.Runtime($"cannot reshape tensor of 0 elements into shape {Text(wanted)} because the unspecified dimension size -1 can be any value and is ambiguous");
        if (open >= 0 && known != 0 && count % known == 0) result[open] = count / known;
        else if (open >= 0 || known != count) throw TorchException.Runtime($"shape '{Text(wanted)}' is invalid for input of size {count}");
        return Shared(result);
    }

    /// <summary>The strides by which the same elements can be seen under other sizes, or null where a copy is needed.</summary>
    internal static long[]? ViewStrides(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, ReadOnlySpan<long> wanted)
    {
        if (Count(sizes) == 0) return ContiguousStrides(wanted);
        Span<long> result = stackalloc long[wanted.Length];
        int at = wanted.Length - 1;
        long chunkStep = sizes.Length == 0 ? 1 : strides[^1];
        long chunk = 1;
        long seen = 1;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            chunk *= sizes[d];
            bool last = d == 0 || (sizes[d - 1] != 1 && strides[d - 1] != chunk * chunkStep);
            if (!last) continue;
            while (at >= 0 && (seen < chunk || wanted[at] == 1))
            {
                result[at] = seen * chunkStep;
                seen *= wanted[at--];
            }
            if (seen != chunk) return null;
            if (d > 0)
            {
                chunkStep = strides[d - 1];
                chunk = 1;
                seen = 1;
            }
        }
        for (; at >= 0; at--)
        {
            if (wanted[at] != 1) return null;
            result[at] = sizes.Length == 0 ? 1 : seen * chunkStep;
        }
        return Shared(result);
    }
}
