namespace FineTuneKit.Models;

/// <summary>
/// The float32 sum as PyTorch forms it: eight lanes by four accumulators, in a cascade of four levels. The offset of
/// doubly quantised scales is such a mean, and is stored: another order would change its last bit.
/// </summary>
internal static class CascadeSum
{
    private const int Lanes = 8;
    private const int Accumulators = 4;
    private const int Levels = 4;
    private const int Row = Lanes * Accumulators;

    /// <summary>The mean, in float32.</summary>
    public static float Mean(ReadOnlySpan<float> values) => Sum(values) / values.Length;

    private static float Sum(ReadOnlySpan<float> values)
    {
        Span<float> sums = stackalloc float[Row];
        int rows = values.Length / Row;
        Cascade(values, rows, sums);
        // Vectors that fill no row go to the first accumulator, single numbers come first of all.
        int vectors = values.Length / Lanes;
        for (int vector = rows * Accumulators; vector < vectors; vector++) Add(sums[..Lanes], values.Slice(vector * Lanes, Lanes));
        for (int k = 1; k < Accumulators; k++) Add(sums[..Lanes], sums.Slice(k * Lanes, Lanes));
        float sum = 0;
        foreach (float value in values[(vectors * Lanes)..]) sum += value;
        foreach (float lane in sums[..Lanes]) sum += lane;
        return sum;
    }

    // A level is added to the next and cleared each time it has taken in 2^power of the one below.
    private static void Cascade(ReadOnlySpan<float> values, int rows, Span<float> sums)
    {
        int power = Math.Max(4, (rows <= 1 ? 0 : int.Log2(rows - 1) + 1) / Levels), step = 1 << power;
        Span<float> levels = stackalloc float[Levels * Row];
        levels.Clear();
        int row = 0;
        while (row + step <= rows)
        {
            for (int end = row + step; row < end; row++) Add(levels[..Row], values.Slice(row * Row, Row));
            for (int level = 1; level < Levels; level++)
            {
                Span<float> below = levels.Slice((level - 1) * Row, Row);
                Add(levels.Slice(level * Row, Row), below);
                below.Clear();
                if ((row & ((step - 1) << (level * power))) != 0) break;
            }
        }
        for (; row < rows; row++) Add(levels[..Row], values.Slice(row * Row, Row));
        levels[..Row].CopyTo(sums);
        for (int level = 1; level < Levels; level++) Add(sums, levels.Slice(level * Row, Row));
    }

    private static void Add(Span<float> sums, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < sums.Length; i++) sums[i] += values[i];
    }
}
