namespace CpuTorch.Kernels;

/// <summary>Some of the first 1,024 processors, laid out as Linux's <c>cpu_set_t</c>.</summary>
internal unsafe struct ProcessorSet
{
    public const int Words = 16;

    public fixed ulong Bits[Words];

    private const int WordBits = 64;

    public readonly bool Contains(int processor) => IsInside(processor) && (Bits[processor / WordBits] >> (processor % WordBits) & 1) != 0;

    /// <summary>Adds one; a number outside the first 1,024 is left out.</summary>
    public void Add(int processor)
    {
        if (IsInside(processor))
        {
            Bits[processor / WordBits] |= 1UL << (processor % WordBits);
        }
    }

    private static bool IsInside(int processor) => processor is >= 0 and < Words * WordBits;
}
