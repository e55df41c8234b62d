using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Products of few rows, as in generation, or of very few columns, as by a low-rank adapter's first factor: rows of A
/// against columns of B as dot products, both contiguous along k.
/// </summary>
internal static unsafe class DotGemm
{
    private const long FewColumns = 8;
    private const long FewRows = 16;

    // At most: a tile has as many sums as there are registers for.
    private const long RowsATile = 4;
    private const long ColumnsATile = 4;
    private const long ProductsAChunk = 1 << 18;

    /// <summary>Whether it was such a product, and is done.</summary>
    public static bool TryRun(in GemmArguments product)
    {
        if (product.aCol != 1 || product.k < 8)
        {
            return false;
        }

        if (product.bRow == 1 && (product.n <= FewColumns || product.m <= FewRows))
        {
            Run(product);
            return true;
        }

        if (product.n <= FewColumns && product.m > FewRows)
        {
            Run(WithColumnsContiguous(product));
            return true;
        }

        return false;
    }

    private static GemmArguments WithColumnsContiguous(in GemmArguments product)
    {
        long width = (product.k + 15) & ~15L;
        GemmArguments turned = product;
        turned.b = Scratch.Floats(ScratchUse.GemmB, (product.n * width) + Packing.Spill);
        (turned.bRow, turned.bCol) = (1, width);
        Packing.PackPanels(product.b, product.bRow, product.bCol, product.k, product.n, (int)width, turned.b, 0);
        return turned;
    }

    private static void Run(in GemmArguments product)
    {
        bool byRows = product.m >= product.n;
        (long along, long across, long tile) = byRows ? (product.m, product.n, RowsATile) : (product.n, product.m, ColumnsATile);
        long size = Math.Max(tile, ProductsAChunk / Math.Max(1, across * product.k) / tile * tile);
        Kernel.Launch((along + size - 1) / size, new Dots { product = product, byRows = byRows, size = size });
    }

    private struct Dots : IKernel
    {
        public GemmArguments product;
        public bool byRows;
        public long size;

        [SkipLocalsInit]
        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long start = chunk * size;
            (long firstRow, long rowEnd) = byRows ? (start, Math.Min(start + size, product.m)) : (0, product.m);
            (long firstColumn, long columnEnd) = byRows ? (0, product.n) : (start, Math.Min(start + size, product.n));
            float* dots = stackalloc float[(int)(RowsATile * ColumnsATile)];
            bool four = T.Width == 16 && rowEnd - firstRow > 2;
            long rows = four ? 4 : 2;
            for (long j = firstColumn; j < columnEnd; j += ColumnsATile)
            {
                for (long i = firstRow; i < rowEnd; i += rows)
                {
                    if (four)
                    {
                        FourRows<T>(i, rowEnd - 1, j, columnEnd - 1, dots);
                    }
                    else
                    {
                        TwoRows<T>(i, rowEnd - 1, j, columnEnd - 1, dots);
                    }

                    Put(dots, i, Math.Min(rows, rowEnd - i), j, Math.Min(ColumnsATile, columnEnd - j));
                }
            }
        }

