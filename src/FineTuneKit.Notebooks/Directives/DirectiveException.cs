namespace FineTuneKit.Notebooks.Directives;

/// <summary>A directive that cannot be followed; the message says what is required.</summary>
/// <param name="line">The line in the cell, from 1.</param>
/// <param name="message">What was found and what is required.</param>
internal sealed class DirectiveException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
