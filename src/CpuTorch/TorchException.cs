namespace CpuTorch;

/// <summary>
/// What PyTorch would have raised: <see cref="Kind"/> is the name of its Python exception
/// (RuntimeError, IndexError, ValueError, TypeError) and the message is worded as PyTorch words it.
/// </summary>
public sealed class TorchException(string kind, string message) : Exception(message)
{
    /// <summary>RuntimeError, IndexError, ValueError, TypeError or NotImplementedError.</summary>
    public string Kind { get; } = kind;

    internal static TorchException Runtime(string message) => new("RuntimeError", message);

    internal static TorchException Index(string message) => new("IndexError", message);

    internal static TorchException Value(string message) => new("ValueError", message);

    internal static TorchException Type(string message) => new("TypeError", message);
}
