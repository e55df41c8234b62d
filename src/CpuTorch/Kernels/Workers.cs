using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace CpuTorch.Kernels;

/// <summary>
/// A fixed pool of threads that share out numbered chunks. Chunks are claimed in order as threads become free; what
/// a chunk is never depends on how many threads there are, so neither do results.
/// </summary>
internal static unsafe class Workers
{
    // The low bits of the state count the workers inside the present job, this bit says that more may enter.
    private const long Open = 1L << 32;
    private const long NextGeneration = 1L << 33;
    private const long InsideMask = Open - 1;
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    private static readonly Lock Gate = new();
    private static readonly List<Worker> Pool = [];
    private static readonly Job Shared = new();
    private static int count = Math.Max(1, Environment.ProcessorCount);

    [ThreadStatic]
    private static bool isInside;

    /// <summary>How many threads share a job, the caller among them.</summary>
    public static int Count
    {
        get => count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            count = value;
        }
    }

    /// <summary>Runs body for 0 … chunks - 1, on all threads, and returns when all are done.</summary>
    public static void For(long chunks, Action<long> body)
    {
        // A local lives on this stack until For returns, so a plain pointer to it is safe.
        For(chunks, &Invoke, Unsafe.AsPointer(ref body));
        GC.KeepAlive(body);
    }

    /// <summary>The form without allocation: body(context, chunk).</summary>
    public static void For(long chunks, delegate*<void*, long, void> body, void* context)
    {
        if (chunks <= 1 || count == 1 || isInside || !Gate.TryEnter())
        {
            // A nested call, or another caller's job is running: this thread does its own work.
            for (long chunk = 0; chunk < chunks; chunk++)
            {
                body(context, chunk);
            }

            return;
        }

        try
        {
            isInside = true;
            RunShared(chunks, body, context);
        }
        finally
        {
            isInside = false;
            Gate.Exit();
        }
    }

    private static void Invoke(void* context, long chunk) => Unsafe.AsRef<Action<long>>(context)(chunk);

    private static void RunShared(long chunks, delegate*<void*, long, void> body, void* context)
    {
        int helpers = (int)Math.Min(count, chunks) - 1;
        while (Pool.Count < helpers)
        {
            Pool.Add(new Worker(Pool.Count));
        }

        Shared.Publish(chunks, body, context, helpers);
        ProcessorSet taken = default;
        taken.Add(ThreadPlacement.Processor);
        for (int i = 0; i < helpers; i++)
        {
            Pool[i].Wake(ref taken);
        }

        Shared.ClaimChunks();
        Shared.CloseAndWait();
    }

    private sealed class Job
    {
        private long state;
        private Exception? failure;
        private delegate*<void*, long, void> body;
        private void* context;
        private long chunks;
        private int helpers;
        private PaddedCounter next;

        public void Publish(long chunkCount, delegate*<void*, long, void> work, void* argument, int helperCount)
        {
            chunks = chunkCount;
            body = work;
            context = argument;
            helpers = helperCount;
            failure = null;
            next.Value = -1;
            // A full fence: the parked flags are read after this.
            Interlocked.Exchange(ref state, (state & ~(NextGeneration - 1)) + NextGeneration + Open);
        }

        /// <summary>Does a share of the job unless it is closed or has no place for this worker.</summary>
        public bool TryHelp(int worker, ref long lastGeneration)
        {
            long seen = Volatile.Read(ref state);
            long generation = seen & ~(NextGeneration - 1);
            if ((seen & Open) == 0 || generation == lastGeneration)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref state, seen + 1, seen) != seen)
            {
                return false;
            }

            lastGeneration = generation;
            if (worker < helpers)
            {
                ClaimChunks();
            }

            Interlocked.Decrement(ref state);
            return true;
        }

        public void ClaimChunks()
        {
            try
            {
                long chunk;
                while ((chunk = Interlocked.Increment(ref next.Value)) < chunks)
                {
                    body(context, chunk);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, comparand: null);
                Interlocked.Exchange(ref next.Value, chunks);
            }
        }

        // Waits only for workers that entered: one that was asleep or descheduled costs nothing.
        public void CloseAndWait()
        {
            Interlocked.And(ref state, ~Open);
            SpinWait spin = default;
            while ((Volatile.Read(ref state) & InsideMask) != 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            if (failure is { } e)
            {
                failure = null;
                ExceptionDispatchInfo.Throw(e);
            }
        }
    }

    // Alone in its cache lines: every thread writes it.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct PaddedCounter
    {
        [FieldOffset(96)]
        public long Value;
    }

    private sealed class Worker
    {
        private readonly int index;
        private readonly AutoResetEvent wake = new(initialState: false);
        private int parked;
        private int thread;
        private int processor;

        public Worker(int index)
        {
            this.index = index;
            new Thread(Loop) { IsBackground = true, Name = $"CpuTorch worker {index + 1}" }.Start();
        }

        // One that spins has a processor; one that sleeps is woken on another than those of the threads before it.
        public void Wake(ref ProcessorSet taken)
        {
            if (Volatile.Read(ref parked) != 0 && Interlocked.Exchange(ref parked, 0) != 0)
            {
                ThreadPlacement.Part(thread, processor, ref taken);
                wake.Set();
            }
        }

        private void Loop()
        {
            isInside = true;
            thread = ThreadPlacement.ThreadNumber;
            long lastGeneration = -1;
            while (true)
            {
                long deadline = Stopwatch.GetTimestamp() + SpinTicks;
                while (Stopwatch.GetTimestamp() < deadline)
                {
                    if (Shared.TryHelp(index, ref lastGeneration))
                    {
                        deadline = Stopwatch.GetTimestamp() + SpinTicks;
                    }
                    else
                    {
                        Thread.SpinWait(4);
                    }
                }

                Park(ref lastGeneration);
            }
        }

        // The flag is raised before the last look at the job, so a job published in between is seen or wakes us.
        private void Park(ref long lastGeneration)
        {
            processor = ThreadPlacement.Processor;
            Interlocked.Exchange(ref parked, 1);
            if (Shared.TryHelp(index, ref lastGeneration))
            {
                Volatile.Write(ref parked, 0);
                return;
            }

            wake.WaitOne();
            Volatile.Write(ref parked, 0);
        }
    }
}
