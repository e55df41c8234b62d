using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CpuTorch.Kernels;

/// <summary>
/// 14 rows of 32 columns in 28 of AVX-512's 32 registers, written out: the compiler keeps named locals in registers.
/// Two columns of B and one broadcast of A take three more.
/// </summary>
internal readonly unsafe struct Tile14x32 : ITile
{
    public static int Rows => 14;

    public static int Columns => 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(long depth, float* a, long aStep, float* b, long bStep, float* c, long cRow, float* term, long termRow)
    {
        Vector512<float> l0 = Vector512<float>.Zero, r0 = Vector512<float>.Zero;
        Vector512<float> l1 = Vector512<float>.Zero, r1 = Vector512<float>.Zero;
        Vector512<float> l2 = Vector512<float>.Zero, r2 = Vector512<float>.Zero;
        Vector512<float> l3 = Vector512<float>.Zero, r3 = Vector512<float>.Zero;
        Vector512<float> l4 = Vector512<float>.Zero, r4 = Vector512<float>.Zero;
        Vector512<float> l5 = Vector512<float>.Zero, r5 = Vector512<float>.Zero;
        Vector512<float> l6 = Vector512<float>.Zero, r6 = Vector512<float>.Zero;
        Vector512<float> l7 = Vector512<float>.Zero, r7 = Vector512<float>.Zero;
        Vector512<float> l8 = Vector512<float>.Zero, r8 = Vector512<float>.Zero;
        Vector512<float> l9 = Vector512<float>.Zero, r9 = Vector512<float>.Zero;
        Vector512<float> l10 = Vector512<float>.Zero, r10 = Vector512<float>.Zero;
        Vector512<float> l11 = Vector512<float>.Zero, r11 = Vector512<float>.Zero;
        Vector512<float> l12 = Vector512<float>.Zero, r12 = Vector512<float>.Zero;
        Vector512<float> l13 = Vector512<float>.Zero, r13 = Vector512<float>.Zero;
        // C comes from far away and is wanted only at the end.
        float* early = c;
        for (int i = 0; i < 14; i++, early += cRow)
        {
            Sse.Prefetch0(early);
            Sse.Prefetch0(early + 16);
        }

        float* end = a + (depth * aStep);
        while (a < end)
        {
            Vector512<float> left = Vector512.Load(b);
            Vector512<float> right = Vector512.Load(b + 16);
            Vector512<float> x = Vector512.Create(a[0]);
            l0 = Avx512F.FusedMultiplyAdd(x, left, l0);
            r0 = Avx512F.FusedMultiplyAdd(x, right, r0);
            x = Vector512.Create(a[1]);
            l1 = Avx512F.FusedMultiplyAdd(x, left, l1);
            r1 = Avx512F.FusedMultiplyAdd(x, right, r1);
            x = Vector512.Create(a[2]);
            l2 = Avx512F.FusedMultiplyAdd(x, left, l2);
            r2 = Avx512F.FusedMultiplyAdd(x, right, r2);
            x = Vector512.Create(a[3]);
            l3 = Avx512F.FusedMultiplyAdd(x, left, l3);
            r3 = Avx512F.FusedMultiplyAdd(x, right, r3);
            x = Vector512.Create(a[4]);
            l4 = Avx512F.FusedMultiplyAdd(x, left, l4);
            r4 = Avx512F.FusedMultiplyAdd(x, right, r4);
            x = Vector512.Create(a[5]);
            l5 = Avx512F.FusedMultiplyAdd(x, left, l5);
            r5 = Avx512F.FusedMultiplyAdd(x, right, r5);
            x = Vector512.Create(a[6]);
            l6 = Avx512F.FusedMultiplyAdd(x, left, l6);
            r6 = Avx512F.FusedMultiplyAdd(x, right, r6);
            x = Vector512.Create(a[7]);
            l7 = Avx512F.FusedMultiplyAdd(x, left, l7);
            r7 = Avx512F.FusedMultiplyAdd(x, right, r7);
            x = Vector512.Create(a[8]);
            l8 = Avx512F.FusedMultiplyAdd(x, left, l8);
            r8 = Avx512F.FusedMultiplyAdd(x, right, r8);
            x = Vector512.Create(a[9]);
            l9 = Avx512F.FusedMultiplyAdd(x, left, l9);
            r9 = Avx512F.FusedMultiplyAdd(x, right, r9);
            x = Vector512.Create(a[10]);
            l10 = Avx512F.FusedMultiplyAdd(x, left, l10);
            r10 = Avx512F.FusedMultiplyAdd(x, right, r10);
            x = Vector512.Create(a[11]);
            l11 = Avx512F.FusedMultiplyAdd(x, left, l11);
            r11 = Avx512F.FusedMultiplyAdd(x, right, r11);
            x = Vector512.Create(a[12]);
            l12 = Avx512F.FusedMultiplyAdd(x, left, l12);
            r12 = Avx512F.FusedMultiplyAdd(x, right, r12);
            x = Vector512.Create(a[13]);
            l13 = Avx512F.FusedMultiplyAdd(x, left, l13);
            r13 = Avx512F.FusedMultiplyAdd(x, right, r13);
            a += aStep;
            b += bStep;
        }

        if (term != null)
        {
            l0 += Vector512.Load(term);
            r0 += Vector512.Load(term + 16);
            term += termRow;
            l1 += Vector512.Load(term);
            r1 += Vector512.Load(term + 16);
            term += termRow;
            l2 += Vector512.Load(term);
            r2 += Vector512.Load(term + 16);
            term += termRow;
            l3 += Vector512.Load(term);
            r3 += Vector512.Load(term + 16);
            term += termRow;
            l4 += Vector512.Load(term);
            r4 += Vector512.Load(term + 16);
            term += termRow;
            l5 += Vector512.Load(term);
            r5 += Vector512.Load(term + 16);
            term += termRow;
            l6 += Vector512.Load(term);
            r6 += Vector512.Load(term + 16);
            term += termRow;
            l7 += Vector512.Load(term);
            r7 += Vector512.Load(term + 16);
            term += termRow;
            l8 += Vector512.Load(term);
            r8 += Vector512.Load(term + 16);
            term += termRow;
            l9 += Vector512.Load(term);
            r9 += Vector512.Load(term + 16);
            term += termRow;
            l10 += Vector512.Load(term);
            r10 += Vector512.Load(term + 16);
            term += termRow;
            l11 += Vector512.Load(term);
            r11 += Vector512.Load(term + 16);
            term += termRow;
            l12 += Vector512.Load(term);
            r12 += Vector512.Load(term + 16);
            term += termRow;
            l13 += Vector512.Load(term);
            r13 += Vector512.Load(term + 16);
        }

        l0.Store(c);
        r0.Store(c + 16);
        c += cRow;
        l1.Store(c);
        r1.Store(c + 16);
        c += cRow;
        l2.Store(c);
        r2.Store(c + 16);
        c += cRow;
        l3.Store(c);
        r3.Store(c + 16);
        c += cRow;
        l4.Store(c);
        r4.Store(c + 16);
        c += cRow;
        l5.Store(c);
        r5.Store(c + 16);
        c += cRow;
        l6.Store(c);
        r6.Store(c + 16);
        c += cRow;
        l7.Store(c);
        r7.Store(c + 16);
        c += cRow;
        l8.Store(c);
        r8.Store(c + 16);
        c += cRow;
        l9.Store(c);
        r9.Store(c + 16);
        c += cRow;
        l10.Store(c);
        r10.Store(c + 16);
        c += cRow;
        l11.Store(c);
        r11.Store(c + 16);
        c += cRow;
        l12.Store(c);
        r12.Store(c + 16);
        c += cRow;
        l13.Store(c);
        r13.Store(c + 16);
    }
}