        // Four rows by four columns; where the edge has fewer, the last is taken again and not stored.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void FourRows<T>(long row, long lastRow, long column, long lastColumn, float* dots)
            where T : unmanaged, ILanes<T>
        {
            float* a0 = product.a + (row * product.aRow);
            float* a1 = product.a + (Math.Min(row + 1, lastRow) * product.aRow);
            float* a2 = product.a + (Math.Min(row + 2, lastRow) * product.aRow);
            float* a3 = product.a + (Math.Min(row + 3, lastRow) * product.aRow);
            float* b0 = product.b + (column * product.bCol);
            float* b1 = product.b + (Math.Min(column + 1, lastColumn) * product.bCol);
            float* b2 = product.b + (Math.Min(column + 2, lastColumn) * product.bCol);
            float* b3 = product.b + (Math.Min(column + 3, lastColumn) * product.bCol);
            T zero = T.Broadcast(0);
            T s00 = zero, s01 = zero, s02 = zero, s03 = zero;
            T s10 = zero, s11 = zero, s12 = zero, s13 = zero;
            T s20 = zero, s21 = zero, s22 = zero, s23 = zero;
            T s30 = zero, s31 = zero, s32 = zero, s33 = zero;
            long whole = product.k / T.Width * T.Width;
            for (long p = 0; p < whole; p += T.Width)
            {
                T x0 = T.Load(a0 + p);
                T x1 = T.Load(a1 + p);
                T x2 = T.Load(a2 + p);
                T x3 = T.Load(a3 + p);
                T y = T.Load(b0 + p);
                s00.AddProduct(x0, y);
                s10.AddProduct(x1, y);
                s20.AddProduct(x2, y);
                s30.AddProduct(x3, y);
                y = T.Load(b1 + p);
                s01.AddProduct(x0, y);
                s11.AddProduct(x1, y);
                s21.AddProduct(x2, y);
                s31.AddProduct(x3, y);
                y = T.Load(b2 + p);
                s02.AddProduct(x0, y);
                s12.AddProduct(x1, y);
                s22.AddProduct(x2, y);
                s32.AddProduct(x3, y);
                y = T.Load(b3 + p);
                s03.AddProduct(x0, y);
                s13.AddProduct(x1, y);
                s23.AddProduct(x2, y);
                s33.AddProduct(x3, y);
            }

            dots[0] = s00.Sum();
            dots[1] = s01.Sum();
            dots[2] = s02.Sum();
            dots[3] = s03.Sum();
            dots[4] = s10.Sum();
            dots[5] = s11.Sum();
            dots[6] = s12.Sum();
            dots[7] = s13.Sum();
            dots[8] = s20.Sum();
            dots[9] = s21.Sum();
            dots[10] = s22.Sum();
            dots[11] = s23.Sum();
            dots[12] = s30.Sum();
            dots[13] = s31.Sum();
            dots[14] = s32.Sum();
            dots[15] = s33.Sum();
            for (long p = whole; p < product.k; p++)
            {
                dots[0] += a0[p] * b0[p];
                dots[1] += a0[p] * b1[p];
                dots[2] += a0[p] * b2[p];
                dots[3] += a0[p] * b3[p];
                dots[4] += a1[p] * b0[p];
                dots[5] += a1[p] * b1[p];
                dots[6] += a1[p] * b2[p];
                dots[7] += a1[p] * b3[p];
                dots[8] += a2[p] * b0[p];
                dots[9] += a2[p] * b1[p];
                dots[10] += a2[p] * b2[p];
                dots[11] += a2[p] * b3[p];
                dots[12] += a3[p] * b0[p];
                dots[13] += a3[p] * b1[p];
                dots[14] += a3[p] * b2[p];
                dots[15] += a3[p] * b3[p];
            }
        }

        // Two rows by four columns; where the edge has fewer, the last is taken again and not stored.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void TwoRows<T>(long row, long lastRow, long column, long lastColumn, float* dots)
            where T : unmanaged, ILanes<T>
        {
            float* a0 = product.a + (row * product.aRow);
            float* a1 = product.a + (Math.Min(row + 1, lastRow) * product.aRow);
            float* b0 = product.b + (column * product.bCol);
            float* b1 = product.b + (Math.Min(column + 1, lastColumn) * product.bCol);
            float* b2 = product.b + (Math.Min(column + 2, lastColumn) * product.bCol);
            float* b3 = product.b + (Math.Min(column + 3, lastColumn) * product.bCol);
            T zero = T.Broadcast(0);
            T s00 = zero, s01 = zero, s02 = zero, s03 = zero;
            T s10 = zero, s11 = zero, s12 = zero, s13 = zero;
            long whole = product.k / T.Width * T.Width;
            for (long p = 0; p < whole; p += T.Width)
            {
                T x0 = T.Load(a0 + p);
                T x1 = T.Load(a1 + p);
                T y = T.Load(b0 + p);
                s00.AddProduct(x0, y);
                s10.AddProduct(x1, y);
                y = T.Load(b1 + p);
                s01.AddProduct(x0, y);
                s11.AddProduct(x1, y);
                y = T.Load(b2 + p);
                s02.AddProduct(x0, y);
                s12.AddProduct(x1, y);
                y = T.Load(b3 + p);
                s03.AddProduct(x0, y);
                s13.AddProduct(x1, y);
            }

            dots[0] = s00.Sum();
            dots[1] = s01.Sum();
            dots[2] = s02.Sum();
            dots[3] = s03.Sum();
            dots[4] = s10.Sum();
            dots[5] = s11.Sum();
            dots[6] = s12.Sum();
            dots[7] = s13.Sum();
            for (long p = whole; p < product.k; p++)
            {
                dots[0] += a0[p] * b0[p];
                dots[1] += a0[p] * b1[p];
                dots[2] += a0[p] * b2[p];
                dots[3] += a0[p] * b3[p];
                dots[4] += a1[p] * b0[p];
                dots[5] += a1[p] * b1[p];
                dots[6] += a1[p] * b2[p];
                dots[7] += a1[p] * b3[p];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Put(float* dots, long row, long rows, long column, long columns)
        {
            for (long i = 0; i < rows; i++)
            {
                float* target = product.c + ((row + i) * product.cRow) + column;
                for (long j = 0; j < columns; j++)
                {
                    float sum = dots[(i * ColumnsATile) + j];
                    sum = product.bias == null ? sum : sum + product.bias[column + j];
                    target[j] = product.accumulate ? target[j] + sum : sum;
                }
            }
        }
    }
}
