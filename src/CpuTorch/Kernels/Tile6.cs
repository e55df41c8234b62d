using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>6 rows of two vectors: 12 of 16 registers. The form for AVX2, for 128 bits, and the scalar reference.</summary>
internal readonly unsafe struct Tile6<T> : ITile
    where T : unmanaged, ILanes<T>
{
    public static int Rows => 6;

    public static int Columns => 2 * T.Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(long depth, float* a, long aStep, float* b, long bStep, float* c, long cRow, float* term, long termRow)
    {
        T zero = T.Broadcast(0);
        T l0 = zero, r0 = zero;
        T l1 = zero, r1 = zero;
        T l2 = zero, r2 = zero;
        T l3 = zero, r3 = zero;
        T l4 = zero, r4 = zero;
        T l5 = zero, r5 = zero;
        float* end = a + (depth * aStep);
        while (a < end)
        {
            T left = T.Load(b);
            T right = T.Load(b + T.Width);
            T x = T.Broadcast(a[0]);
            l0 = T.MulAdd(x, left, l0);
            r0 = T.MulAdd(x, right, r0);
            x = T.Broadcast(a[1]);
            l1 = T.MulAdd(x, left, l1);
            r1 = T.MulAdd(x, right, r1);
            x = T.Broadcast(a[2]);
            l2 = T.MulAdd(x, left, l2);
            r2 = T.MulAdd(x, right, r2);
            x = T.Broadcast(a[3]);
            l3 = T.MulAdd(x, left, l3);
            r3 = T.MulAdd(x, right, r3);
            x = T.Broadcast(a[4]);
            l4 = T.MulAdd(x, left, l4);
            r4 = T.MulAdd(x, right, r4);
            x = T.Broadcast(a[5]);
            l5 = T.MulAdd(x, left, l5);
            r5 = T.MulAdd(x, right, r5);
            a += aStep;
            b += bStep;
        }

        if (term != null)
        {
            l0 += T.Load(term);
            r0 += T.Load(term + T.Width);
            term += termRow;
            l1 += T.Load(term);
            r1 += T.Load(term + T.Width);
            term += termRow;
            l2 += T.Load(term);
            r2 += T.Load(term + T.Width);
            term += termRow;
            l3 += T.Load(term);
            r3 += T.Load(term + T.Width);
            term += termRow;
            l4 += T.Load(term);
            r4 += T.Load(term + T.Width);
            term += termRow;
            l5 += T.Load(term);
            r5 += T.Load(term + T.Width);
        }

        l0.Store(c);
        r0.Store(c + T.Width);
        c += cRow;
        l1.Store(c);
        r1.Store(c + T.Width);
        c += cRow;
        l2.Store(c);
        r2.Store(c + T.Width);
        c += cRow;
        l3.Store(c);
        r3.Store(c + T.Width);
        c += cRow;
        l4.Store(c);
        r4.Store(c + T.Width);
        c += cRow;
        l5.Store(c);
        r5.Store(c + T.Width);
    }
}
