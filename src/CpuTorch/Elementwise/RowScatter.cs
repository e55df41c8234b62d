using System.Numerics;
using CpuTorch.Kernels;

namespace CpuTorch;

/// <summary>Adds rows into a table at given places. Threads share the columns, so that the order of sums is that of the rows.</summary>
internal static unsafe class RowScatter
{
    private const long Columns = 64;

    /// <summary>table[places[i] * scale + j] += rows[i * width + j], but for the place to be skipped.</summary>
    internal static void Add(float* table, long* places, long count, long scale, float* rows, long width, long skipped = -1)
    {
        long chunks = (width + Columns - 1) / Columns;
        if (count * width < 16384)
        {
            AddColumns(table, places, count, scale, rows, width, 0, width, skipped);
            return;
        }
        Workers.For(chunks, chunk => AddColumns(table, places, count, scale, rows, width, chunk * Columns, Math.Min(width, (chunk + 1) * Columns), skipped));
    }

    private static void AddColumns(float* table, long* places, long count, long scale, float* rows, long width, long first, long end, long skipped)
    {
        for (long i = 0; i < count; i++)
        {
            if (places[i] == skipped) continue;
            float* to = table + (places[i] * scale);
            float* from = rows + (i * width);
            long j = first;
            for (; j <= end - Vector<float>.Count; j += Vector<float>.Count)
                (Vector.Load(to + j) + Vector.Load(from + j)).Store(to + j);
            for (; j < end; j++) to[j] += from[j];
        }
    }
}
