using System.Diagnostics;
using System.Text;
using Xunit;

namespace FineTuneKit.Tests.Fuzz;

/// <summary>
/// Reads damaged files of one format: each is read, or refused by an <see cref="InputException"/> that names the file; within
/// seconds, and without memory out of proportion.
/// </summary>
internal static class Fuzzing
{
    public const int Cases = 10_000;

    private const int ShownFailures = 5;
    private const long ManagedBytes = 96L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="format">Names the stream of random numbers.</param>
    /// <param name="file">A word that messages must hold: the file's name.</param>
    /// <param name="seeds">Good files.</param>
    /// <param name="isJson">Whether values of the JSON are changed too.</param>
    /// <param name="read">Reads a damaged file and uses what came of it.</param>
    /// <param name="leastRefused">How many must be refused; fewer would mean that the damage does not reach the reader.</param>
    public static void Run(string format, string file, IReadOnlyList<byte[]> seeds, bool isJson, Action<byte[]> read, int leastRefused = Cases / 5)
    {
        var random = new NamedRandom("fuzz-" + format, 1);
        var mutation = new Mutation(random);
        foreach (byte[] seed in seeds) read(seed);
        int refused = 0, failed = 0;
        var failures = new StringBuilder();
        for (int i = 0; i < Cases; i++)
        {
            byte[] seed = random.Pick(seeds);
            byte[] bytes = isJson && random.Chance(0.6) ? mutation.OfJson(seed) : mutation.OfBytes(seed);
            string? problem = Problem(file, bytes, read, ref refused);
            if (problem is null || ++failed > ShownFailures) continue;
            failures.Append($"\ncase {i}: {problem}\n  {Shown(bytes)}");
        }
        Assert.True(failed == 0, $"{failed} of {Cases} {format}:{failures}");
        Assert.True(refused >= leastRefused, $"only {refused} of {Cases} were refused");
    }

    private static string? Problem(string file, byte[] bytes, Action<byte[]> read, ref int refused)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        string? problem = null;
        try
        {
            read(bytes);
        }
        catch (InputException e)
        {
            refused++;
            if (!e.Message.Contains(file, StringComparison.Ordinal)) problem = $"the message does not name {file}: {e.Message}";
        }
        catch (Exception e)
        {
            problem = $"{e.GetType().Name}: {e.Message}{string.Concat(e.StackTrace?.Split('\n').Take(6).Select(line => "\n    " + line.Trim()) ?? [])}";
        }
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > Longest) problem ??= $"took {taken.TotalSeconds:F1} s";
        if (allocated > ManagedBytes) problem ??= $"allocated {allocated:N0} bytes for a file of {bytes.Length}";
        return problem;
    }

    private static string Shown(byte[] bytes) => Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(400, bytes.Length))).Replace('\n', '¶');
}
