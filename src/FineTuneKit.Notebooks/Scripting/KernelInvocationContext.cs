using FineTuneKit.Notebooks.Display;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>The run of one cell: where its outputs go and the token that an interruption cancels.</summary>
public sealed class KernelInvocationContext
{
    private static readonly AsyncLocal<KernelInvocationContext?> Running = new();

    internal KernelInvocationContext(ICellOutputs outputs, CancellationToken cancellationToken) => (Outputs, CancellationToken) = (outputs, cancellationToken);

    /// <summary>The cell that runs, also in what it has started; null outside.</summary>
    public static KernelInvocationContext? Current
    {
        get => Running.Value;
        internal set => Running.Value = value;
    }

    /// <summary>Cancelled when the user interrupts or the cell's time is over.</summary>
    public CancellationToken CancellationToken { get; }

    internal ICellOutputs Outputs { get; }

    internal static KernelInvocationContext Required => Current ?? throw new InvalidOperationException("nothing can be displayed here: no cell of a notebook runs");

    /// <summary>Shows a value under the cell.</summary>
    public DisplayedValue Display(object? value, params string[] mimeTypes)
    {
        var displayed = new DisplayedValue(Outputs, Guid.NewGuid().ToString("N"), mimeTypes);
        Outputs.Display(Formatter.Format(value, mimeTypes), displayed.DisplayId);
        return displayed;
    }
}

/// <summary>The same by the name and shape that .NET Interactive has, by which libraries find it.</summary>
public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value under the cell.</summary>
    public static DisplayedValue Display(this KernelInvocationContext context, object? value, params string[] mimeTypes) => context.Display(value, mimeTypes);
}
