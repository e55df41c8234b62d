using System.Runtime.InteropServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Keeps the threads of a job on processors of their own. Linux mostly sees to that itself, but a kernel without scheduling
/// domains, as small virtual machines have, wakes a thread where it slept, be it beside the one that woke it: then the
/// two take turns on one processor while the other is idle. Elsewhere than on Linux this does nothing.
/// </summary>
internal static unsafe partial class ThreadPlacement
{
    private const int Words = ProcessorSet.Words;

    private static readonly ulong[]? Allowed = AllowedProcessors();

    /// <summary>The calling thread's number for <see cref="Part"/>.</summary>
    public static int ThreadNumber => Allowed is null ? 0 : gettid();

    /// <summary>The processor that runs the calling thread; -1 where that is not told.</summary>
    public static int Processor => Allowed is null ? -1 : sched_getcpu();

    /// <summary>Moves a thread that sleeps on one of the processors to another, if there is one.</summary>
    /// <param name="thread">Its number.</param>
    /// <param name="processor">Where it slept.</param>
    /// <param name="taken">The processors of the others.</param>
    public static void Part(int thread, int processor, ref ProcessorSet taken)
    {
        if (Allowed is null || processor < 0)
        {
            return;
        }

        if (taken.Contains(processor))
        {
            ulong* free = stackalloc ulong[Words];
            ulong any = 0;
            for (int word = 0; word < Words; word++)
            {
                free[word] = Allowed[word] & ~taken.Bits[word];
                any |= free[word];
            }

            if (any != 0)
            {
                // What fails leaves the thread where it is, which is slow and not wrong.
                _ = sched_setaffinity(thread, Words * sizeof(ulong), free);
            }

            return;
        }

        taken.Add(processor);
    }

    private static ulong[]? AllowedProcessors()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        ulong[] allowed = new ulong[Words];
        try
        {
            fixed (ulong* bits = allowed)
            {
                return sched_getaffinity(0, Words * sizeof(ulong), bits) == 0 && gettid() > 0 && sched_getcpu() >= 0 ? allowed : null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

#pragma warning disable IDE1006, SA1300 // The C library's names.
    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int sched_getcpu();

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc")]
    private static partial int sched_getaffinity(int thread, nint bytes, ulong* mask);

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nint bytes, ulong* mask);
#pragma warning restore IDE1006, SA1300
}
