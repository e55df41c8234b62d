using CpuTorch.Kernels;
using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>A tensor seen as rows to be reduced: kept dimensions outside, reduced ones contiguous inside.</summary>
internal readonly ref struct ReductionRows : IDisposable
{
    private readonly Tensor source;
    private readonly Tensor values;

    /// <summary>Rows of float32 for floating types, of int64 for the others.</summary>
    internal ReductionRows(Tensor source, bool[] reduced)
    {
        this.source = source;
        IsReal = IsReal(source.dtype);
        ScalarType type = IsReal ? ScalarType.Float32 : ScalarType.Int64;
        int[] order = [.. Range(source.Rank).Where(d => !reduced[d]), .. Range(source.Rank).Where(d => reduced[d])];
        long[] sizes = Array.ConvertAll(order, d => source.Sizes[d]);
        long[] strides = Array.ConvertAll(order, d => source.Strides[d]);
        Length = Shape.Count([.. Range(source.Rank).Where(d => reduced[d]).Select(d => source.Sizes[d])]);
        Count = Shape.Count([.. Range(source.Rank).Where(d => !reduced[d]).Select(d => source.Sizes[d])]);
        Kept = [.. Range(source.Rank).Where(d => !reduced[d]).Select(d => source.Sizes[d])];
        KeptDim = [.. Range(source.Rank).Select(d => reduced[d] ? 1 : source.Sizes[d])];
        if (source.dtype == type && Shape.IsContiguous(sizes, strides))
        {
            values = source;
        }
        else
        {
            values = Tensor.Empty(sizes, type).Unscoped();
            using Tensor permuted = source.Window(source.Offset, sizes, strides);
            ElementLoop.Copy(values, permuted);
        }
    }

    internal bool IsReal { get; }

    internal long Count { get; }

    internal long Length { get; }

    /// <summary>The sizes of the result without the reduced dimensions.</summary>
    internal long[] Kept { get; }

    /// <summary>The sizes of the result with them as 1.</summary>
    internal long[] KeptDim { get; }

    internal unsafe float* Real => values.FloatPointer;

    internal unsafe long* Whole => values.LongPointer;

    internal long[] Sizes(bool keepdim) => keepdim ? KeptDim : Kept;

    public void Dispose()
    {
        if (!ReferenceEquals(values, source)) values.Dispose();
    }

    internal unsafe delegate void RealRow(long row, float* x, long n);

    internal unsafe delegate void WholeRow(long row, long* x, long n);

    /// <summary>Calls back for each row, on all workers where there is enough to do.</summary>
    internal unsafe void ForEach(RealRow body)
    {
        float* x = Real;
        long n = Length;
        long count = Count;
        long rowsAChunk = Math.Max(1, 8192 / Math.Max(1, n));
        Workers.For((count + rowsAChunk - 1) / rowsAChunk, chunk =>
        {
            long end = Math.Min(count, (chunk + 1) * rowsAChunk);
            for (long row = chunk * rowsAChunk; row < end; row++) body(row, x + (row * n), n);
        });
    }

    internal unsafe void ForEach(WholeRow body)
    {
        long* x = Whole;
        long n = Length;
        for (long row = 0; row < Count; row++) body(row, x + (row * n), n);
    }

    private static IEnumerable<int> Range(int rank) => Enumerable.Range(0, rank);
}
