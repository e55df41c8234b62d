using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CpuTorch.Kernels;

/// <summary>
/// Packs a strip of a matrix into a panel: for each step of the inner dimension, `width` elements side by side.
/// Missing lanes become zeros, so that tiles at the edge need no code of their own.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>
    /// panel[p * width + i] = source[i * laneStride + p * stepStride] for i below lanes, else 0; lanes at most width.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* source, long laneStride, long stepStride, long lanes, long steps, int width, float* panel)
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
        if (lanes == 32)
        {
            for (long p = 0; p < steps; p++, source += stepStride, panel += width)
            {
                Vector256<float> a = Vector256.Load(source);
                Vector256<float> b = Vector256.Load(source + 8);
                Vector256<float> c = Vector256.Load(source + 16);
                Vector256<float> d = Vector256.Load(source + 24);
                a.Store(panel);
                b.Store(panel + 8);
                c.Store(panel + 16);
                d.Store(panel + 24);
            }

            return;
        }

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

    private static void Gather(float* source, long laneStride, long stepStride, long firstLane, long lanes, long steps, int width, float* panel)
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
