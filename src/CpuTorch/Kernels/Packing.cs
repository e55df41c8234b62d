using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CpuTorch.Kernels;

/// <summary>
/// Packs a strip of a matrix into a panel: for each step of the inner dimension, `width` lanes side by side.
/// Lanes that the strip lacks hold something finite that nobody reads the product of, so edges need no code of their own.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>Vector stores may run this many floats past a panel's end.</summary>
    public const long Spill = 16;

    // Copying walks down a matrix a strip of steps at a time, so that all panels use the same few pages.
    private const long StripSteps = 16;

    /// <summary>
    /// Packs lanes of a matrix, width to a panel and panels panelStride apart:
    /// panel[p * width + i] = source[i * laneStride + p * stepStride].
    /// </summary>
    public static void PackPanels(
        float* source, long laneStride, long stepStride, long lanes, long steps, int width, float* panels, long panelStride)
    {
        long strip = laneStride == 1 ? StripSteps : steps;
        for (long p = 0; p < steps; p += strip)
        {
            for (long i = 0; i < lanes; i += width)
            {
                Pack(
                    source + (i * laneStride) + (p * stepStride), laneStride, stepStride, Math.Min(width, lanes - i), Math.Min(strip, steps - p), width,
                    panels + (i / width * panelStride) + (p * width));
            }
        }
    }

    private static void Pack(float* source, long laneStride, long stepStride, long lanes, long steps, int width, float* panel)
    {
        bool whole = lanes == width && laneStride == 1;
        if (KernelPath.Current != KernelForm.Avx512)
        {
            PackAny(source, laneStride, stepStride, lanes, steps, width, panel);
        }
        else if (stepStride == 1 && laneStride > 1)
        {
            PackingAvx512.Transpose(source, laneStride, lanes, steps, width, panel);
        }
        else if (whole && width == 14)
        {
            PackingAvx512.Copy14(source, stepStride, steps, panel);
        }
        else if (whole && width == 32)
        {
            PackingAvx512.Copy32(source, stepStride, steps, panel);
        }
        else
        {
            PackAny(source, laneStride, stepStride, lanes, steps, width, panel);
        }
    }

    private static void PackAny(float* source, long laneStride, long stepStride, long lanes, long steps, int width, float* panel)
    {
        if (lanes < width)
        {
            new Span<float>(panel, checked((int)(steps * width))).Clear();
        }

        if (laneStride == 1)
        {
            CopyLanes(source, stepStride, lanes, steps, width, panel);
        }
        else if (stepStride == 1 && Sse.IsSupported)
        {
            Transpose(source, laneStride, lanes, steps, width, panel);
        }
        else
        {
            Gather(source, laneStride, stepStride, 0, lanes, steps, width, panel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLanes(float* source, long stepStride, long lanes, long steps, int width, float* panel)
    {
        for (long p = 0; p < steps; p++, source += stepStride, panel += width)
        {
            long i = 0;
            for (; i + 4 <= lanes; i += 4)
            {
                Vector128.Load(source + i).Store(panel + i);
            }

            for (; i < lanes; i++)
            {
                panel[i] = source[i];
            }
        }
    }

    // Four lanes by four steps at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, long laneStride, long lanes, long steps, int width, float* panel)
    {
        long wholeSteps = steps & ~3L;
        long wholeLanes = lanes & ~3L;
        for (long i = 0; i < wholeLanes; i += 4)
        {
            float* row = source + (i * laneStride);
            float* target = panel + i;
            for (long p = 0; p < wholeSteps; p += 4, target += 4 * width)
            {
                Vector128<float> r0 = Vector128.Load(row + p);
                Vector128<float> r1 = Vector128.Load(row + laneStride + p);
                Vector128<float> r2 = Vector128.Load(row + (2 * laneStride) + p);
                Vector128<float> r3 = Vector128.Load(row + (3 * laneStride) + p);
                Vector128<float> low01 = Sse.UnpackLow(r0, r1);
                Vector128<float> low23 = Sse.UnpackLow(r2, r3);
                Vector128<float> high01 = Sse.UnpackHigh(r0, r1);
                Vector128<float> high23 = Sse.UnpackHigh(r2, r3);
                Sse.MoveLowToHigh(low01, low23).Store(target);
                Sse.MoveHighToLow(low23, low01).Store(target + width);
                Sse.MoveLowToHigh(high01, high23).Store(target + (2 * width));
                Sse.MoveHighToLow(high23, high01).Store(target + (3 * width));
            }
        }

        Gather(source + wholeSteps, laneStride, 1, 0, wholeLanes, steps - wholeSteps, width, panel + (wholeSteps * width));
        Gather(source, laneStride, 1, wholeLanes, lanes, steps, width, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* source, long laneStride, long stepStride, long firstLane, long lanes, long steps, int width, float* panel)
    {
        for (long i = firstLane; i < lanes; i++)
        {
            float* row = source + (i * laneStride);
            float* target = panel + i;
            for (long p = 0; p < steps; p++, target += width)
            {
                *target = row[p * stepStride];
            }
        }
    }
}
