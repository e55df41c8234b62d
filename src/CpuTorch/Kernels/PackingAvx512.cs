using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CpuTorch.Kernels;

/// <summary>Packing in whole 64-byte vectors. Steps are written in ascending order, so what a store spills is overwritten by the next.</summary>
internal static unsafe class PackingAvx512
{
    /// <summary>Each lane contiguous. Lanes beyond the last repeat it.</summary>
    public static void Transpose(float* source, long laneStride, long lanes, long steps, int width, float* panel)
    {
        // Sixteen at a time; a last group of a width that is no multiple of sixteen spills into the next step.
        for (long i = 0; i < width; i += 16)
        {
            Transpose16(source + (Math.Min(i, lanes - 1) * laneStride), laneStride, Math.Max(0, lanes - 1 - i), steps, width, panel + i);
        }
    }

    // Vector j holds lanes j, j + 4, j + 8, j + 12 of four steps in its quarters; transposing each quarter puts all sixteen in order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose16(float* source, long laneStride, long last, long steps, int width, float* panel)
    {
        float** lanes = stackalloc float*[16];
        for (long i = 0; i < 16; i++)
        {
            lanes[i] = source + (Math.Min(i, last) * laneStride);
        }

        long p = 0;
        for (; p + 4 <= steps; p += 4, panel += 4 * width)
        {
            Vector512<float> a = Quarters(lanes, p);
            Vector512<float> b = Quarters(lanes + 1, p);
            Vector512<float> c = Quarters(lanes + 2, p);
            Vector512<float> d = Quarters(lanes + 3, p);
            Vector512<double> lowAB = Avx512F.UnpackLow(a, b).AsDouble();
            Vector512<double> lowCD = Avx512F.UnpackLow(c, d).AsDouble();
            Vector512<double> highAB = Avx512F.UnpackHigh(a, b).AsDouble();
            Vector512<double> highCD = Avx512F.UnpackHigh(c, d).AsDouble();
            Avx512F.UnpackLow(lowAB, lowCD).AsSingle().Store(panel);
            Avx512F.UnpackHigh(lowAB, lowCD).AsSingle().Store(panel + width);
            Avx512F.UnpackLow(highAB, highCD).AsSingle().Store(panel + (2 * width));
            Avx512F.UnpackHigh(highAB, highCD).AsSingle().Store(panel + (3 * width));
        }

        for (; p < steps; p++, panel += width)
        {
            for (int i = 0; i < 16; i++)
            {
                panel[i] = lanes[i][p];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float** lanes, long p)
    {
        Vector512<float> quarters = Vector128.Load(lanes[0] + p).ToVector256Unsafe().ToVector512Unsafe();
        quarters = Avx512F.InsertVector128(quarters, Vector128.Load(lanes[4] + p), 1);
        quarters = Avx512F.InsertVector128(quarters, Vector128.Load(lanes[8] + p), 2);
        return Avx512F.InsertVector128(quarters, Vector128.Load(lanes[12] + p), 3);
    }

    /// <summary>Each step contiguous. Two overlapping loads cover 14 lanes, four vectors 32, and neither reads beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy14(float* source, long stepStride, long steps, float* panel)
    {
        for (long p = 0; p < steps; p++, source += stepStride, panel += 14)
        {
            Vector256<float> low = Vector256.Load(source);
            Vector256.Load(source + 6).Store(panel + 6);
            low.Store(panel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy32(float* source, long stepStride, long steps, float* panel)
    {
        for (long p = 0; p < steps; p++, source += stepStride, panel += 32)
        {
            Vector512<float> low = Vector512.Load(source);
            Vector512.Load(source + 16).Store(panel + 16);
            low.Store(panel);
        }
    }
}
