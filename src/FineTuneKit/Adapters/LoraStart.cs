using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>What a low-rank adapter begins with.</summary>
/// <param name="A">(r, in), float32.</param>
/// <param name="B">(out, r), float32.</param>
/// <param name="Base">The frozen matrix that the update is added to.</param>
internal sealed record LoraStart(Tensor A, Tensor B, FrozenWeight Base)
{
    /// <summary>The start that the options name.</summary>
    /// <param name="options">How.</param>
    /// <param name="path">The projection's name; A has a random stream of its own under it.</param>
    /// <param name="layer">The projection.</param>
    /// <param name="rank">r.</param>
    /// <param name="scale">s, by which the update is multiplied.</param>
    /// <param name="seed">The seed of A.</param>
    /// <exception cref="InputException">The projection cannot start so.</exception>
    public static LoraStart Of(LoraOptions options, string path, Linear layer, int rank, double scale, long seed)
    {
        using (no_grad())
        {
            return options.Initialization switch
            {
                LoraInitialization.Pissa => Pissa.Start(layer, rank, scale),
                LoraInitialization.Olora => Olora.Start(layer, rank, scale),
                LoraInitialization.LoftQ => LoftQ.Start(path, layer, rank, scale, options.LoftQIterations),
                LoraInitialization.Gaussian => Zero(layer, FreshWeights.Normal("lora/" + path, seed, [rank, layer.InFeatures], 1.0 / rank)),
                _ => Zero(layer, KaimingUniform(rank, layer.InFeatures, new NamedRandom("lora/" + path, seed))),
            };
        }
    }

    /// <summary>A start whose product is taken out of the base, so that both together give the base's own output.</summary>
    public static LoraStart TakenOut(Tensor a, Tensor b, double scale) =>
        new(Kept(a), Kept(b), new WeightWithoutStart(Kept(a), Kept(b), scale));

    private static Tensor Kept(Tensor tensor) => tensor.clone().DetachFromDisposeScope();

    private static LoraStart Zero(Linear layer, Tensor a) => new(a, zeros(layer.OutFeatures, a.size(0)), FrozenWeight.Own);

    // Kaiming's bound √6 / √((1 + a²) · in) with a = √5 is 1 / √in.
    private static Tensor KaimingUniform(int rank, long inFeatures, NamedRandom random)
    {
        double bound = 1 / Math.Sqrt(inFeatures);
        var values = new float[rank * inFeatures];
        for (int i = 0; i < values.Length; i++) values[i] = (float)((2 * random.NextDouble() - 1) * bound);
        return tensor(values).reshape(rank, inFeatures);
    }
}
