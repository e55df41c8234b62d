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
    private const long TileRows = 6;
    private const long RowsAChunk = 36;

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
                        float* c = product.c + (row * product.cRow) + j;
                        bool whole = row + TileRows <= end && j + PanelColumns <= product.n;
                        // The last tile begins early enough to be whole; of an edge only what is wanted is stored.
                        long start = Math.Min(row, product.m - TileRows);
                        for (long lane = 0; lane < PanelColumns; lane += 2 * T.Width)
                        {
                            float* b = packed + (j * product.k) + lane;
                            if (whole)
                            {
                                Tile<T>(product.a + (row * product.aRow), b, c + lane, product.cRow, product.accumulate);
                            }
                            else
                            {
                                Tile<T>(product.a + (start * product.aRow), b, edge + lane, PanelColumns, accumulate: false);
                            }
                        }

                        if (!whole)
                        {
                            Put(edge + ((row - start) * PanelColumns), c, Math.Min(TileRows, end - row), Math.Min(PanelColumns, product.n - j));
                        }
                    }
                }
            }
        }

        // Six rows by two vectors: as many sums as the narrower forms have registers for.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Tile<T>(float* a0, float* b, float* c, long cRow, bool accumulate)
            where T : unmanaged, ILanes<T>
        {
            (long one, long two, long step) = (product.aRow, 2 * product.aRow, product.aCol);
            float* a3 = a0 + (3 * one);
            T zero = T.Broadcast(0);
            T l0 = zero, l1 = zero, l2 = zero, l3 = zero, l4 = zero, l5 = zero;
            T r0 = zero, r1 = zero, r2 = zero, r3 = zero, r4 = zero, r5 = zero;
            float* end = b + (product.k * PanelColumns);
            while (b < end)
            {
                T left = T.Load(b);
                T right = T.Load(b + T.Width);
                T x = T.Broadcast(a0[0]);
                l0.AddProduct(x, left);
                r0.AddProduct(x, right);
                x = T.Broadcast(a0[one]);
                l1.AddProduct(x, left);
                r1.AddProduct(x, right);
                x = T.Broadcast(a0[two]);
                l2.AddProduct(x, left);
                r2.AddProduct(x, right);
                x = T.Broadcast(a3[0]);
                l3.AddProduct(x, left);
                r3.AddProduct(x, right);
                x = T.Broadcast(a3[one]);
                l4.AddProduct(x, left);
                r4.AddProduct(x, right);
                x = T.Broadcast(a3[two]);
                l5.AddProduct(x, left);
                r5.AddProduct(x, right);
                a0 += step;
                a3 += step;
                b += PanelColumns;
            }

            Store(l0, r0, c, accumulate);
            Store(l1, r1, c + cRow, accumulate);
            Store(l2, r2, c + (2 * cRow), accumulate);
            Store(l3, r3, c + (3 * cRow), accumulate);
            Store(l4, r4, c + (4 * cRow), accumulate);
            Store(l5, r5, c + (5 * cRow), accumulate);
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
