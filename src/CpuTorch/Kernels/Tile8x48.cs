using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CpuTorch.Kernels;

/// <summary>
/// 8 rows of 48 columns in 24 of AVX-512's registers: for products of 8 or 16 rows, as the gradients of LoRA's weights are,
/// of which a tile of 14 rows would waste a good part.
/// </summary>
internal readonly unsafe struct Tile8x48 : ITile
{
    public static int Rows => 8;

    public static int Columns => 48;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(long depth, float* a, long aStep, float* b, long bStep, float* c, long cRow, float* term, long termRow)
    {
        Vector512<float> l0 = Vector512<float>.Zero, m0 = Vector512<float>.Zero, r0 = Vector512<float>.Zero;
        Vector512<float> l1 = Vector512<float>.Zero, m1 = Vector512<float>.Zero, r1 = Vector512<float>.Zero;
        Vector512<float> l2 = Vector512<float>.Zero, m2 = Vector512<float>.Zero, r2 = Vector512<float>.Zero;
        Vector512<float> l3 = Vector512<float>.Zero, m3 = Vector512<float>.Zero, r3 = Vector512<float>.Zero;
        Vector512<float> l4 = Vector512<float>.Zero, m4 = Vector512<float>.Zero, r4 = Vector512<float>.Zero;
        Vector512<float> l5 = Vector512<float>.Zero, m5 = Vector512<float>.Zero, r5 = Vector512<float>.Zero;
        Vector512<float> l6 = Vector512<float>.Zero, m6 = Vector512<float>.Zero, r6 = Vector512<float>.Zero;
        Vector512<float> l7 = Vector512<float>.Zero, m7 = Vector512<float>.Zero, r7 = Vector512<float>.Zero;
        float* end = a + (depth * aStep);
        while (a < end)
        {
            Vector512<float> left = Vector512.Load(b);
            Vector512<float> middle = Vector512.Load(b + 16);
            Vector512<float> right = Vector512.Load(b + 32);
            Vector512<float> x = Vector512.Create(a[0]);
            l0 = Avx512F.FusedMultiplyAdd(x, left, l0);
            m0 = Avx512F.FusedMultiplyAdd(x, middle, m0);
            r0 = Avx512F.FusedMultiplyAdd(x, right, r0);
            x = Vector512.Create(a[1]);
            l1 = Avx512F.FusedMultiplyAdd(x, left, l1);
            m1 = Avx512F.FusedMultiplyAdd(x, middle, m1);
            r1 = Avx512F.FusedMultiplyAdd(x, right, r1);
            x = Vector512.Create(a[2]);
            l2 = Avx512F.FusedMultiplyAdd(x, left, l2);
            m2 = Avx512F.FusedMultiplyAdd(x, middle, m2);
            r2 = Avx512F.FusedMultiplyAdd(x, right, r2);
            x = Vector512.Create(a[3]);
            l3 = Avx512F.FusedMultiplyAdd(x, left, l3);
            m3 = Avx512F.FusedMultiplyAdd(x, middle, m3);
            r3 = Avx512F.FusedMultiplyAdd(x, right, r3);
            x = Vector512.Create(a[4]);
            l4 = Avx512F.FusedMultiplyAdd(x, left, l4);
            m4 = Avx512F.FusedMultiplyAdd(x, middle, m4);
            r4 = Avx512F.FusedMultiplyAdd(x, right, r4);
            x = Vector512.Create(a[5]);
            l5 = Avx512F.FusedMultiplyAdd(x, left, l5);
            m5 = Avx512F.FusedMultiplyAdd(x, middle, m5);
            r5 = Avx512F.FusedMultiplyAdd(x, right, r5);
            x = Vector512.Create(a[6]);
            l6 = Avx512F.FusedMultiplyAdd(x, left, l6);
            m6 = Avx512F.FusedMultiplyAdd(x, middle, m6);
            r6 = Avx512F.FusedMultiplyAdd(x, right, r6);
            x = Vector512.Create(a[7]);
            l7 = Avx512F.FusedMultiplyAdd(x, left, l7);
            m7 = Avx512F.FusedMultiplyAdd(x, middle, m7);
            r7 = Avx512F.FusedMultiplyAdd(x, right, r7);
            a += aStep;
            b += bStep;
        }

        Store(l0, m0, r0, ref c, cRow, ref term, termRow);
        Store(l1, m1, r1, ref c, cRow, ref term, termRow);
        Store(l2, m2, r2, ref c, cRow, ref term, termRow);
        Store(l3, m3, r3, ref c, cRow, ref term, termRow);
        Store(l4, m4, r4, ref c, cRow, ref term, termRow);
        Store(l5, m5, r5, ref c, cRow, ref term, termRow);
        Store(l6, m6, r6, ref c, cRow, ref term, termRow);
        Store(l7, m7, r7, ref c, cRow, ref term, termRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> left, Vector512<float> middle, Vector512<float> right, ref float* c, long cRow, ref float* term, long termRow)
    {
        if (term != null)
        {
            left += Vector512.Load(term);
            middle += Vector512.Load(term + 16);
            right += Vector512.Load(term + 32);
            term += termRow;
        }

        left.Store(c);
        middle.Store(c + 16);
        right.Store(c + 32);
        c += cRow;
    }
}
