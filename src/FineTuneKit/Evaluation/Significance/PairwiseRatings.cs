namespace FineTuneKit.Evaluation.Significance;

/// <summary>
/// Strengths from pairwise wins (Bradley and Terry, 1952): P(i beats j) = s_i / (s_i + s_j), by maximum likelihood with
/// mean log-strength 0.
/// </summary>
public sealed record BradleyTerry(IReadOnlyList<double> LogStrength)
{
    /// <summary>The strengths on Elo's scale: 1000 + 400 / ln 10 · log-strength.</summary>
    public IReadOnlyList<double> EloScale => [.. LogStrength.Select(s => 1000 + 400 / Math.Log(10) * s)];

    /// <summary>The chance that i beats j.</summary>
    public double WinProbability(int i, int j) => 1 / (1 + Math.Exp(LogStrength[j] - LogStrength[i]));

    /// <summary>wins[i][j]: wins of i over j; a draw is half a win each. Minorisation-maximisation (Hunter, 2004).</summary>
    public static BradleyTerry Fit(IReadOnlyList<IReadOnlyList<double>> wins)
    {
        const int Iterations = 100_000;
        int n = wins.Count;
        double[] strength = [.. Enumerable.Repeat(1.0, n)];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double change = 0;
            double[] next = new double[n];
            for (int i = 0; i < n; i++)
            {
                double won = 0, weight = 0;
                for (int j = 0; j < n; j++)
                {
                    if (i == j) continue;
                    won += wins[i][j];
                    weight += (wins[i][j] + wins[j][i]) / (strength[i] + strength[j]);
                }
                next[i] = won / weight;
            }
            double scale = Math.Exp(-next.Average(Math.Log));
            for (int i = 0; i < n; i++)
            {
                next[i] *= scale;
                change = Math.Max(change, Math.Abs(Math.Log(next[i] / strength[i])));
            }
            strength = next;
            if (change < 1e-15) break;
        }
        return new BradleyTerry([.. strength.Select(s => Math.Log(s))]);
    }
}

/// <summary>Elo ratings updated game by game.</summary>
public sealed class Elo(double k = 32, double start = 1000)
{
    private readonly Dictionary<string, double> _ratings = new(StringComparer.Ordinal);

    /// <summary>The rating of a player; the start for one that has not played.</summary>
    public double this[string player] => _ratings.GetValueOrDefault(player, start);

    /// <summary>One game; the score of a is 1 for a win, 0.5 for a draw, 0 for a loss.</summary>
    public void Play(string a, string b, double scoreOfA)
    {
        double expected = 1 / (1 + Math.Pow(10, (this[b] - this[a]) / 400));
        double change = k * (scoreOfA - expected);
        (_ratings[a], _ratings[b]) = (this[a] + change, this[b] - change);
    }
}
