using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>Loops over one contiguous row on one thread. The last, partial vector goes through a padded copy.</summary>
[SkipLocalsInit]
internal static unsafe class Rows
{
    /// <summary>z = f(x, y); z may be an operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<T, TFunction>(TFunction function, long d, float* x, float* y, float* z)
        where T : unmanaged, ILanes<T>
        where TFunction : unmanaged, ILaneFunction
    {
        float* restX = stackalloc float[T.Width];
        float* restY = stackalloc float[T.Width];
        for (long i = 0; i < d; i += T.Width)
        {
            bool full = i + T.Width <= d;
            T left = T.Load(full ? x + i : Pad<T>(x + i, d - i, restX, 0));
            T right = T.Load(full ? y + i : Pad<T>(y + i, d - i, restY, 0));
            function.Apply(left, right).Store(full ? z + i : restX);
            if (!full)
            {
                CopyPart(restX, z + i, d - i);
            }
        }
    }

    /// <summary>The sum of f(x, y). f(0, 0) must be 0: that is what pads the last vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum<T, TFunction>(TFunction function, long d, float* x, float* y)
        where T : unmanaged, ILanes<T>
        where TFunction : unmanaged, ILaneFunction
    {
        float* restX = stackalloc float[T.Width];
        float* restY = stackalloc float[T.Width];
        T even = T.Broadcast(0);
        T odd = T.Broadcast(0);
        for (long i = 0; i < d; i += T.Width)
        {
            bool full = i + T.Width <= d;
            T left = T.Load(full ? x + i : Pad<T>(x + i, d - i, restX, 0));
            T right = T.Load(full ? y + i : Pad<T>(y + i, d - i, restY, 0));
            T sum = odd + function.Apply(left, right);
            odd = even;
            even = sum;
        }

        return (even + odd).Sum();
    }

    public static float Sum<T>(long d, float* x)
        where T : unmanaged, ILanes<T> => Sum<T, First>(default, d, x, x);

    public static float Dot<T>(long d, float* x, float* y)
        where T : unmanaged, ILanes<T> => Sum<T, Times>(default, d, x, y);

    /// <summary>The largest; NaN are passed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max<T>(long d, float* x)
        where T : unmanaged, ILanes<T>
    {
        float* rest = stackalloc float[T.Width];
        T max = T.Broadcast(float.NegativeInfinity);
        for (long i = 0; i < d; i += T.Width)
        {
            max = T.Max(T.Load(i + T.Width <= d ? x + i : Pad<T>(x + i, d - i, rest, float.NegativeInfinity)), max);
        }

        return max.Max();
    }

    /// <summary>y = exp(x * factor - shift), for a positive factor; returns the sum of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float ExpAndSum<T>(long d, float* x, float factor, float shift, float* y)
        where T : unmanaged, ILanes<T>
    {
        float* rest = stackalloc float[T.Width];
        T scale = T.Broadcast(factor);
        T offset = T.Broadcast(shift);
        T even = T.Broadcast(0);
        T odd = T.Broadcast(0);
        for (long i = 0; i < d; i += T.Width)
        {
            bool full = i + T.Width <= d;
            T value = T.Load(full ? x + i : Pad<T>(x + i, d - i, rest, float.NegativeInfinity));
            T term = LaneMath.Exp((value * scale) - offset);
            T sum = odd + term;
            odd = even;
            even = sum;
            term.Store(full ? y + i : rest);
            if (!full)
            {
                CopyPart(rest, y + i, d - i);
            }
        }

        return (even + odd).Sum();
    }

    /// <summary>The sum of exp(x - shift).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfExp<T>(long d, float* x, float shift)
        where T : unmanaged, ILanes<T>
    {
        float* rest = stackalloc float[T.Width];
        T offset = T.Broadcast(shift);
        T even = T.Broadcast(0);
        T odd = T.Broadcast(0);
        for (long i = 0; i < d; i += T.Width)
        {
            T value = T.Load(i + T.Width <= d ? x + i : Pad<T>(x + i, d - i, rest, float.NegativeInfinity));
            T sum = odd + LaneMath.Exp(value - offset);
            odd = even;
            even = sum;
        }

        return (even + odd).Sum();
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float* Pad<T>(float* source, long count, float* buffer, float fill)
        where T : unmanaged, ILanes<T>
    {
        T.Broadcast(fill).Store(buffer);
        CopyPart(source, buffer, count);
        return buffer;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPart(float* source, float* target, long count)
    {
        for (long i = 0; i < count; i++)
        {
            target[i] = source[i];
        }
    }
}
