namespace FineTuneKit.Models;

/// <summary>What quantising a model did. Schema <c>finetunekit.quantize/1</c>.</summary>
public sealed record QuantizationRecord
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.quantize/1";

    /// <summary>How.</summary>
    public required QuantizationOptions Options { get; init; }

    /// <summary>SHA-256 of the float model's weights.</summary>
    public required string BaseSha256 { get; init; }

    /// <summary>Weights of the model.</summary>
    public required long Weights { get; init; }

    /// <summary>Weights that are 4-bit codes now.</summary>
    public required long QuantizedWeights { get; init; }

    /// <summary>Bits of codes and scales for each of those.</summary>
    public required double BitsPerWeight { get; init; }

    /// <summary>Bytes of the float model's tensors.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>Bytes of the quantised model's tensors.</summary>
    public required long BytesAfter { get; init; }

    /// <summary>Root mean square of the quantised weights' errors over that of the weights.</summary>
    public required double RelativeError { get; init; }

    /// <summary>The largest absolute difference of logits on random tokens.</summary>
    public required double LargestLogitDifference { get; init; }

    /// <summary>How many tokens those were.</summary>
    public required int ProbeTokens { get; init; }
}

/// <summary>Quantises a model folder and measures what that changed.</summary>
public static class ModelQuantization
{
    /// <summary>Reads a float model, packs its projections in four bits a weight, and saves it.</summary>
    /// <param name="folder">The float model.</param>
    /// <param name="output">Where; another folder.</param>
    /// <param name="options">Type, block size, double quantisation.</param>
    /// <param name="progress">Told of the stages.</param>
    /// <exception cref="InputException">A folder that cannot be read, is quantised already, or is the same as the output; options out of range.</exception>
    public static QuantizationRecord Run(string folder, string output, QuantizationOptions options, IRunProgress progress)
    {
        options.Validated();
        if (Path.GetFullPath(folder) == Path.GetFullPath(output)) throw new InputException($"{output} is the float model itself; another folder is required, for what is quantised cannot be brought back");
        progress.Begin("quantize");
        using LoadedModel loaded = ModelFolder.Load(folder);
        if (loaded.Model.Quantization is not null) throw new InputException($"{folder} is quantised already; the float model is required");
        long bytes = Bytes(loaded.Model);
        using var probe = new LogitProbe(loaded.Config);
        using Tensor before = probe.Logits(loaded.Model);
        (long count, double error, double size) = (0, 0, 0);
        foreach ((string path, Linear layer) in loaded.Model.Projections())
        {
            if (loaded.Model.IsHead(layer)) continue;
            using DisposeScope scope = NewDisposeScope();
            using (no_grad())
            {
                FourBitWeight packed = FourBitWeight.Quantize(layer.Matrix, options, path + ".weight", loaded.StoredType);
                error += (layer.Matrix - packed.Dequantize()).square().sum().item<float>();
                size += layer.Matrix.square().sum().item<float>();
                count += layer.InFeatures * layer.OutFeatures;
                layer.Pack(packed);
            }
        }
        using Tensor after = probe.Logits(loaded.Model);
        ModelFolder.Save(output, loaded.Model, loaded.StoredType, companionsFrom: folder);
        var record = new QuantizationRecord
        {
            Options = options,
            BaseSha256 = loaded.Sha256,
            Weights = loaded.Model.ParameterCount,
            QuantizedWeights = count,
            BitsPerWeight = 8.0 * loaded.Model.Projections().Sum(p => p.Value.Packed?.ByteCount ?? 0) / Math.Max(1, count),
            BytesBefore = bytes,
            BytesAfter = Bytes(loaded.Model),
            RelativeError = size > 0 ? Math.Sqrt(error / size) : 0,
            LargestLogitDifference = LogitProbe.LargestDifference(before, after),
            ProbeTokens = probe.TokenCount,
        };
        progress.End($"{count} weights");
        return record;
    }

    private static long Bytes(Decoder model) => model.parameters().Sum(parameter => parameter.numel() * parameter.ElementSize)
        + model.Projections().Sum(p => p.Value.Packed is { } packed ? packed.ByteCount - packed.Codes.numel() : 0);
}
