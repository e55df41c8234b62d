namespace FineTuneKit;

/// <summary>What a long job tells while it runs: its stages one after another, each with a share done and a word on it.</summary>
public interface IRunProgress
{
    /// <summary>A stage begins; the one before it has ended.</summary>
    void Begin(string stage);

    /// <summary>The running stage stands at <paramref name="fraction"/> (0 to 1); the detail is a few words, such as a loss.</summary>
    void Report(double fraction, string detail);

    /// <summary>The running stage ended with this result.</summary>
    void End(string result);
}

/// <summary>Tells nothing.</summary>
public sealed class SilentProgress : IRunProgress
{
    /// <inheritdoc/>
    public void Begin(string stage)
    {
    }

    /// <inheritdoc/>
    public void Report(double fraction, string detail)
    {
    }

    /// <inheritdoc/>
    public void End(string result)
    {
    }
}
