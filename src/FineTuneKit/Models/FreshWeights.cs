namespace FineTuneKit.Models;

/// <summary>Random weights that depend on a seed and their own name alone, not on what was drawn before.</summary>
internal static class FreshWeights
{
    /// <summary>Normal with mean 0.</summary>
    public static Tensor Normal(string name, long seed, long[] shape, double deviation)
    {
        var random = new NamedRandom("initialize/" + name, seed);
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (int i = 0; i < values.Length; i++)
        {
            // Box and Muller; 1 − u keeps the logarithm finite.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return tensor(values, shape);
    }
}
