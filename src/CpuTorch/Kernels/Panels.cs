using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>Small products on one thread over operands packed by the caller, who may use them more than once.</summary>
internal static unsafe class Panels<TTile>
    where TTile : struct, ITile
{
    public static long PadRows(long rows) => (rows + TTile.Rows - 1) / TTile.Rows * TTile.Rows;

    public static long PadColumns(long columns) => (columns + TTile.Columns - 1) / TTile.Columns * TTile.Columns;

    /// <summary>Packs a left operand into the scratch at free, which moves on.</summary>
    public static float* Rows(float* source, long rowStride, long stepStride, long rows, long steps, ref float* free)
    {
        float* panels = Take(PadRows(rows) * steps, ref free);
        Packing.PackPanels(source, rowStride, stepStride, rows, steps, TTile.Rows, panels, TTile.Rows * steps);
        return panels;
    }

    /// <summary>Packs a right operand into the scratch at free, which moves on.</summary>
    public static float* Columns(float* source, long columnStride, long stepStride, long columns, long steps, ref float* free)
    {
        float* panels = Take(PadColumns(columns) * steps, ref free);
        Packing.PackPanels(source, columnStride, stepStride, columns, steps, TTile.Columns, panels, TTile.Columns * steps);
        return panels;
    }

    /// <summary>Cuts count floats off the scratch, aligned and with room for a spill.</summary>
    public static float* Take(long count, ref float* free)
    {
        float* block = free;
        free += (count + Packing.Spill + 15) & ~15L;
        return block;
    }

    /// <summary>c (rows × columns, whole tiles) = a · b, or += where accumulate; a packed over depth exactly, b's panels bPanel apart.</summary>
    public static void Multiply(long rows, long columns, long depth, float* a, float* b, long bPanel, float* c, long cRow, bool accumulate) =>
        Multiply(rows, columns, depth, a, TTile.Rows * depth, TTile.Rows, b, bPanel, c, cRow, accumulate);

    /// <summary>The same by a left operand whose panels lie aPanel apart and their steps aStep: one that is read where it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        long rows, long columns, long depth, float* a, long aPanel, long aStep, float* b, long bPanel, float* c, long cRow, bool accumulate)
    {
        for (long j = 0; j < columns; j += TTile.Columns, b += bPanel)
        {
            float* panel = a;
            for (long i = 0; i < rows; i += TTile.Rows, panel += aPanel)
            {
                float* target = c + (i * cRow) + j;
                TTile.Multiply(depth, panel, aStep, b, TTile.Columns, target, cRow, accumulate ? target : null, cRow);
            }
        }
    }
}
