using System.Diagnostics;

namespace Benchmarks;

/// <summary>
/// Ours and the yardstick in turn, so that whatever else the machine does falls on both; the median over rounds of
/// the ratio within a round.
/// </summary>
internal static class Rounds
{
    // Idle threads of OpenBLAS spin for 2^26 cycles before they sleep: no turn may begin beside another's spinning.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(40);

    /// <param name="ours">One measured piece of work: milliseconds.</param>
    /// <param name="yardstick">The same by the other program.</param>
    /// <param name="count">Rounds measured, after two that are not.</param>
    public static (double Ratio, double Ours, double Yardstick) Interleave(Func<double> ours, Func<double> yardstick, int count)
    {
        var (mine, theirs) = (new double[count], new double[count]);
        for (int round = -2; round < count; round++)
        {
            // Who goes first alternates: the second finds warmer caches or a lower clock.
            bool first = round % 2 == 0;
            Thread.Sleep(Rest);
            double early = first ? ours() : yardstick();
            Thread.Sleep(Rest);
            double late = first ? yardstick() : ours();
            if (round >= 0)
            {
                (mine[round], theirs[round]) = first ? (early, late) : (late, early);
            }
        }

        return (Median(mine.Zip(theirs, (a, b) => b / a)), Median(mine), Median(theirs));
    }

    /// <summary>Milliseconds of one of many repetitions, after one that wakes the threads.</summary>
    public static double Time(Action work, int repeats)
    {
        if (repeats > 1)
        {
            work();
        }

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            work();
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
