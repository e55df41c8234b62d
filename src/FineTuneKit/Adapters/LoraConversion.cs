using System.Text.RegularExpressions;

namespace FineTuneKit.Adapters;

/// <summary>
/// Low-rank adapters of any start and scale as plain LoRA on the base as it was. What PiSSA or OLoRA took out of the base,
/// W − s · B₀ A₀ + s · B A, is an update of twice the rank: W + s · [B, −B₀] [A; A₀], as PEFT converts it. rsLoRA's
/// alpha / √r becomes alpha′ / r with alpha′ = alpha · √r.
/// </summary>
public static class LoraConversion
{
    /// <summary>Puts the plain form in the place of the adapters, which are detached.</summary>
    /// <param name="adapted">The adapters, beside their base.</param>
    /// <exception cref="InputException">Another kind, DoRA or LoftQ, which no update of a low rank equals; nothing is changed.</exception>
    public static AdaptedModel ToPlain(AdaptedModel adapted)
    {
        LoraOptions options = RequireLowRank(adapted);
        Dictionary<string, Tensor> values = Values(adapted);
        adapted.Detach();
        AdaptedModel plain = AdaptedModel.Attach(adapted.Model, Plain(adapted, options), seed: 0, anyRank: true);
        HashSet<string> ofBase = [.. plain.BaseTensors().Select(pair => pair.Key)];
        using (no_grad())
            foreach ((string key, Tensor value) in plain.FileTensors().Where(pair => !ofBase.Contains(pair.Key)))
                value.copy_(values[key]);
        return plain;
    }

    private static LoraOptions RequireLowRank(AdaptedModel adapted)
    {
        if (adapted.Options is not LoraOptions options)
            throw new InputException($"peft_type is {adapted.Options.PeftType}; only LORA adapters can be made plain LoRA");
        foreach (AdaptedLayer layer in adapted.Layers)
        {
            if (layer.Adapter is Dora) throw new InputException($"{layer.Path} is adapted by DoRA, which scales whole rows of the weight: no update of a low rank equals it. Merge it into the base instead");
            if (layer.Adapter is Lora { Base: QuantizedWeight })
                throw new InputException($"{layer.Path} stands on the 4-bit weight of LoftQ: no update of a low rank makes it from the float base. Merge it into the base instead");
        }
        return options;
    }

    // Copies: the biases in place change when the adapters are taken off.
    private static Dictionary<string, Tensor> Values(AdaptedModel adapted)
    {
        using (no_grad())
        {
            var values = adapted.FileTensors().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone(), StringComparer.Ordinal);
            foreach (AdaptedLayer layer in adapted.Layers)
            {
                if (layer.Adapter is not Lora { Base: WeightWithoutStart start } lora) continue;
                AdapterTensor[] tensors = [.. lora.Tensors(new AdaptedName(layer.Path, layer.Module))];
                values[tensors[0].Key] = cat([lora.lora_A, start.A], 0);
                values[tensors[1].Key] = cat([lora.lora_B, -start.B], 1);
            }
            return values;
        }
    }

    // Sizes that most have stand for all; the others are named.
    private static LoraOptions Plain(AdaptedModel adapted, LoraOptions options)
    {
        List<(string Path, int Rank, double Alpha)> sizes =
        [
            .. adapted.Layers.Where(layer => layer.Adapter is Lora).Select(layer => Size(layer.Path, (Lora)layer.Adapter)),
            .. adapted.Tables.Where(table => table.Adapter is LoraEmbedding).Select(table => Size(table.Path, (LoraEmbedding)table.Adapter)),
        ];
        (int rank, double alpha) = sizes.GroupBy(size => (size.Rank, size.Alpha)).MaxBy(group => group.Count())!.Key;
        return options with
        {
            Rank = rank,
            Alpha = alpha,
            RankStabilized = false,
            Initialization = LoraInitialization.Default,
            RankPattern = [.. sizes.Where(size => size.Rank != rank).Select(size => KeyValuePair.Create(Regex.Escape(size.Path), size.Rank))],
            AlphaPattern = [.. sizes.Where(size => size.Alpha != alpha).Select(size => KeyValuePair.Create(Regex.Escape(size.Path), size.Alpha))],
        };
    }

    private static (string Path, int Rank, double Alpha) Size(string path, Lora lora)
    {
        int rank = lora.Base is WeightWithoutStart ? 2 * lora.Rank : lora.Rank;
        return (path, rank, Whole(lora.Scale * rank));
    }

    private static (string Path, int Rank, double Alpha) Size(string path, LoraEmbedding lora)
    {
        int rank = (int)lora.lora_embedding_A.size(0);
        return (path, rank, Whole(lora.Scale * rank));
    }

    // alpha / r · r may miss the whole number that it was by one rounding.
    private static double Whole(double alpha) => Math.Abs(alpha - Math.Round(alpha)) < 1e-12 * alpha ? Math.Round(alpha) : alpha;
}
