using System.Runtime.InteropServices;

namespace CpuTorch.Kernels;

/// <summary>What a thread's scratch block is for; kernels that call each other hold different ones.</summary>
internal enum ScratchUse
{
    GemmA,
    GemmB,
    GemmC,
    Attention,
    Partials,
    Orthogonal,
    Rows,
    Unpacked,
    Count,
}

/// <summary>64-byte aligned native memory of one thread, kept between calls and grown on demand.</summary>
internal sealed unsafe class Scratch
{
    [ThreadStatic]
    private static Scratch? own;

    private readonly void*[] blocks = new void*[(int)ScratchUse.Count];
    private readonly long[] sizes = new long[(int)ScratchUse.Count];

    ~Scratch()
    {
        foreach (void* block in blocks)
        {
            NativeMemory.AlignedFree(block);
        }
    }

    /// <summary>At least this many floats, with unspecified contents, until the thread's next call for the same use.</summary>
    public static float* Floats(ScratchUse use, long count) => (own ??= new Scratch()).Block((int)use, count * sizeof(float));

    private float* Block(int use, long bytes)
    {
        if (sizes[use] < bytes)
        {
            NativeMemory.AlignedFree(blocks[use]);
            blocks[use] = null;
            sizes[use] = 0;
            long size = (Math.Max(bytes, 4096) * 5 / 4 + 4095) & ~4095L;
            blocks[use] = NativeMemory.AlignedAlloc((nuint)size, 64);
            sizes[use] = size;
        }

        return (float*)blocks[use];
    }
}
