using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>Moves elements to and from places that an index tensor gives along one dimension.</summary>
internal static unsafe class Along
{
    /// <summary>result[…i…] = source[…index[…i…]…]</summary>
    internal static void Gather(Tensor source, int dim, Tensor index, Tensor result)
    {
        long width = source.dtype.ElementSize();
        byte* from = source.Address;
        byte* to = result.Address;
        Walk(source, dim, index, result, (place, other) => Move(from + (place * width), to + (other * width), width));
    }

    /// <summary>target[…index[…i…]…] = values[…i…], or added to it, in row-major order of the index.</summary>
    internal static void Scatter(Tensor target, int dim, Tensor index, Tensor values, bool add)
    {
        long width = target.dtype.ElementSize();
        byte* to = target.Address;
        byte* from = values.Address;
        if (!add)
        {
            Walk(target, dim, index, values, (place, other) => Move(from + (other * width), to + (place * width), width));
            return;
        }
        ScalarType type = target.dtype;
        if (IsReal(type))
        {
            Walk(target, dim, index, values, (place, other) =>
            {
                (float a, float b) = (0, 0);
                Blocks.Load(type, to + (place * width), 0, &a, 1);
                Blocks.Load(type, from + (other * width), 0, &b, 1);
                a += b;
                Blocks.Store(&a, type, to + (place * width), 1, 1);
            });
        }
        else
        {
            Walk(target, dim, index, values, (place, other) =>
            {
                (long a, long b) = (0, 0);
                Blocks.Load(type, to + (place * width), 0, &a, 1);
                Blocks.Load(type, from + (other * width), 0, &b, 1);
                a += b;
                Blocks.Store(&a, type, to + (place * width), 1, 1);
            });
        }
    }

    // Calls back with the element of `indexed` that each index means, and the element of `parallel` at the index's place.
    private static void Walk(Tensor indexed, int dim, Tensor index, Tensor parallel, Action<long, long> visit)
    {
        if (index.numel() == 0) return;
        int rank = index.Rank;
        long* at = index.LongPointer;
        if (rank == 0)
        {
            Check(*at, dim, 1);
            visit(0, 0);
            return;
        }
        long size = indexed.Sizes[dim];
        var place = new long[rank];
        while (true)
        {
            long read = 0;
            long own = 0;
            long other = 0;
            for (int d = 0; d < rank; d++)
            {
                read += place[d] * index.Strides[d];
                other += place[d] * parallel.Strides[d];
                if (d != dim) own += place[d] * indexed.Strides[d];
            }
            long chosen = at[read];
            Check(chosen, dim, size);
            visit(own + (chosen * indexed.Strides[dim]), other);
            int last = rank - 1;
            while (last >= 0 && ++place[last] == index.Sizes[last]) place[last--] = 0;
            if (last < 0) return;
        }
    }

    private static void Check(long index, int dim, long size)
    {
        if (index < 0 || index >= size) throw TorchException.Runtime($"index {index} is out of bounds for dimension {dim} with size {size}");
    }

    private static void Move(byte* from, byte* to, long width)
    {
        switch (width)
        {
            case 1:
                *to = *from;
                break;
            case 2:
                *(short*)to = *(short*)from;
                break;
            case 4:
                *(int*)to = *(int*)from;
                break;
            default:
                *(long*)to = *(long*)from;
                break;
        }
    }
}
