using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CpuTorch.Kernels;

/// <summary>
/// A matrix of 4-bit codes, two to a byte, the first in the high half. A code stands for one of 16 values times the scale
/// of its block; blocks run over the flattened matrix.
/// </summary>
internal unsafe struct FourBitMatrix
{
    public byte* codes;

    /// <summary>The 16 values.</summary>
    public float* values;
    public long blockSize;

    /// <summary>A scale for each block; or, where scales are codes themselves, the scale of each block of those.</summary>
    public float* scales;

    /// <summary>A code for each block, or null.</summary>
    public byte* scaleCodes;

    /// <summary>The 256 values of scale codes.</summary>
    public float* scaleValues;
    public long scaleBlockSize;
    public float scaleOffset;

    /// <summary>The scale of a block, with the roundings of the reference: one of the product, one of the sum.</summary>
    public readonly float ScaleOf(long block)
    {
        if (scaleCodes == null)
        {
            return scales[block];
        }

        float product = scaleValues[scaleCodes[block]] * scales[block / scaleBlockSize];
        return product + scaleOffset;
    }
}

/// <summary>Unpacks 4-bit codes to float32: each value is one product, so that every form gives the same bits.</summary>
internal static unsafe class FourBit
{
    private const int Values = 16;

    /// <summary>Elements start … start + count - 1 of the flattened matrix.</summary>
    public static void Unpack(in FourBitMatrix matrix, long start, long count, float* target)
    {
        Job job = new() { matrix = matrix, start = start, count = count, target = target };
        Workers.For(Kernel.ChunksOf(count), &RunChunk, &job);
    }

    [SkipLocalsInit]
    private static void RunChunk(void* context, long chunk)
    {
        Job* job = (Job*)context;
        long at = job->start + (chunk * Kernel.ChunkElements);
        long end = Math.Min(at + Kernel.ChunkElements, job->start + job->count);
        float* target = job->target + (chunk * Kernel.ChunkElements);
        float* scaled = stackalloc float[Values];
        while (at < end)
        {
            long block = at / job->matrix.blockSize;
            long stop = Math.Min(end, (block + 1) * job->matrix.blockSize);
            float scale = job->matrix.ScaleOf(block);
            for (int i = 0; i < Values; i++)
            {
                scaled[i] = job->matrix.values[i] * scale;
            }

            if ((at & 1) != 0)
            {
                *target++ = scaled[job->matrix.codes[at >> 1] & 15];
                at++;
            }

            UnpackBlock(stop - at, job->matrix.codes + (at >> 1), scaled, target);
            target += stop - at;
            at = stop;
        }
    }

    private static void UnpackBlock(long count, byte* codes, float* scaled, float* target)
    {
        long done = KernelPath.Current switch
        {
            KernelForm.Avx512 => UnpackAvx512(count, codes, scaled, target),
            KernelForm.Avx2 => UnpackAvx2(count, codes, scaled, target),
            // Four lanes hold a quarter of the values: loading each from memory is as fast.
            _ => 0,
        };
        for (long i = done; i < count; i++)
        {
            target[i] = scaled[(i & 1) == 0 ? codes[i >> 1] >> 4 : codes[i >> 1] & 15];
        }
    }

    // All 16 values in one register, which the codes permute.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long UnpackAvx512(long count, byte* codes, float* scaled, float* target)
    {
        Vector512<float> table = Vector512.Load(scaled);
        long i = 0;
        for (; i + 32 <= count; i += 32)
        {
            (Vector128<byte> first, Vector128<byte> second) = Halves(codes + (i >> 1));
            Avx512F.PermuteVar16x32(table, Avx512F.ConvertToVector512Int32(first)).Store(target + i);
            Avx512F.PermuteVar16x32(table, Avx512F.ConvertToVector512Int32(second)).Store(target + i + 16);
        }

        return i;
    }

    // Eight values in each of two registers; the code's highest bit says which.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long UnpackAvx2(long count, byte* codes, float* scaled, float* target)
    {
        Vector256<float> low = Vector256.Load(scaled);
        Vector256<float> high = Vector256.Load(scaled + 8);
        long i = 0;
        for (; i + 32 <= count; i += 32)
        {
            (Vector128<byte> first, Vector128<byte> second) = Halves(codes + (i >> 1));
            Eight(low, high, first).Store(target + i);
            Eight(low, high, Sse2.ShiftRightLogical128BitLane(first, 8)).Store(target + i + 8);
            Eight(low, high, second).Store(target + i + 16);
            Eight(low, high, Sse2.ShiftRightLogical128BitLane(second, 8)).Store(target + i + 24);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(Vector256<float> low, Vector256<float> high, Vector128<byte> codes)
    {
        Vector256<int> index = Avx2.ConvertToVector256Int32(codes);
        return Avx.BlendVariable(Avx2.PermuteVar8x32(low, index), Avx2.PermuteVar8x32(high, index), (index << 28).AsSingle());
    }

    /// <summary>The 32 codes of 16 bytes in their order, a byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> First, Vector128<byte> Second) Halves(byte* codes)
    {
        Vector128<byte> pairs = Vector128.Load(codes);
        Vector128<byte> mask = Vector128.Create((byte)15);
        Vector128<byte> even = (pairs.AsUInt16() >> 4).AsByte() & mask;
        Vector128<byte> odd = pairs & mask;
        return (Sse2.UnpackLow(even, odd), Sse2.UnpackHigh(even, odd));
    }

    private struct Job
    {
        public FourBitMatrix matrix;
        public long start;
        public long count;
        public float* target;
    }
}
