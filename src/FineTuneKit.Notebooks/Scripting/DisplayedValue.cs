using FineTuneKit.Notebooks.Display;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>Something shown under a cell, which can be shown anew in the same place: a progress bar, a live chart.</summary>
public sealed class DisplayedValue(ICellOutputs outputs, string displayId, IReadOnlyCollection<string> mimeTypes)
{
    /// <summary>The name under which front ends know it.</summary>
    public string DisplayId { get; } = displayId;

    /// <summary>The media types in which it is shown.</summary>
    public IReadOnlyCollection<string> MimeTypes { get; } = mimeTypes;

    /// <summary>Shows another value in its place.</summary>
    public void Update(object? value) => outputs.Update(Formatter.Format(value, MimeTypes), DisplayId);
}
