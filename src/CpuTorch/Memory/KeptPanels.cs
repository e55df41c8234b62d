namespace CpuTorch;

/// <summary>
/// How a matrix product lays out its right operand: by panels of so many lanes, step after step.
/// </summary>
internal readonly record struct PanelLayout(nint Start, long LaneStride, long StepStride, long Lanes, long Steps, int Width);

/// <summary>
/// Panels of a weight that stays as it is, packed once for all batches and steps that read it. They are kept from the second
/// product on, while all kept panels together stay below a budget, and dropped when the weight is written to.
/// </summary>
internal sealed unsafe class KeptPanels
{
    /// <summary>Bytes that all kept panels may take. They are the price of some percent of time, so a large model's stay packed anew.</summary>
    internal const long Budget = 512L << 20;

    private static long held;

    private readonly List<Entry> entries = [];
    private int version;

    /// <summary>Bytes that kept panels take now.</summary>
    internal static long HeldBytes => Interlocked.Read(ref held);

    /// <summary>
    /// A block for panels of this layout, null where none is kept. Where <paramref name="isNew"/> the caller packs them before it
    /// gives up the lock on this object.
    /// </summary>
    /// <param name="layout">Which panels.</param>
    /// <param name="floats">How many floats they take.</param>
    /// <param name="weightVersion">Counts writes to the weight.</param>
    /// <param name="isNew">Whether nothing is packed yet.</param>
    public float* Find(in PanelLayout layout, long floats, int weightVersion, out bool isNew)
    {
        isNew = false;
        if (version != weightVersion)
        {
            Drop();
            version = weightVersion;
        }

        foreach (Entry entry in entries)
        {
            if (entry.Layout != layout) continue;
            if (entry.Block is null) isNew = entry.TryTake(floats * sizeof(float));
            return entry.Block;
        }

        entries.Add(new Entry(layout));
        return null;
    }

    /// <summary>Gives the blocks back.</summary>
    public void Drop()
    {
        foreach (Entry entry in entries) entry.GiveBack();
        entries.Clear();
    }

    private sealed class Entry(PanelLayout layout)
    {
        private int sizeClass;
        private long bytes;

        public PanelLayout Layout { get; } = layout;

        public float* Block { get; private set; }

        public bool TryTake(long wanted)
        {
            if (Interlocked.Add(ref held, wanted) > Budget)
            {
                Interlocked.Add(ref held, -wanted);
                return false;
            }

            bytes = wanted;
            Block = (float*)BlockPool.Take(wanted, out sizeClass);
            return true;
        }

        public void GiveBack()
        {
            if (Block is null) return;
            BlockPool.GiveBack(Block, sizeClass);
            Interlocked.Add(ref held, -bytes);
            Block = null;
        }
    }
}
