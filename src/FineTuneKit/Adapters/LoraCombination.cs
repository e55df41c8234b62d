using System.Text.RegularExpressions;
using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>LoRA adapters of one base made into a single one, with scale 1, as PEFT's <c>add_weighted_adapter</c> does it.</summary>
public static class LoraCombination
{
    /// <summary>Combines adapters and leaves the result beside the base.</summary>
    /// <param name="model">The base; it must bear no adapter.</param>
    /// <param name="adapters">Adapters of this base, detached. One that lacks a projection adds nothing there.</param>
    /// <param name="weights">One for each; negative ones subtract.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InputException">
    /// Weights or options out of range; ranks that differ where they must not; projections trained whole; targets that cannot be put together.
    /// </exception>
    public static AdaptedModel Combine(Decoder model, IReadOnlyList<AdaptedModel> adapters, IReadOnlyList<double> weights, CombinationOptions options)
    {
        options.Validated(adapters.Count, weights);
        using (no_grad())
        {
            Dictionary<string, (Tensor A, Tensor B)> combined = Parts(adapters, weights)
                .ToDictionary(layer => layer.Key, layer => Combined(layer.Key, layer.Value, options), StringComparer.Ordinal);
            AdaptedModel result = AdaptedModel.Attach(model, OptionsOf(adapters, combined), seed: 0, anyRank: true);
            foreach (AdaptedLayer layer in result.Layers) Fill((Lora)layer.Adapter, layer.Path, combined);
            if (combined.Count == 0) return result;
            result.Detach();
            throw new InputException($"the first adapter's configuration leaves out {combined.Keys.First()}, which another one adapts; put that one first");
        }
    }

    // Targets put together may catch what no adapter had.
    private static void Fill(Lora adapter, string path, Dictionary<string, (Tensor A, Tensor B)> combined)
    {
        if (!combined.Remove(path, out (Tensor A, Tensor B) values))
        {
            adapter.lora_A.zero_();
            return;
        }
        using (values.A) adapter.lora_A.copy_(values.A);
        using (values.B) adapter.lora_B.copy_(values.B);
    }

    private static Dictionary<string, List<LoraPart>> Parts(IReadOnlyList<AdaptedModel> adapters, IReadOnlyList<double> weights)
    {
        var parts = new Dictionary<string, List<LoraPart>>(StringComparer.Ordinal);
        foreach ((AdaptedModel adapter, double weight) in adapters.Zip(weights))
        {
            if (adapter.HasMoreThanLayers) throw new InputException("an adapter that trains embeddings or biases beside projections cannot be combined");
            foreach (AdaptedLayer layer in adapter.Layers)
            {
                if (layer.Adapter is not Lora { IsPlain: true } lora) throw new InputException($"{layer.Path} is not adapted by plain LoRA alone; only LoRA adapters can be combined, PiSSA and OLoRA after ftk adapters convert");
                if (!parts.TryGetValue(layer.Path, out List<LoraPart>? beside)) parts.Add(layer.Path, beside = []);
                beside.Add(new LoraPart(lora.lora_A, lora.lora_B, weight, lora.Scale));
            }
        }
        return parts;
    }

