using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Products of little depth, as LoRA's second factor makes them: the time goes into writing C, so its rows are
/// written once from end to end, and A is read where it lies.
/// </summary>
internal static unsafe class ShallowGemm
{
    private const long MostDepth = 32;
    private const long LeastRows = 16;
    private const long TileRows = 4;
    private const long RowsAChunk = 32;

    // Two vectors of the widest form; narrower forms take a panel in more passes.
    private const int PanelColumns = 32;

    // Columns of B that stay in the first cache with the rows of C under work.
    private const long PackedFloatsABlock = 4096;

    /// <summary>Whether it was such a product, and is done.</summary>
    public static bool TryRun(in GemmArguments product)
    {
        if (product.k > MostDepth || product.k == 0 || product.m <= LeastRows || product.n < 64 || product.bias != null)
        {
            return false;
        }

        Kernel.Launch((product.m + RowsAChunk - 1) / RowsAChunk, new Rows { product = product, packed = PackColumns(product) });
        return true;
    }

    private static float* PackColumns(in GemmArguments p)
    {
        float* panels = Scratch.Floats(ScratchUse.GemmB, ((p.n + PanelColumns - 1) / PanelColumns * PanelColumns * p.k) + Packing.Spill);
        Packing.PackPanels(p.b, p.bCol, p.bRow, p.n, p.k, PanelColumns, panels, PanelColumns * p.k);
        return panels;
    }

    private struct Rows : IKernel
    {
        public GemmArguments product;
        public float* packed;

        [SkipLocalsInit]
        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            float* edge = stackalloc float[(int)(TileRows * PanelColumns)];
            long first = chunk * RowsAChunk;
            long end = Math.Min(first + RowsAChunk, product.m);
            long block = Math.Max(1, PackedFloatsABlock / (PanelColumns * product.k)) * PanelColumns;
            for (long column = 0; column < product.n; column += block)
            {
                long columnEnd = Math.Min(column + block, product.n);
                for (long row = first; row < end; row += TileRows)
                {
                    for (long j = column; j < columnEnd; j += PanelColumns)
                    {
                        bool whole = row + TileRows <= end && j + PanelColumns <= product.n;
                        float* c = product.c + (row * product.cRow) + j;
                        for (long lane = 0; lane < PanelColumns; lane += 2 * T.Width)
                        {
                            float* b = packed + (j * product.k) + lane;
                            if (whole)
                            {
                                Tile<T>(row, end - 1, b, c + lane, product.cRow, product.accumulate);
                            }
                            else
                            {
                                Tile<T>(row, end - 1, b, edge + lane, PanelColumns, accumulate: false);
                            }
                        }

                        if (!whole)
                        {
                            Put(edge, c, Math.Min(TileRows, end - row), Math.Min(PanelColumns, product.n - j));
                        }
                    }
                }
            }
        }

        // Four rows by two vectors; where the edge has fewer rows, the last is taken again.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Tile<T>(long row, long last, float* b, float* c, long cRow, bool accumulate)
            where T : unmanaged, ILanes<T>
        {
            float* a0 = product.a + (row * product.aRow);
            float* a1 = product.a + (Math.Min(row + 1, last) * product.aRow);
            float* a2 = product.a + (Math.Min(row + 2, last) * product.aRow);
            float* a3 = product.a + (Math.Min(row + 3, last) * product.aRow);
            T zero = T.Broadcast(0);
            T l0 = zero, l1 = zero, l2 = zero, l3 = zero;
            T r0 = zero, r1 = zero, r2 = zero, r3 = zero;
            long step = product.aCol;
            for (long p = 0; p < product.k * step; p += step, b += PanelColumns)
            {
                T left = T.Load(b);
                T right = T.Load(b + T.Width);
                T x = T.Broadcast(a0[p]);
                l0.AddProduct(x, left);
                r0.AddProduct(x, right);
                x = T.Broadcast(a1[p]);
                l1.AddProduct(x, left);
                r1.AddProduct(x, right);
                x = T.Broadcast(a2[p]);
                l2.AddProduct(x, left);
                r2.AddProduct(x, right);
                x = T.Broadcast(a3[p]);
                l3.AddProduct(x, left);
                r3.AddProduct(x, right);
            }

            Store(l0, r0, c, accumulate);
            Store(l1, r1, c + cRow, accumulate);
            Store(l2, r2, c + (2 * cRow), accumulate);
            Store(l3, r3, c + (3 * cRow), accumulate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store<T>(T left, T right, float* c, bool accumulate)
            where T : unmanaged, ILanes<T>
        {
            if (accumulate)
            {
                left += T.Load(c);
                right += T.Load(c + T.Width);
            }

            left.Store(c);
            right.Store(c + T.Width);
        }

        private readonly void Put(float* edge, float* c, long rows, long columns)
        {
            for (long i = 0; i < rows; i++)
            {
                float* target = c + (i * product.cRow);
                for (long j = 0; j < columns; j++)
                {
                    float sum = edge[(i * PanelColumns) + j];
                    target[j] = product.accumulate ? target[j] + sum : sum;
                }
            }
        }
    }
}
