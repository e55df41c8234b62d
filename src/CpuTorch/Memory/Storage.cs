namespace CpuTorch;

/// <summary>
/// A block of native memory that tensors share. Handles and the graph count references; the last one gives
/// the block back. The finalizer does so for tensors that nobody disposed.
/// </summary>
internal sealed unsafe class Storage
{
    private const int SpareObjects = 4096;

    // The storages whose address was taken last on this thread. A kernel works on bare pointers, and without
    // this the collector could finalize an undisposed tensor while its last use is still running.
    [ThreadStatic]
    private static Storage?[]? recent;

    [ThreadStatic]
    private static int next;

    // Objects of storages that were given back on this thread, for the next ones: a step makes a thousand.
    [ThreadStatic]
    private static Stack<Storage>? spare;

    private int sizeClass;
    private int exposures;
    private void* block;
    private int references;

    private Storage()
    {
    }

    ~Storage() => Free();

    /// <summary>A block of at least that many bytes with one reference on it.</summary>
    internal static Storage Of(long bytes)
    {
        if (spare is null || !spare.TryPop(out Storage? storage)) storage = new Storage();
        storage.block = BlockPool.Take(bytes, out storage.sizeClass);
        storage.Bytes = bytes;
        storage.references = 1;
        return storage;
    }

    internal long Bytes { get; private set; }

    /// <summary>Counts in-place writes; the graph compares it with what it saw.</summary>
    internal int Version { get; set; }

    /// <summary>Counts every write that may have been: in place, or through memory that was handed out.</summary>
    internal int Writes => Version + exposures;

    /// <summary>What matrix products keep of a module's weight while nobody trains it; null for any other memory.</summary>
    internal KeptPanels? Panels { get; private set; }

    /// <summary>How many tensors and graph nodes hold this storage.</summary>
    internal int References => Volatile.Read(ref references);

    internal bool IsFreed => block is null;

    internal byte* Address
    {
        get
        {
            Storage?[] roots = recent ??= new Storage?[32];
            roots[next] = this;
            next = (next + 1) & 31;
            return (byte*)block;
        }
    }

    /// <summary>Says that this is a weight which products may keep panels of.</summary>
    internal Storage KeepingPanels()
    {
        Panels ??= new KeptPanels();
        return this;
    }

    /// <summary>Notes that the memory is handed out to be written to.</summary>
    internal void Expose() => exposures++;

    internal Storage Acquire()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref references) != 0) return;
        Free();
        // Nobody holds it any more. The finalizer stays: it frees nothing for an object that waits.
        (Panels, Version, exposures) = (null, 0, 0);
        spare ??= new Stack<Storage>();
        if (spare.Count < SpareObjects) spare.Push(this);
        else GC.SuppressFinalize(this);
    }

    private void Free()
    {
        void* held = block;
        block = null;
        Panels?.Drop();
        if (held is not null) BlockPool.GiveBack(held, sizeClass);
    }
}