    private static (Tensor A, Tensor B) Combined(string path, List<LoraPart> parts, CombinationOptions options)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor a, Tensor b) = Matrices(path, parts, options);
        return (a.MoveToOuterDisposeScope(), b.MoveToOuterDisposeScope());
    }

    private static (Tensor A, Tensor B) Matrices(string path, List<LoraPart> parts, CombinationOptions options)
    {
        switch (options.Type)
        {
            case CombinationType.Cat:
                return (cat([.. parts.Select(part => part.A * part.Weight * part.Scale)], 0), cat([.. parts.Select(part => (Tensor)part.B)], 1));
            case CombinationType.Svd:
                Tensor tall = cat([.. parts.Select(part => part.B * part.Factor)], 1), wide = cat([.. parts.Select(part => (Tensor)part.A)], 0);
                return LowRankSvd.OfProduct(tall, wide, options.SvdRank ?? parts.Max(part => part.Rank));
            default:
                if (parts.Select(part => part.Rank).Distinct().Skip(1).Any())
                    throw new InputException($"{path}: the adapters have ranks {string.Join(" and ", parts.Select(part => part.Rank))}; {options.Type} needs equal ones, cat and svd do not");
                // The sign on one side only: on both it would vanish.
                return (
                    Mixed([.. parts.Select(part => (Pruned(part.A, options), Math.Sign(part.Factor) * Math.Sqrt(Math.Abs(part.Factor))))], options),
                    Mixed([.. parts.Select(part => (Pruned(part.B, options), Math.Sqrt(Math.Abs(part.Factor))))], options));
        }
    }

    private static Tensor Mixed(List<(Tensor Value, double Weight)> parts, CombinationOptions options)
    {
        if (options.Type != CombinationType.Ties) return Sum(parts.Select(part => part.Value * part.Weight));
        Tensor votes = Sum(parts.Select(part => options.MajoritySign == MajoritySign.Total ? part.Value : part.Value.sign()));
        Tensor elected = (votes >= 0).to(ScalarType.Float32) * 2 - 1;
        Tensor[] agree = [.. parts.Select(part => part.Value.sign().eq(elected).to(ScalarType.Float32))];
        // The mean over those that agree, so that a number that few have is not made small.
        return Sum(parts.Select((part, i) => part.Value * part.Weight * agree[i])) / Sum(agree).clamp(min: 1);
    }

    private static Tensor Sum(IEnumerable<Tensor> tensors) => tensors.Aggregate((sum, next) => sum + next);

    /// <summary>Zero but for the largest numbers; among equal ones the first stay.</summary>
    private static Tensor Pruned(Tensor matrix, CombinationOptions options)
    {
        if (options.Type == CombinationType.Linear || options.Density >= 1) return matrix.to(ScalarType.Float32);
        float[] values = matrix.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray(), kept = new float[values.Length];
        foreach (int i in Enumerable.Range(0, values.Length).OrderByDescending(i => Math.Abs(values[i])).Take((int)(options.Density * values.Length))) kept[i] = values[i];
        return tensor(kept, [.. matrix.shape]);
    }

    // Alpha equal to the rank makes the scale 1; projections of another rank than most are named.
    private static LoraOptions OptionsOf(IReadOnlyList<AdaptedModel> adapters, Dictionary<string, (Tensor A, Tensor B)> combined)
    {
        var first = (LoraOptions)adapters[0].Options;
        int rank = combined.Values.GroupBy(value => (int)value.A.size(0)).MaxBy(group => group.Count())!.Key;
        KeyValuePair<string, int>[] others = [.. combined.Where(layer => layer.Value.A.size(0) != rank).Select(layer => KeyValuePair.Create(Regex.Escape(layer.Key), (int)layer.Value.A.size(0)))];
        bool patterns = adapters.All(adapter => adapter.Options.TargetPattern is not null);
        if (!patterns && adapters.Any(adapter => adapter.Options.TargetPattern is not null))
            throw new InputException("some adapters name their targets by a list and some by a pattern; such cannot be combined");
        string[] names = [.. adapters.SelectMany(adapter => adapter.Options.Targets).Distinct(StringComparer.Ordinal)];
        return first with
        {
            Rank = rank,
            Initialization = LoraInitialization.Default,
            Alpha = rank,
            RankStabilized = false,
            RankPattern = others,
            AlphaPattern = [.. others.Select(other => KeyValuePair.Create(other.Key, (double)other.Value))],
            Targets = patterns ? [] : names.Contains(AdapterOptions.AllLinear) ? [LoraOptions.AllLinear] : names,
            TargetPattern = patterns ? string.Join('|', adapters.Select(adapter => $"({adapter.Options.TargetPattern})")) : null,
        };
    }

    /// <summary>One adapter's share at one projection.</summary>
    private sealed record LoraPart(Parameter A, Parameter B, double Weight, double Scale)
    {
        public long Rank => A.size(0);

        public double Factor => Weight * Scale;
    }
}
