namespace FineTuneKit.Models;

/// <summary>
/// How rotary frequencies are stretched for texts longer than the model was first trained on, with the names and
/// the arithmetic of transformers' <c>modeling_rope_utils</c>.
/// </summary>
/// <param name="Kind"><c>linear</c>, <c>dynamic</c>, <c>llama3</c> or <c>yarn</c>.</param>
/// <param name="Factor">Times the original context, at least 1.</param>
public sealed record RotaryScaling(string Kind, double Factor)
{
    /// <summary>Tokens of the original training; required by llama3 and yarn, else the context length.</summary>
    public int? OriginalContextLength { get; init; }

    /// <summary>llama3: wavelengths longer than the original context over this are stretched fully.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>llama3: wavelengths shorter than the original context over this stay.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>yarn: rotations above which a frequency stays.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>yarn: rotations below which a frequency is stretched fully.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>yarn: multiplies cosine and sine; computed from the factor when null.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>yarn: weight of the factor's logarithm in the attention factor, above the line.</summary>
    public double? MagnitudeScale { get; init; }

    /// <summary>yarn: the same, below the line.</summary>
    public double? MagnitudeScaleAllDims { get; init; }

    /// <summary>yarn: whole numbers as the bounds of the ramp.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>The factor on cosine and sine: 1, but for yarn.</summary>
    public double CosineFactor => Kind != "yarn" ? 1 : AttentionFactor ?? (MagnitudeScale is { } above and not 0 && MagnitudeScaleAllDims is { } below and not 0
        ? Magnitude(above) / Magnitude(below)
        : Magnitude(1));

    /// <summary>The inverse frequencies of the pairs of a head.</summary>
    /// <param name="scaling">Null for the plain ones.</param>
    /// <param name="headDim">Components of a head, even.</param>
    /// <param name="theta">The base.</param>
    /// <param name="contextLength">The model's context in tokens.</param>
    /// <param name="tokens">Tokens of this sequence: only dynamic depends on it.</param>
    /// <returns>headDim/2 numbers, rounded as float32 arithmetic rounds them.</returns>
    public static float[] InverseFrequencies(RotaryScaling? scaling, int headDim, double theta, int contextLength, int tokens)
    {
        if (scaling?.Kind == "dynamic")
        {
            double stretch = scaling.Factor * Math.Max(tokens, contextLength) / contextLength - (scaling.Factor - 1);
            theta *= Math.Pow(stretch, headDim / (headDim - 2.0));
        }
        var plain = new float[headDim / 2];
        for (int i = 0; i < plain.Length; i++) plain[i] = 1f / (float)Math.Pow(theta, (float)(2 * i) / headDim);
        return scaling?.Kind switch
        {
            "linear" => Array.ConvertAll(plain, frequency => frequency / (float)scaling.Factor),
            "llama3" => Array.ConvertAll(plain, frequency => scaling.Llama3(frequency, contextLength)),
            "yarn" => scaling.Yarn(plain, headDim, theta, contextLength),
            _ => plain,
        };
    }

    private float Llama3(float frequency, int contextLength)
    {
        float original = OriginalContextLength ?? contextLength;
        float wavelength = (float)(2 * Math.PI) / frequency;
        if (wavelength < original / (float)HighFrequencyFactor) return frequency;
        if (wavelength > original / (float)LowFrequencyFactor) return frequency / (float)Factor;
        float smooth = (original / wavelength - (float)LowFrequencyFactor) / (float)(HighFrequencyFactor - LowFrequencyFactor);
        return (1 - smooth) * frequency / (float)Factor + smooth * frequency;
    }

    private float[] Yarn(float[] plain, int headDim, double theta, int contextLength)
    {
        double original = OriginalContextLength ?? contextLength;
        double low = CorrectionDim(BetaFast), high = CorrectionDim(BetaSlow);
        if (Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, headDim - 1));
        // The reference widens an empty ramp by this much, so that it divides by something.
        if (low == high) high += 0.001;
        var result = new float[plain.Length];
        for (int i = 0; i < plain.Length; i++)
        {
            float stretched = (float)Math.Clamp((i - low) / (high - low), 0, 1);
            result[i] = plain[i] / (float)Factor * stretched + plain[i] * (1 - stretched);
        }
        return result;

        double CorrectionDim(double rotations) => headDim * Math.Log(original / (rotations * 2 * Math.PI)) / (2 * Math.Log(theta));
    }

    private double Magnitude(double scale) => Factor <= 1 ? 1 : 0.1 * scale * Math.Log(Factor) + 1;
}
