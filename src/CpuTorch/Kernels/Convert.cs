using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CpuTorch.Kernels;

/// <summary>Bulk conversion of storage types: to the nearest, halves to even, NaN kept.</summary>
internal static unsafe class Convert
{
    private enum Direction
    {
        WidenBFloat16,
        NarrowBFloat16,
        WidenHalf,
        NarrowHalf,
    }

    public static void BFloat16ToFloat(long n, ushort* x, float* y) => Launch(Direction.WidenBFloat16, n, x, y);

    public static void FloatToBFloat16(long n, float* x, ushort* y) => Launch(Direction.NarrowBFloat16, n, y, x);

    public static void HalfToFloat(long n, ushort* x, float* y) => Launch(Direction.WidenHalf, n, x, y);

    public static void FloatToHalf(long n, float* x, ushort* y) => Launch(Direction.NarrowHalf, n, y, x);

    public static float BFloat16ToFloat(ushort x) => BitConverter.UInt32BitsToSingle((uint)x << 16);

    public static ushort FloatToBFloat16(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>
    /// To one of the two nearest with the nearer's likelihood, so that the mean over many roundings is the number itself
    /// (Gupta et al., 2015, arXiv:1502.02551). What is drawn depends on the seed and the place alone.
    /// </summary>
    /// <param name="n">Numbers to round.</param>
    /// <param name="x">The numbers.</param>
    /// <param name="y">Where they go.</param>
    /// <param name="seed">The draw for place i is that of <c>seed + i</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FloatToBFloat16AtRandom(long n, float* x, ushort* y, uint seed)
    {
        long i = 0;
        if (KernelPath.Current != KernelForm.Scalar)
        {
            Vector128<uint> at = Vector128.Create(seed) + Vector128.Create(0u, 1u, 2u, 3u);
            Vector128<uint> four = Vector128.Create(4u), eight = Vector128.Create(8u);
            for (; i + 8 <= n; i += 8, at += eight)
            {
                Vector128.Narrow(RoundedAtRandom(Vector128.Load(x + i), at), RoundedAtRandom(Vector128.Load(x + i + 4), at + four)).Store(y + i);
            }
        }

        for (; i < n; i++)
        {
            y[i] = (ushort)RoundedAtRandom(Vector128.CreateScalar(x[i]), Vector128.CreateScalar(seed + (uint)i)).ToScalar();
        }
    }

    /// <summary>Widens on the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WidenBFloat16(long n, ushort* x, float* y)
    {
        long i = 0;
        if (KernelPath.Current != KernelForm.Scalar)
        {
            for (; i + 8 <= n; i += 8)
            {
                (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.Load(x + i));
                (low << 16).AsSingle().Store(y + i);
                (high << 16).AsSingle().Store(y + i + 4);
            }
        }

        for (; i < n; i++)
        {
            y[i] = BFloat16ToFloat(x[i]);
        }
    }

    private static void Launch(Direction direction, long n, ushort* narrow, float* wide)
    {
        Job job = new() { direction = direction, n = n, narrow = narrow, wide = wide };
        Workers.For(Kernel.ChunksOf(n), &RunChunk, &job);
    }

    private static void RunChunk(void* context, long chunk)
    {
        Job* job = (Job*)context;
        long start = chunk * Kernel.ChunkElements;
        long count = Math.Min(Kernel.ChunkElements, job->n - start);
        switch (job->direction)
        {
            case Direction.WidenBFloat16:
                WidenBFloat16(count, job->narrow + start, job->wide + start);
                break;
            case Direction.NarrowBFloat16:
                NarrowBFloat16(count, job->wide + start, job->narrow + start);
                break;
            case Direction.WidenHalf:
                WidenHalf(count, job->narrow + start, job->wide + start);
                break;
            default:
                NarrowHalf(count, job->wide + start, job->narrow + start);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowBFloat16(long n, float* x, ushort* y)
    {
        long i = 0;
        if (KernelPath.Current != KernelForm.Scalar)
        {
            for (; i + 8 <= n; i += 8)
            {
                Vector128.Narrow(Rounded(Vector128.Load(x + i)), Rounded(Vector128.Load(x + i + 4))).Store(y + i);
            }
        }

        for (; i < n; i++)
        {
            y[i] = FloatToBFloat16(x[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rounded(Vector128<float> x)
    {
        Vector128<uint> bits = x.AsUInt32();
        Vector128<uint> top = bits >> 16;
        Vector128<uint> rounded = (bits + Vector128.Create(0x7FFFu) + (top & Vector128.Create(1u))) >> 16;
        return Vector128.ConditionalSelect(Vector128.Equals(x, x).AsUInt32(), rounded, top | Vector128.Create(0x40u));
    }

    // The bits that are cut off, as a share of the last that is kept, are the likelihood to go up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RoundedAtRandom(Vector128<float> x, Vector128<uint> place)
    {
        Vector128<uint> bits = x.AsUInt32();
        Vector128<uint> rounded = (bits + (Mixed(place) >> 16)) >> 16;
        return Vector128.ConditionalSelect(Vector128.Equals(x, x).AsUInt32(), rounded, (bits >> 16) | Vector128.Create(0x40u));
    }

    // Wellons' "lowbias32": neighbours give numbers that have nothing in common.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Mixed(Vector128<uint> x)
    {
        x ^= x >> 16;
        x *= Vector128.Create(0x7FEB352Du);
        x ^= x >> 15;
        x *= Vector128.Create(0x846CA68Bu);
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WidenHalf(long n, ushort* x, float* y)
    {
        long i = 0;
        if (KernelPath.Current != KernelForm.Scalar)
        {
            for (; i + 8 <= n; i += 8)
            {
                (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.Load(x + i));
                Widened(low).Store(y + i);
                Widened(high).Store(y + i + 4);
            }
        }

        for (; i < n; i++)
        {
            y[i] = (float)BitConverter.UInt16BitsToHalf(x[i]);
        }
    }

    // The bits shifted into place are the value times 2^-112, subnormal ones included; all-ones exponents are put back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Widened(Vector128<uint> half)
    {
        Vector128<uint> sign = (half & Vector128.Create(0x8000u)) << 16;
        Vector128<uint> magnitude = half & Vector128.Create(0x7FFFu);
        Vector128<float> value = (magnitude << 13).AsSingle() * Vector128.Create(5.192296858534828e33f);
        Vector128<uint> special = Vector128.GreaterThan(magnitude, Vector128.Create(0x7BFFu));
        Vector128<uint> bits = Vector128.ConditionalSelect(special, (magnitude << 13) | Vector128.Create(0x7F800000u), value.AsUInt32());
        return (bits | sign).AsSingle();
    }

    private static void NarrowHalf(long n, float* x, ushort* y)
    {
        for (long i = 0; i < n; i++)
        {
            y[i] = BitConverter.HalfToUInt16Bits((Half)x[i]);
        }
    }

    private struct Job
    {
        public Direction direction;
        public long n;
        public ushort* narrow;
        public float* wide;
    }
}
