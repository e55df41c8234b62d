using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Products of many rows by 9 to 16 columns (dot products serve fewer better), as LoRA's first factor makes them: a row of A
/// is read once, each element spread over the lanes that hold all columns of C.
/// </summary>
internal static unsafe class NarrowGemm
{
    private const long MostColumns = 16;
    private const long TileRows = 12;

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
                // The last tile begins early enough to be whole; what others have done of it is not stored again.
                long first = Math.Min(row, product.m - TileRows);
                for (long column = 0; column < product.n; column += T.Width)
                {
                    Tile<T>(product.a + (first * product.aRow), packed + column, sums + column);
                }

                Put(sums + ((row - first) * MostColumns), row, Math.Min(TileRows, end - row));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Tile<T>(float* a0, float* columns, float* sums)
            where T : unmanaged, ILanes<T>
        {
            (long one, long two) = (product.aRow, 2 * product.aRow);
            float* a3 = a0 + (3 * one);
            float* a6 = a0 + (6 * one);
            float* a9 = a0 + (9 * one);
            T s0 = T.Broadcast(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0, s10 = s0, s11 = s0;
            float* end = a0 + product.k;
            while (a0 < end)
            {
                T y = T.Load(columns);
                s0.AddProduct(y, T.Broadcast(a0[0]));
                s1.AddProduct(y, T.Broadcast(a0[one]));
                s2.AddProduct(y, T.Broadcast(a0[two]));
                s3.AddProduct(y, T.Broadcast(a3[0]));
                s4.AddProduct(y, T.Broadcast(a3[one]));
                s5.AddProduct(y, T.Broadcast(a3[two]));
                s6.AddProduct(y, T.Broadcast(a6[0]));
                s7.AddProduct(y, T.Broadcast(a6[one]));
                s8.AddProduct(y, T.Broadcast(a6[two]));
                s9.AddProduct(y, T.Broadcast(a9[0]));
                s10.AddProduct(y, T.Broadcast(a9[one]));
                s11.AddProduct(y, T.Broadcast(a9[two]));
                a0++;
                a3++;
                a6++;
                a9++;
                columns += MostColumns;
            }

            s0.Store(sums);
            s1.Store(sums + MostColumns);
            s2.Store(sums + (2 * MostColumns));
            s3.Store(sums + (3 * MostColumns));
            s4.Store(sums + (4 * MostColumns));
            s5.Store(sums + (5 * MostColumns));
            s6.Store(sums + (6 * MostColumns));
            s7.Store(sums + (7 * MostColumns));
            s8.Store(sums + (8 * MostColumns));
            s9.Store(sums + (9 * MostColumns));
            s10.Store(sums + (10 * MostColumns));
            s11.Store(sums + (11 * MostColumns));
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
