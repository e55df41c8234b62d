namespace CpuTorch.Kernels;

/// <summary>
/// The blocked product of Goto and van de Geijn (2008): B packed once by all threads, then blocks of rows, claimed
/// by threads as they become free, each packing its own A and running tiles.
/// </summary>
internal static unsafe class PackedGemm<TTile>
    where TTile : struct, ITile
{
    // A block of A is 128 × 256 floats, 128 KiB of the second-level cache; a panel of it 14 KiB of the first.
    private const long MostDepth = 384;
    private const long BlockRows = 128;

    // Columns packed at a time: bounds the scratch at 2^22 floats for deep products, and A is packed again for each.
    private const long MostPackedFloats = 1L << 22;

    private static long TileRows => TTile.Rows;

    private static long TileColumns => TTile.Columns;

    public static void Run(in GemmArguments product)
    {
        long most = Math.Max(TileColumns, MostPackedFloats / Math.Max(1, product.k) / TileColumns * TileColumns);
        for (long column = 0; column < product.n; column += most)
        {
            RunColumns(product, column, Math.Min(most, product.n - column));
        }
    }

    private static void RunColumns(in GemmArguments product, long column, long columns)
    {
        long blocks = Math.Max(1, (product.k + MostDepth - 1) / MostDepth);
        long rowPanels = (product.m + TileRows - 1) / TileRows;
        long panelsABlock = Math.Max(1, BlockRows / TileRows);
        Plan plan = new()
        {
            product = product,
            depth = (product.k + blocks - 1) / blocks,
            columnPanels = (columns + TileColumns - 1) / TileColumns,
            rowsABlock = panelsABlock * TileRows,
        };
        plan.product.n = columns;
        plan.product.b += column * product.bCol;
        plan.product.c += column;
        plan.product.bias = product.bias == null ? null : product.bias + column;
        plan.packedB = Scratch.Floats(ScratchUse.GemmB, plan.columnPanels * TileColumns * product.k);
        Workers.For(plan.columnPanels, &PackColumns, &plan);
        Workers.For((rowPanels + panelsABlock - 1) / panelsABlock, &MultiplyRows, &plan);
    }

    // Panel after panel, each over the whole of k: the blocks of k follow each other inside it.
    private static void PackColumns(void* context, long panel)
    {
        Plan* plan = (Plan*)context;
        ref GemmArguments p = ref plan->product;
        long column = panel * TileColumns;
        Packing.Pack(
            p.b + (column * p.bCol), p.bCol, p.bRow, Math.Min(TileColumns, p.n - column), p.k, (int)TileColumns, plan->packedB + (column * p.k));
    }

    private static void MultiplyRows(void* context, long block)
    {
        Plan* plan = (Plan*)context;
        ref GemmArguments p = ref plan->product;
        long row = block * plan->rowsABlock;
        long rows = Math.Min(plan->rowsABlock, p.m - row);
        bool accumulate = p.accumulate;
        if (p.bias != null)
        {
            AddBias(p, row, rows);
            accumulate = true;
        }

        float* packedA = Scratch.Floats(ScratchUse.GemmA, plan->rowsABlock * plan->depth);
        long start = 0;
        do
        {
            long depth = Math.Min(plan->depth, p.k - start);
            for (long i = 0; i < rows; i += TileRows)
            {
                Packing.Pack(
                    p.a + ((row + i) * p.aRow) + (start * p.aCol), p.aRow, p.aCol, Math.Min(TileRows, rows - i), depth, (int)TileRows, packedA + (i * depth));
            }

            MultiplyBlock(plan, row, rows, start, depth, packedA, accumulate);
            accumulate = true;
            start += depth;
        }
        while (start < p.k);
    }

    private static void MultiplyBlock(Plan* plan, long row, long rows, long start, long depth, float* packedA, bool accumulate)
    {
        ref GemmArguments p = ref plan->product;
        float* edge = stackalloc float[TTile.Rows * TTile.Columns];
        for (long j = 0; j < p.n; j += TileColumns)
        {
            float* panel = plan->packedB + (j * p.k) + (start * TileColumns);
            for (long i = 0; i < rows; i += TileRows)
            {
                float* target = p.c + ((row + i) * p.cRow) + j;
                if (i + TileRows <= rows && j + TileColumns <= p.n)
                {
                    TTile.Multiply(depth, packedA + (i * depth), panel, TileColumns, target, p.cRow, accumulate);
                }
                else
                {
                    TTile.Multiply(depth, packedA + (i * depth), panel, TileColumns, edge, TileColumns, accumulate: false);
                    AddPart(edge, target, p.cRow, Math.Min(TileRows, rows - i), Math.Min(TileColumns, p.n - j), accumulate);
                }
            }
        }
    }

    private static void AddPart(float* edge, float* target, long cRow, long rows, long columns, bool accumulate)
    {
        for (long i = 0; i < rows; i++, edge += TileColumns, target += cRow)
        {
            for (long j = 0; j < columns; j++)
            {
                target[j] = accumulate ? target[j] + edge[j] : edge[j];
            }
        }
    }

    private static void AddBias(in GemmArguments p, long row, long rows)
    {
        for (long i = row; i < row + rows; i++)
        {
            float* target = p.c + (i * p.cRow);
            for (long j = 0; j < p.n; j++)
            {
                target[j] = p.accumulate ? target[j] + p.bias[j] : p.bias[j];
            }
        }
    }

    private struct Plan
    {
        public GemmArguments product;
        public long depth;
        public long columnPanels;
        public long rowsABlock;
        public float* packedB;
    }
}
