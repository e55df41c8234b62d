namespace FineTuneKit.Training;

/// <summary>Finds out where a loss or gradient ceased to be finite, after it happened: slowly, and only then.</summary>
internal sealed class NonFiniteSearch(TrainingRun run, TrainingOptions options)
{
    /// <summary>Names the first weight, row and gradient that are not finite.</summary>
    public string Describe(TrainingExample[] rows, long targets)
    {
        string? weight = run.Model.Parameters.FirstOrDefault(p => !IsFinite(p.Value))?.Name;
        string? row = rows.FirstOrDefault(one => !HasFiniteLoss(one))?.Origin;
        string? gradient = FirstGradient(rows, targets);
        var found = new List<string>();
        if (weight is not null) found.Add($"the first weight that is not finite is {weight}");
        if (row is not null) found.Add($"the first row whose loss is not finite is {row}");
        if (gradient is not null) found.Add($"the first gradient that is not finite is that of {gradient}");
        if (found.Count == 0) found.Add("every weight, row and gradient is finite, but their sum is not");
        string text = string.Join("; ", found);
        return char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    private bool HasFiniteLoss(TrainingExample row)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
            return IsFinite(run.Objective.Evaluate([row]).LossSum);
    }

    // Clipping has spread the trouble over all gradients, so they are computed once more.
    private string? FirstGradient(TrainingExample[] rows, long targets)
    {
        foreach (NamedParameter parameter in run.Model.Parameters) parameter.Value.grad = null;
        foreach (TrainingExample[] batch in rows.Chunk(options.BatchRows))
        {
            using DisposeScope scope = NewDisposeScope();
            (run.Objective.Evaluate(batch).LossSum / targets).backward();
        }
        return run.Model.Parameters.FirstOrDefault(p => p.Value.grad is { } gradient && !IsFinite(gradient))?.Name;
    }

    private static bool IsFinite(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
            return isfinite(tensor).all().item<bool>();
    }
}
