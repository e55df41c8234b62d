namespace FineTuneKit.Models;

/// <summary>Cosines and sines by position, tables (positions, RotaryDim/2).</summary>
internal readonly record struct RotaryAngles(Tensor Cos, Tensor Sin);

/// <summary>
/// Cosines and sines of the rotary angles (Su et al., 2021), tables (positions, RotaryDim/2) in float32, made when
/// first needed and grown with the longest sequence.
/// </summary>
internal sealed class RotaryTable
{
    private readonly DecoderConfig _config;
    private int _positions;
    private Tensor? _cos, _sin;

    public RotaryTable(DecoderConfig config) => _config = config;

    /// <summary>Tables that hold at least <paramref name="tokens"/> positions.</summary>
    /// <exception cref="InputException">More tokens than the model's context.</exception>
    public RotaryAngles For(int tokens)
    {
        // Dynamic scaling depends on the length itself, but only beyond the context.
        bool dynamic = _config.RotaryScaling?.Kind == "dynamic" && tokens > _config.ContextLength;
        if (tokens > _config.ContextLength && !dynamic)
            throw new InputException($"{tokens} tokens; the model holds {_config.ContextLength} (max_position_embeddings)");
        if (dynamic)
        {
            (Tensor cos, Tensor sin) = Build(tokens, tokens);
            return new(cos, sin);
        }
        if (tokens > _positions)
        {
            int grown = Math.Min(_config.ContextLength, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(tokens, 256)));
            // The old tables may still be held by a graph; they go with it.
            (_cos, _sin) = Build(grown, tokens: 0);
            _cos.DetachFromDisposeScope();
            _sin.DetachFromDisposeScope();
            _positions = grown;
        }
        return new(_cos!, _sin!);
    }

    private (Tensor Cos, Tensor Sin) Build(int positions, int tokens)
    {
        float[] frequencies = RotaryScaling.InverseFrequencies(_config.RotaryScaling, _config.RotaryDim, _config.RotaryBase, _config.ContextLength, tokens);
        float factor = (float)(_config.RotaryScaling?.CosineFactor ?? 1);
        var cos = new float[positions * frequencies.Length];
        var sin = new float[cos.Length];
        for (int i = 0; i < cos.Length; i++)
        {
            // The angle is rounded to float32 as the reference rounds it; only then does the cosine agree far out.
            float angle = i / frequencies.Length * frequencies[i % frequencies.Length];
            cos[i] = (float)Math.Cos(angle) * factor;
            sin[i] = (float)Math.Sin(angle) * factor;
        }
        return (tensor(cos, [positions, frequencies.Length]), tensor(sin, [positions, frequencies.Length]));
    }
}
