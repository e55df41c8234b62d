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
            float* first = source + (Math.Min(i, lanes - 1) * laneStride);
            long last = Math.Max(0, lanes - 1 - i);
            if (last >= 13)
            {
                Transpose16(first, laneStride, last, steps, width, Math.Min(16, width - i), panel + i);
            }
            else
            {
                Repeat(first, laneStride, last, steps, width, Math.Min(16, width - i), panel + i);
            }
        }
    }

    // Vector j holds lanes j, j + 4, j + 8, j + 12 of four steps in its quarters; transposing each quarter puts all sixteen in order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose16(float* lane0, long stride, long last, long steps, int width, long wanted, float* panel)
    {
        float* lane4 = lane0 + (4 * stride);
        float* lane8 = lane0 + (8 * stride);
        float* lane12 = lane0 + (12 * stride);
        float* lane14 = lane0 + (Math.Min(14, last) * stride);
        float* lane15 = lane0 + (Math.Min(15, last) * stride);
        long stride3 = 3 * stride;
        long p = 0;
        for (; p + 4 <= steps; p += 4, panel += 4 * width)
        {
            Vector512<float> a = Quarters(lane0 + p, lane4 + p, lane8 + p, lane12 + p);
            Vector512<float> b = Quarters(lane0 + stride + p, lane4 + stride + p, lane8 + stride + p, lane12 + stride + p);
            Vector512<float> c = Quarters(lane0 + (2 * stride) + p, lane4 + (2 * stride) + p, lane8 + (2 * stride) + p, lane14 + p);
            Vector512<float> d = Quarters(lane0 + stride3 + p, lane4 + stride3 + p, lane8 + stride3 + p, lane15 + p);
            Vector512<double> lowAB = Avx512F.UnpackLow(a, b).AsDouble();
            Vector512<double> lowCD = Avx512F.UnpackLow(c, d).AsDouble();
            Vector512<double> highAB = Avx512F.UnpackHigh(a, b).AsDouble();
            Vector512<double> highCD = Avx512F.UnpackHigh(c, d).AsDouble();
            Avx512F.UnpackLow(lowAB, lowCD).AsSingle().Store(panel);
            Avx512F.UnpackHigh(lowAB, lowCD).AsSingle().Store(panel + width);
            Avx512F.UnpackLow(highAB, highCD).AsSingle().Store(panel + (2 * width));
            Avx512F.UnpackHigh(highAB, highCD).AsSingle().Store(panel + (3 * width));
        }

        Repeat(lane0 + p, stride, last, steps - p, width, wanted, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* first, float* second, float* third, float* fourth)
    {
        Vector512<float> quarters = Vector128.Load(first).ToVector256Unsafe().ToVector512Unsafe();
        quarters = Avx512F.InsertVector128(quarters, Vector128.Load(second), 1);
        quarters = Avx512F.InsertVector128(quarters, Vector128.Load(third), 2);
        return Avx512F.InsertVector128(quarters, Vector128.Load(fourth), 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Repeat(float* source, long laneStride, long last, long steps, int width, long wanted, float* panel)
    {
        for (long i = 0; i < wanted; i++)
        {
            float* lane = source + (Math.Min(i, last) * laneStride);
            float* target = panel + i;
            for (long p = 0; p < steps; p++, target += width)
            {
                *target = lane[p];
            }
        }
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
