namespace CpuTorch.Kernels;

/// <summary>
/// Matrix products in float32. Each element of C is summed over k in one order, whatever the number of threads
/// and wherever its tile lies.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>
    /// C[i, j] = Σ A[i, p] B[p, j] plus, by beta 0 or 1, bias[j] or the old C; any strides for A and B; rows of C cRow apart. Where B
    /// lies in a storage that nobody trains, its panels may be kept there.
    /// </summary>
    public static void Run(
        long m, long n, long k, float* a, long aRow, long aCol, float* b, long bRow, long bCol, float* c, long cRow, float beta = 0, float* bias = null, Storage? frozen = null)
    {
        GemmArguments product = new()
        {
            m = m,
            n = n,
            k = k,
            a = a,
            aRow = aRow,
            aCol = aCol,
            b = b,
            bRow = bRow,
            bCol = bCol,
            c = c,
            cRow = cRow,
            accumulate = beta != 0,
            bias = bias,
        };
        if (m <= 0 || n <= 0 || DotGemm.TryRun(product) || NarrowGemm.TryRun(product) || ShallowGemm.TryRun(product))
        {
            return;
        }

        if (n <= 16 && m >= 16 && aRow == 1 && bias == null)
        {
            Turned(product);
        }
        else
        {
            Packed(product, frozen);
        }
    }

    // A tall product of few columns as the wide one of few rows: C' = B' A', by way of scratch.
    private static void Turned(in GemmArguments product)
    {
        float* turned = Scratch.Floats(ScratchUse.GemmC, product.n * product.m);
        Packed(new GemmArguments
        {
            m = product.n,
            n = product.m,
            k = product.k,
            a = product.b,
            aRow = product.bCol,
            aCol = product.bRow,
            b = product.a,
            bRow = product.aCol,
            bCol = product.aRow,
            c = turned,
            cRow = product.m,
        }, frozen: null);
        for (long i = 0; i < product.m; i++)
        {
            float* row = product.c + (i * product.cRow);
            for (long j = 0; j < product.n; j++)
            {
                row[j] = product.accumulate ? row[j] + turned[(j * product.m) + i] : turned[(j * product.m) + i];
            }
        }
    }

    /// <summary>The same for batch products whose operands lie aBatch, bBatch and cBatch apart.</summary>
    public static void RunBatched(
        long batch, long m, long n, long k, float* a, long aBatch, long aRow, long aCol, float* b, long bBatch, long bRow, long bCol, float* c, long cBatch, long cRow, float beta = 0)
    {
        // Few large products each use all threads; many small ones take one thread each.
        if (batch < Workers.Count)
        {
            for (long i = 0; i < batch; i++)
            {
                Run(m, n, k, a + (i * aBatch), aRow, aCol, b + (i * bBatch), bRow, bCol, c + (i * cBatch), cRow, beta);
            }

            return;
        }

        Batch all = new()
        {
            first = new()
            {
                m = m,
                n = n,
                k = k,
                a = a,
                aRow = aRow,
                aCol = aCol,
                b = b,
                bRow = bRow,
                bCol = bCol,
                c = c,
                cRow = cRow,
                accumulate = beta != 0,
            },
            aBatch = aBatch,
            bBatch = bBatch,
            cBatch = cBatch,
        };
        Workers.For(batch, &RunOne, &all);
    }

    private static void RunOne(void* context, long index)
    {
        Batch* all = (Batch*)context;
        ref GemmArguments p = ref all->first;
        Run(
            p.m, p.n, p.k, p.a + (index * all->aBatch), p.aRow, p.aCol, p.b + (index * all->bBatch), p.bRow, p.bCol, p.c + (index * all->cBatch), p.cRow, p.accumulate ? 1 : 0);
    }

    private static void Packed(in GemmArguments product, Storage? frozen)
    {
        switch (KernelPath.Current)
        {
            case KernelForm.Avx512 when product.m <= 2 * Tile8x48.Rows:
                PackedGemm<Tile8x48>.Run(product, frozen);
                break;
            case KernelForm.Avx512:
                PackedGemm<Tile14x32>.Run(product, frozen);
                break;
            case KernelForm.Avx2:
                PackedGemm<Tile6<Lanes8>>.Run(product, frozen);
                break;
            case KernelForm.Vector128:
                PackedGemm<Tile6<Lanes4>>.Run(product, frozen);
                break;
            default:
                PackedGemm<Tile6<Lanes1>>.Run(product, frozen);
                break;
        }
    }

    private struct Batch
    {
        public GemmArguments first;
        public long aBatch;
        public long bBatch;
        public long cBatch;
    }
}

internal unsafe struct GemmArguments
{
    public long m;
    public long n;
    public long k;
    public float* a;
    public long aRow;
    public long aCol;
    public float* b;
    public long bRow;
    public long bCol;
    public float* c;
    public long cRow;
    public bool accumulate;
    public float* bias;
}
