using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Products of many rows by 9 to 16 columns (dot products serve fewer better), as LoRA's first factor makes them: a row of A
/// is read once, each element spread over the lanes that hold all columns of C.
/// </summary>
internal static unsafe class NarrowGemm
{
    private const long MostColumns = 16;
    private const long TileRows = 8;

    // Enough work to be worth a dispatch, little enough to share out evenly.
    private const long ProductsAChunk = 1 << 18;

    /// <summary>Whether it was such a product, and is done.</summary>
    public static bool TryRun(in GemmArguments product)
    {
        if (product.n > MostColumns || product.m <= MostColumns || product.aCol != 1)
        {
            return false;
        }

        long size = Math.Max(1, ProductsAChunk / (product.n * Math.Max(1, product.k)) / TileRows) * TileRows;
        Kernel.Launch((product.m + size - 1) / size, new Rows { product = product, packed = PackColumns(product), size = size });
        return true;
    }

    // Lanes beyond n stay as they are packed: zero, and never stored.
    private static float* PackColumns(in GemmArguments p)
    {
        float* panel = Scratch.Floats(ScratchUse.GemmB, (MostColumns * p.k) + Packing.Spill);
        Packing.PackPanels(p.b, p.bCol, p.bRow, p.n, p.k, (int)MostColumns, panel, 0);
        return panel;
    }

    private struct Rows : IKernel
    {
        public GemmArguments product;
        public float* packed;
        public long size;

        [SkipLocalsInit]
        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            float* sums = stackalloc float[(int)(TileRows * MostColumns)];
            long end = Math.Min((chunk + 1) * size, product.m);
            for (long row = chunk * size; row < end; row += TileRows)
            {
                for (long column = 0; column < product.n; column += T.Width)
                {
                    Tile<T>(row, end - 1, packed + column, sums + column);
                }

                Put(sums, row, Math.Min(TileRows, end - row));
            }
        }

        // Eight rows; where the edge has fewer, the last is taken again and not stored.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Tile<T>(long row, long last, float* columns, float* sums)
            where T : unmanaged, ILanes<T>
        {
            float* a0 = product.a + (row * product.aRow);
            float* a1 = product.a + (Math.Min(row + 1, last) * product.aRow);
            float* a2 = product.a + (Math.Min(row + 2, last) * product.aRow);
            float* a3 = product.a + (Math.Min(row + 3, last) * product.aRow);
            float* a4 = product.a + (Math.Min(row + 4, last) * product.aRow);
            float* a5 = product.a + (Math.Min(row + 5, last) * product.aRow);
            float* a6 = product.a + (Math.Min(row + 6, last) * product.aRow);
            float* a7 = product.a + (Math.Min(row + 7, last) * product.aRow);
            T s0 = T.Broadcast(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            for (long p = 0; p < product.k; p++, columns += MostColumns)
            {
                T y = T.Load(columns);
                s0.AddProduct(y, T.Broadcast(a0[p]));
                s1.AddProduct(y, T.Broadcast(a1[p]));
                s2.AddProduct(y, T.Broadcast(a2[p]));
                s3.AddProduct(y, T.Broadcast(a3[p]));
                s4.AddProduct(y, T.Broadcast(a4[p]));
                s5.AddProduct(y, T.Broadcast(a5[p]));
                s6.AddProduct(y, T.Broadcast(a6[p]));
                s7.AddProduct(y, T.Broadcast(a7[p]));
            }

            s0.Store(sums);
            s1.Store(sums + MostColumns);
            s2.Store(sums + (2 * MostColumns));
            s3.Store(sums + (3 * MostColumns));
            s4.Store(sums + (4 * MostColumns));
            s5.Store(sums + (5 * MostColumns));
            s6.Store(sums + (6 * MostColumns));
            s7.Store(sums + (7 * MostColumns));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Put(float* sums, long row, long rows)
        {
            for (long i = 0; i < rows; i++)
            {
                float* target = product.c + ((row + i) * product.cRow);
                for (long j = 0; j < product.n; j++)
                {
                    float sum = sums[(i * MostColumns) + j];
                    sum = product.bias == null ? sum : sum + product.bias[j];
                    target[j] = product.accumulate ? target[j] + sum : sum;
                }
            }
        }
    }
}
