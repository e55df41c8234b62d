namespace FineTuneKit.Adapters;

/// <summary>Two adapters' updates of one projection.</summary>
/// <param name="Path">The projection.</param>
/// <param name="First">Frobenius norm of the first one's update; 0 where it has none.</param>
/// <param name="Second">That of the second's.</param>
/// <param name="Cosine">Of the angle between them, from −1 to 1; null where one is zero.</param>
public sealed record ProjectionComparison(string Path, double First, double Second, double? Cosine);

/// <summary>How alike two LoRA adapters are: where they act, how strongly, and in which direction.</summary>
public sealed record AdapterComparison
{
    /// <summary>Each projection that one of them adapts, by name.</summary>
    public required IReadOnlyList<ProjectionComparison> Projections { get; init; }

    /// <summary>The angle's cosine over all projections together; null where one adapter is zero.</summary>
    public required double? Cosine { get; init; }

    /// <summary>Compares two PEFT folders.</summary>
    /// <exception cref="InputException">A folder that cannot be read, or adapters of other bases.</exception>
    public static AdapterComparison Of(string first, string second)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, LowRankUpdate> one = ByPath(first), other = ByPath(second);
        var projections = new List<ProjectionComparison>();
        (double dot, double squares, double otherSquares) = (0, 0, 0);
        foreach (string path in one.Keys.Union(other.Keys).Order(StringComparer.Ordinal))
        {
            LowRankUpdate? a = one.GetValueOrDefault(path), b = other.GetValueOrDefault(path);
            double norm = a?.Norm ?? 0, otherNorm = b?.Norm ?? 0, both = a is null || b is null ? 0 : a.Dot(b);
            projections.Add(new ProjectionComparison(path, norm, otherNorm, Ratio(both, norm * otherNorm)));
            dot += both;
            squares += norm * norm;
            otherSquares += otherNorm * otherNorm;
        }
        return new AdapterComparison { Projections = projections, Cosine = Ratio(dot, Math.Sqrt(squares * otherSquares)) };
    }

    private static Dictionary<string, LowRankUpdate> ByPath(string folder) => LoraFile.Read(folder).ToDictionary(update => update.Path, StringComparer.Ordinal);

    private static double? Ratio(double dot, double norms) => norms > 0 ? Math.Clamp(dot / norms, -1, 1) : null;
}
