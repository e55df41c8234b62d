namespace CpuTorch.Kernels;

/// <summary>The innermost product: a tile of C held in registers while a packed panel of A and one of B stream past.</summary>
internal unsafe interface ITile
{
    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>
    /// c (Rows × Columns, rows cRow apart) = a · b + term. a holds Rows to a step, steps aStep apart; b holds Columns to a step,
    /// steps bStep apart. The term's rows lie termRow apart: c itself to accumulate, a bias with 0, null for nothing.
    /// </summary>
    static abstract void Multiply(long depth, float* a, long aStep, float* b, long bStep, float* c, long cRow, float* term, long termRow);
}
