namespace FineTuneKit.Training;

/// <summary>Finds out where a loss or gradient ceased to be finite, after it happened: slowly, and only then.</summary>
internal sealed class NonFiniteSearch(TrainingRun run, TrainingOptions options)
{
    /// <summary>Names the first weight, row, module's output and gradient that are not finite.</summary>
    public string Describe(TrainingExample[] rows, long targets)
    {
        string? weight = run.Model.Parameters.FirstOrDefault(p => !IsFinite(p.Value))?.Name;
        TrainingExample? row = rows.FirstOrDefault(one => !HasFiniteLoss(one));
        string? module = row is null ? null : FirstModule(row);
        string? gradient = FirstGradient(rows, targets);
        var found = new List<string>();
        if (weight is not null) found.Add($"the first weight that is not finite is {weight}");
        if (row is not null) found.Add($"the first row whose loss is not finite is {row.Origin}");
        if (module is not null) found.Add($"the first module whose output is not finite there is {module}");
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

    private string? FirstModule(TrainingExample row)
    {
        string? first = null;
        var hooks = new List<nn.HookRemover>();
        foreach ((string name, nn.Module module) in run.Model.Module.named_modules())
        {
            if (module is not nn.Module<Tensor, Tensor> layer) continue;
            hooks.Add(layer.register_forward_hook((_, _, output) =>
            {
                if (first is null && !IsFinite(output)) first = name;
                return output;
            }));
        }
        _ = HasFiniteLoss(row);
        foreach (nn.HookRemover hook in hooks) hook.remove();
        return first;
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
