using System.Numerics;
using System.Runtime.CompilerServices;

namespace CpuTorch;

/// <summary>A kernel over contiguous blocks, in float32 and, where it has a meaning there, in int64.</summary>
internal readonly unsafe partial struct Operation
{
    internal readonly delegate*<float**, float*, long, void> Real;
    internal readonly delegate*<long**, long*, long, void> Whole;
    internal readonly bool IsCopy;

    private Operation(delegate*<float**, float*, long, void> real, delegate*<long**, long*, long, void> whole = null, bool isCopy = false)
    {
        Real = real;
        Whole = whole;
        IsCopy = isCopy;
    }

    internal static readonly Operation Copy = new(null, isCopy: true);

    /// <summary>The operand as it is.</summary>
    internal static readonly Operation Take = new(&TakeReal, &TakeWhole);

    /// <summary>True where integers have no such operation.</summary>
    internal bool HasNoWhole => Whole is null;

    private interface IReal1
    {
        static abstract float Of(float x);
    }

    private interface IReal2
    {
        static abstract float Of(float a, float b);
    }

    private interface IReal3
    {
        static abstract float Of(float a, float b, float c);
    }

    /// <summary>A function with a vector form beside the scalar one.</summary>
    private interface IVector2 : IReal2
    {
        static abstract Vector<float> Of(Vector<float> a, Vector<float> b);
    }

    private interface IWhole1
    {
        static abstract long Of(long x);
    }

    private interface IWhole2
    {
        static abstract long Of(long a, long b);
    }

    private interface IWhole3
    {
        static abstract long Of(long a, long b, long c);
    }

    private static void TakeReal(float** x, float* y, long n) => Buffer.MemoryCopy(x[0], y, n * sizeof(float), n * sizeof(float));

    private static void TakeWhole(long** x, long* y, long n) => Buffer.MemoryCopy(x[0], y, n * sizeof(long), n * sizeof(long));

    private static void Map1<T>(float** x, float* y, long n)
        where T : struct, IReal1
    {
        float* a = x[0];
        for (long i = 0; i < n; i++) y[i] = T.Of(a[i]);
    }

    private static void Map2<T>(float** x, float* y, long n)
        where T : struct, IReal2
    {
        float* a = x[0];
        float* b = x[1];
        for (long i = 0; i < n; i++) y[i] = T.Of(a[i], b[i]);
    }

    private static void Map3<T>(float** x, float* y, long n)
        where T : struct, IReal3
    {
        float* a = x[0];
        float* b = x[1];
        float* c = x[2];
        for (long i = 0; i < n; i++) y[i] = T.Of(a[i], b[i], c[i]);
    }

    private static void Whole1<T>(long** x, long* y, long n)
        where T : struct, IWhole1
    {
        long* a = x[0];
        for (long i = 0; i < n; i++) y[i] = T.Of(a[i]);
    }

    private static void Whole2<T>(long** x, long* y, long n)
        where T : struct, IWhole2
    {
        long* a = x[0];
        long* b = x[1];
        for (long i = 0; i < n; i++) y[i] = T.Of(a[i], b[i]);
    }

    private static void Whole3<T>(long** x, long* y, long n)
        where T : struct, IWhole3
    {
        long* a = x[0];
        long* b = x[1];
        long* c = x[2];
        for (long i = 0; i < n; i++) y[i] = T.Of(a[i], b[i], c[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vector2<T>(float** x, float* y, long n)
        where T : struct, IVector2
    {
        float* a = x[0];
        float* b = x[1];
        long i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
            T.Of(Vector.Load(a + i), Vector.Load(b + i)).Store(y + i);
        for (; i < n; i++) y[i] = T.Of(a[i], b[i]);
    }
}
