namespace Benchmarks;

/// <summary>One piece of work by us and by a yardstick in turn; a ratio counts only where both come to the same.</summary>
internal static class Comparison
{
    /// <param name="name">The row of the table.</param>
    /// <param name="target">The least ratio wanted.</param>
    /// <param name="folder">Holds the task.</param>
    /// <param name="ours">Does the work once and gives what it came to.</param>
    /// <param name="tolerance">How far apart the two may be, relative to the yardstick's.</param>
    /// <param name="rehearsals">Pieces of work before the first round that are compared and not timed.</param>
    /// <param name="rounds">Rounds that are timed.</param>
    public static Ratio Run(string name, double target, WorkFolder folder, Func<double> ours, double tolerance, int rehearsals, int rounds) =>
        Run(name, target, folder, ours, tolerance, rehearsals, rounds, "PyTorch", PyTorchYardstick.TryStart);

    /// <inheritdoc cref="Run(string, double, WorkFolder, Func{double}, double, int, int)"/>
    public static Ratio Run(
        string name, double target, WorkFolder folder, Func<double> ours, double tolerance, int rehearsals, int rounds, string other, StartYardstick start)
    {
        using YardstickProcess? yardstick = start(folder, out string missing);
        double mine = 0;
        double theirs = 0;
        double Ours() => Rounds.Time(() => mine = ours(), repeats: 1);
        if (yardstick is null)
        {
            double alone = Rounds.Interleave(Ours, () => 0, rounds).Ours;
            return new Ratio(name, Value: null, target, other, $"{missing}; ours {alone:F1} ms");
        }

        double Theirs()
        {
            (double milliseconds, theirs) = yardstick.Run();
            return milliseconds;
        }

        for (int i = 0; i < rehearsals; i++)
        {
            _ = Ours();
            _ = Theirs();
            Check(name, mine, theirs, other, tolerance, i + 1);
        }

        (double ratio, double milliseconds, double theirMilliseconds) = Rounds.Interleave(Ours, Theirs, rounds);
        return new Ratio(name, ratio, target, other, $"{yardstick.Settings}, {rounds} rounds; {milliseconds:F1} against {theirMilliseconds:F1} ms, both {theirs:G6}");
    }

    private static void Check(string name, double mine, double theirs, string other, double tolerance, int run)
    {
        if (!(Math.Abs(mine - theirs) <= tolerance * Math.Max(1, Math.Abs(theirs))))
        {
            throw new InvalidOperationException($"{name}: run {run} came to {mine:R}, that of {other} to {theirs:R}: not the same work");
        }
    }
}
