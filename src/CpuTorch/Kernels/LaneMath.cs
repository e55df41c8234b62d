using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>Functions of lanes by polynomial; coefficients from Cephes (expf, tanhf) and Eigen (erf).</summary>
internal static class LaneMath
{
    /// <summary>e^x, to about 1.2e-7 of its value; 0 where that would be subnormal, for the processor is slow at those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        T lowest = T.Broadcast(-87.336544f);
        T inside = T.Max(lowest, T.Min(T.Broadcast(89.5f), x));
        T n = T.Round(inside * T.Broadcast(1.44269504f));
        // ln 2 in two parts: the first has few bits, so n times it is exact.
        T r = T.MulAdd(n, T.Broadcast(-0.693359375f), inside);
        r = T.MulAdd(n, T.Broadcast(2.12194440e-4f), r);
        T p = T.Broadcast(1.9875691500e-4f);
        p = T.MulAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MulAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MulAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MulAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MulAdd(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.MulAdd(p, r * r, r) + T.Broadcast(1f);
        return T.WhereLess(x, lowest, T.Broadcast(0f), T.ScaleByPowerOfTwo(p, n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : unmanaged, ILanes<T> => T.Broadcast(1f) / (T.Broadcast(1f) + Exp(T.Broadcast(0f) - x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        T a = T.Abs(x);
        T z = x * x;
        T p = T.Broadcast(-5.70498872745e-3f);
        p = T.MulAdd(p, z, T.Broadcast(2.06390887954e-2f));
        p = T.MulAdd(p, z, T.Broadcast(-5.37397155531e-2f));
        p = T.MulAdd(p, z, T.Broadcast(1.33314422036e-1f));
        p = T.MulAdd(p, z, T.Broadcast(-3.33332819422e-1f));
        T small = T.MulAdd(p * z, x, x);
        T large = T.Broadcast(1f) - (T.Broadcast(2f) / (Exp(a + a) + T.Broadcast(1f)));
        return T.WhereLess(a, T.Broadcast(0.625f), small, T.CopySign(large, x));
    }

    /// <summary>The error function as a ratio of polynomials on [-4, 4], beyond which it is ±1 in float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        x = T.Max(T.Broadcast(-4f), T.Min(T.Broadcast(4f), x));
        T z = x * x;
        T p = T.Broadcast(-2.72614225801306e-10f);
        p = T.MulAdd(p, z, T.Broadcast(2.77068142495902e-08f));
        p = T.MulAdd(p, z, T.Broadcast(-2.10102402082508e-06f));
        p = T.MulAdd(p, z, T.Broadcast(-5.69250639462346e-05f));
        p = T.MulAdd(p, z, T.Broadcast(-7.34990630326855e-04f));
        p = T.MulAdd(p, z, T.Broadcast(-2.95459980854025e-03f));
        p = T.MulAdd(p, z, T.Broadcast(-1.60960333262415e-02f));
        T q = T.Broadcast(-1.45660718464996e-05f);
        q = T.MulAdd(q, z, T.Broadcast(-2.13374055278905e-04f));
        q = T.MulAdd(q, z, T.Broadcast(-1.68282697438203e-03f));
        q = T.MulAdd(q, z, T.Broadcast(-7.37332916720468e-03f));
        q = T.MulAdd(q, z, T.Broadcast(-1.42647390514189e-02f));
        return x * p / q;
    }
}
