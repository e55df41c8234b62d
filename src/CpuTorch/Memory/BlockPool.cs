using System.Numerics;
using System.Runtime.InteropServices;

namespace CpuTorch;

/// <summary>
/// Native blocks, 64-byte aligned, kept by size class after use: a training step in steady state takes none
/// from the system. Four classes to an octave, so that at most a fifth of a fresh block is padding.
/// </summary>
internal static unsafe partial class BlockPool
{
    private const long Smallest = 256;
    private const long HugePage = 2 << 20;
    private const int ClassesPerOctave = 4;
    private const long CollectAfter = 1L << 30;

    private static readonly Lock Gate = new();
    private static readonly Stack<nint>[] Free = [.. Enumerable.Range(0, 64 * ClassesPerOctave).Select(_ => new Stack<nint>())];
    private static long liveBlocks;
    private static long liveBytes;
    private static long peakBytes;
    private static long idleBytes;
    private static long systemBlocks;
    private static long grownSinceCollection;

    static BlockPool() => MapLargeBlocks();

    internal static long LiveBlocks => Interlocked.Read(ref liveBlocks);

    internal static long LiveBytes => Interlocked.Read(ref liveBytes);

    internal static long PeakBytes => Interlocked.Read(ref peakBytes);

    /// <summary>Bytes held for later use.</summary>
    internal static long IdleBytes => Interlocked.Read(ref idleBytes);

    /// <summary>How many blocks were ever asked of the system.</summary>
    internal static long SystemBlocks => Interlocked.Read(ref systemBlocks);

    internal static void ResetPeak()
    {
        lock (Gate) peakBytes = liveBytes;
    }

    /// <summary>A block of at least that many bytes, with whatever the last user left in it.</summary>
    internal static void* Take(long bytes, out int sizeClass)
    {
        sizeClass = ClassOf(bytes);
        lock (Gate)
        {
            if (TryReuse(ref sizeClass, out void* block)) return block;
        }
        long size = SizeOf(sizeClass);
        MakeRoom(size);
        void* fresh = Allocate(size, bytes);
        lock (Gate)
        {
            systemBlocks++;
            Count(size);
        }
        return fresh;
    }

    internal static void GiveBack(void* block, int sizeClass)
    {
        long size = SizeOf(sizeClass);
        lock (Gate)
        {
            Free[sizeClass].Push((nint)block);
            idleBytes += size;
            liveBytes -= size;
            liveBlocks--;
        }
    }

    /// <summary>Gives idle blocks back to the system.</summary>
    internal static void Trim()
    {
        lock (Gate)
        {
            foreach (Stack<nint> blocks in Free)
            {
                while (blocks.TryPop(out nint block)) NativeMemory.AlignedFree((void*)block);
            }
            idleBytes = 0;
        }
    }

    // Batches of unequal lengths ask for many sizes: a block of the next classes serves too, at less than twice the size.
    private static bool TryReuse(ref int sizeClass, out void* block)
    {
        for (int larger = sizeClass; larger < sizeClass + ClassesPerOctave; larger++)
        {
            if (!Free[larger].TryPop(out nint found)) continue;
            sizeClass = larger;
            long size = SizeOf(larger);
            idleBytes -= size;
            Count(size);
            block = (void*)found;
            return true;
        }
        block = null;
        return false;
    }

    private static void Count(long size)
    {
        liveBlocks++;
        liveBytes += size;
        if (liveBytes > peakBytes) peakBytes = liveBytes;
    }

    // Tensors that nobody disposed wait for the garbage collector, which cannot see how large they are:
    // it is asked each time another gigabyte would be taken. Idle blocks go first where they outweigh the live ones.
    private static void MakeRoom(long size)
    {
        bool collect;
        bool trim;
        lock (Gate)
        {
            grownSinceCollection += size;
            collect = grownSinceCollection > CollectAfter;
            if (collect) grownSinceCollection = 0;
            trim = idleBytes > (256L << 20) && idleBytes > liveBytes + size;
        }
        if (collect)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        if (trim) Trim();
    }

    private static void* Allocate(long size, long wanted)
    {
        nuint alignment = size >= HugePage ? (nuint)HugePage : 64;
        void* block;
        try
        {
            block = NativeMemory.AlignedAlloc((nuint)size, alignment);
        }
        catch (OutOfMemoryException)
        {
            Trim();
            try
            {
                block = NativeMemory.AlignedAlloc((nuint)size, alignment);
            }
            catch (OutOfMemoryException e)
            {
                throw new OutOfMemoryException($"{wanted} bytes asked for a tensor; {LiveBytes} bytes are in use", e);
            }
        }
        if (size >= HugePage && OperatingSystem.IsLinux()) _ = Advise((nint)block, (nuint)size, 14 /* MADV_HUGEPAGE */);
        return block;
    }

    // glibc raises the size from which it maps blocks with each one freed, up to 32 MiB, and keeps the smaller ones in its heap:
    // half of what a large model gave back stayed with the process. A fixed size of 1 MiB gives all of it back to the system.
    private static void MapLargeBlocks()
    {
        const int MapThreshold = -3;
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetAllocator(MapThreshold, 1 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which has no such threshold.
        }
    }

    private static int ClassOf(long bytes)
    {
        if (bytes <= Smallest) return 0;
        int octave = 63 - BitOperations.LeadingZeroCount((ulong)(bytes - 1));
        long step = 1L << (octave - 2);
        long quarter = (bytes - 1 - (1L << octave)) / step;
        return ((octave - 8) * ClassesPerOctave) + (int)quarter + 1;
    }

    private static long SizeOf(int sizeClass)
    {
        if (sizeClass == 0) return Smallest;
        int octave = ((sizeClass - 1) / ClassesPerOctave) + 8;
        int quarter = (sizeClass - 1) % ClassesPerOctave;
        return (1L << octave) + ((quarter + 1) * (1L << (octave - 2)));
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
