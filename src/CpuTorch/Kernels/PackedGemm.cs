using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// The blocked product of Goto and van de Geijn (2008): B packed once by all threads, then blocks of C, claimed
/// by threads as they become free, each packing its own rows of A and running tiles.
/// </summary>
internal static unsafe class PackedGemm<TTile>
    where TTile : struct, ITile
{
    // A block of A of this depth and of up to 19 panels of 14 rows takes 400 KiB, the smaller part of a second-level cache.
    private const long MostDepth = 384;
    private const long ManyRows = 266;

    // Where a slice of B stays in that cache too, fewer rows cost nothing and share out better.
    private const long FewRows = 140;
    private const long CachedFloats = 128 * 1024;

    // Of B packed at a time: bounds the scratch to 16 MiB.
    private const long MostPackedFloats = 1L << 22;
    private const long LeastSteps = 4 * MostDepth;

    // B read where it lies is best read a few rows at a time, from end to end: each is a page of its own.
    private const long DirectDepth = 32;

    private const long StepsAPackingChunk = 32;

    private static long TileRows => TTile.Rows;

    private static long TileColumns => TTile.Columns;

    public static void Run(in GemmArguments product, Storage? frozen)
    {
        if (IsDirect(product))
        {
            RunSlab(product, frozen: null);
            return;
        }

        // Wide before deep: a slab of few columns would have all of A packed again for each.
        long widest = MostPackedFloats / Math.Clamp(product.k, 1, LeastSteps) / TileColumns * TileColumns;
        long columns = Math.Min(widest, product.n);
        long steps = Math.Max(LeastSteps, MostPackedFloats / columns / MostDepth * MostDepth);
        for (long column = 0; column < product.n; column += columns)
        {
            long step = 0;
            do
            {
                RunSlab(Slab(product, column, Math.Min(columns, product.n - column), step, Math.Min(steps, product.k - step)), frozen);
                step += steps;
            }
            while (step < product.k);
        }
    }

    // Packing pays by being read again, which few rows do not.
    private static bool IsDirect(in GemmArguments product) => product.bCol == 1 && Blocks(product.m, TileRows) <= 2;

    private static GemmArguments Slab(in GemmArguments product, long column, long columns, long step, long steps)
    {
        GemmArguments slab = product;
        slab.n = columns;
        slab.k = steps;
        slab.a += step * product.aCol;
        slab.b += (step * product.bRow) + (column * product.bCol);
        slab.c += column;
        slab.bias = product.bias == null || step > 0 ? null : product.bias + column;
        slab.accumulate |= step > 0;
        return slab;
    }

    private static void RunSlab(in GemmArguments product, Storage? frozen)
    {
        Plan plan = new() { product = product };
        long rowPanels = Blocks(product.m, TileRows);
        long columnPanels = Blocks(product.n, TileColumns);
        plan.depth = ShareOut(product.k, IsDirect(product) ? DirectDepth : MostDepth);
        plan.rows = TileRows * ShareOut(rowPanels, (product.n * plan.depth <= CachedFloats ? FewRows : ManyRows) / TileRows);
        plan.rowBlocks = Blocks(product.m, plan.rows);

        // Which chunk computes an element does not change how, so this may look at the number of threads.
        long groups = Math.Clamp(Blocks(2 * Workers.Count, plan.rowBlocks), 1, Math.Max(1, columnPanels / 4));
        plan.columns = TileColumns * ShareOut(columnPanels, Blocks(columnPanels, Workers.Count == 1 ? 1 : groups));
        if (IsDirect(product))
        {
            // Only a last, partial panel is copied.
            plan.packedB = Scratch.Floats(ScratchUse.GemmB, (TileColumns * product.k) + Packing.Spill);
            plan.direct = product.n / TileColumns * TileColumns;
            PackLast(plan);
        }
        else if (frozen is null || !TryKept(frozen, ref plan))
        {
            plan.packedB = Scratch.Floats(ScratchUse.GemmB, PackedFloats(product));
            Pack(&plan);
        }

        Workers.For(plan.rowBlocks * Blocks(product.n, plan.columns), &MultiplyChunk, &plan);
    }

    private static long PackedFloats(in GemmArguments product) => (Blocks(product.n, TileColumns) * TileColumns * product.k) + Packing.Spill;

    // Whether the weight keeps its panels: then the plan reads those.
    private static bool TryKept(Storage frozen, ref Plan plan)
    {
        ref readonly GemmArguments p = ref plan.product;
        var layout = new PanelLayout((nint)p.b, p.bCol, p.bRow, p.n, p.k, (int)TileColumns);
        KeptPanels kept = frozen.Panels!;
        lock (kept)
        {
            plan.packedB = kept.Find(layout, PackedFloats(p), frozen.Writes, out bool isNew);
            if (isNew)
            {
                fixed (Plan* pinned = &plan)
                {
                    Pack(pinned);
                }
            }
        }

        return plan.packedB != null;
    }

    private static void Pack(Plan* plan) =>
        Workers.For(plan->PacksBySteps ? Blocks(plan->product.k, StepsAPackingChunk) : Blocks(plan->product.n, TileColumns), &PackB, plan);

    private static long Blocks(long count, long size) => (count + size - 1) / size;

    /// <summary>The size of equal blocks, none above most.</summary>
    private static long ShareOut(long count, long most) => Math.Max(1, Blocks(count, Math.Max(1, Blocks(count, most))));

    // Panel after panel, each over the whole of k: the blocks of k follow each other inside it.
    private static void PackB(void* context, long chunk)
    {
        Plan* plan = (Plan*)context;
        ref GemmArguments p = ref plan->product;
        if (plan->PacksBySteps)
        {
            long step = chunk * StepsAPackingChunk;
            Packing.PackPanels(
                p.b + (step * p.bRow), p.bCol, p.bRow, p.n, Math.Min(StepsAPackingChunk, p.k - step), (int)TileColumns,
                plan->packedB + (step * TileColumns), TileColumns * p.k);
            return;
        }

        long column = chunk * TileColumns;
        Packing.PackPanels(
            p.b + (column * p.bCol), p.bCol, p.bRow, Math.Min(TileColumns, p.n - column), p.k, (int)TileColumns, plan->packedB + (column * p.k), 0);
    }

    private static void PackLast(in Plan plan)
    {
        ref readonly GemmArguments p = ref plan.product;
        if (plan.direct < p.n)
        {
            Packing.PackPanels(p.b + plan.direct, 1, p.bRow, p.n - plan.direct, p.k, (int)TileColumns, plan.packedB, 0);
        }
    }

    private static void MultiplyChunk(void* context, long chunk)
    {
        Plan* plan = (Plan*)context;
        ref GemmArguments p = ref plan->product;
        Area area = new() { row = chunk % plan->rowBlocks * plan->rows, column = chunk / plan->rowBlocks * plan->columns };
        area.rows = Math.Min(plan->rows, p.m - area.row);
        area.columns = Math.Min(plan->columns, p.n - area.column);
        Term term = p.accumulate ? Term.C : p.bias != null ? Term.Bias : Term.None;
        float* packedA = Scratch.Floats(ScratchUse.GemmA, (plan->rows * plan->depth) + Packing.Spill);
        long start = 0;
        do
        {
            long depth = Math.Min(plan->depth, p.k - start);
            Packing.PackPanels(
                p.a + (area.row * p.aRow) + (start * p.aCol), p.aRow, p.aCol, area.rows, depth, (int)TileRows, packedA, TileRows * depth);
            MultiplyBlock(plan, area, start, depth, packedA, term);
            term = Term.C;
            start += depth;
        }
        while (start < p.k);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyBlock(Plan* plan, in Area area, long start, long depth, float* packedA, Term term)
    {
        ref GemmArguments p = ref plan->product;
        float* edge = stackalloc float[TTile.Rows * TTile.Columns];
        long addedRow = term == Term.Bias ? 0 : p.cRow;
        for (long j = area.column; j < area.column + area.columns; j += TileColumns)
        {
            bool inPlace = j < plan->direct;
            float* panel = inPlace ? p.b + (start * p.bRow) + j : plan->packedB + ((j - plan->direct) * p.k) + (start * TileColumns);
            long step = inPlace ? p.bRow : TileColumns;
            for (long i = 0; i < area.rows; i += TileRows)
            {
                float* target = p.c + ((area.row + i) * p.cRow) + j;
                float* added = term == Term.C ? target : term == Term.Bias ? p.bias + j : null;
                if (i + TileRows <= area.rows && j + TileColumns <= p.n)
                {
                    TTile.Multiply(depth, packedA + (i * depth), TileRows, panel, step, target, p.cRow, added, addedRow);
                }
                else
                {
                    TTile.Multiply(depth, packedA + (i * depth), TileRows, panel, step, edge, TileColumns, term: null, termRow: 0);
                    AddPart(edge, target, p.cRow, Math.Min(TileRows, area.rows - i), Math.Min(TileColumns, p.n - j), added, addedRow);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPart(float* edge, float* target, long cRow, long rows, long columns, float* term, long termRow)
    {
        for (long i = 0; i < rows; i++, edge += TileColumns, target += cRow)
        {
            for (long j = 0; j < columns; j++)
            {
                target[j] = term == null ? edge[j] : term[j] + edge[j];
            }

            term = term == null ? null : term + termRow;
        }
    }

    /// <summary>What a tile's product is added to: the block's first step starts from the bias or C, the others go on.</summary>
    private enum Term
    {
        None,
        Bias,
        C,
    }

    /// <summary>The rows and columns of C that one chunk computes.</summary>
    private struct Area
    {
        public long row;
        public long rows;
        public long column;
        public long columns;
    }

    private struct Plan
    {
        public GemmArguments product;
        public long depth;
        public long rows;
        public long rowBlocks;
        public long columns;
        public float* packedB;

        /// <summary>Columns of B that are read where they lie; packedB holds the others.</summary>
        public long direct;

        public readonly bool PacksBySteps => product.bCol == 1;
    }
}
