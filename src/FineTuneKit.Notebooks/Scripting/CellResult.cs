namespace FineTuneKit.Notebooks.Scripting;

/// <summary>How a cell ended.</summary>
public enum CellStatus
{
    /// <summary>Without an error.</summary>
    Done,

    /// <summary>With an error: it does not compile, a directive is wrong, or it threw.</summary>
    Failed,

    /// <summary>The user interrupted it.</summary>
    Interrupted,

    /// <summary>Its time was over.</summary>
    TimedOut,
}

/// <summary>What ended a cell, as a notebook keeps it.</summary>
/// <param name="Name">The exception's type, or <c>CompilationError</c>.</param>
/// <param name="Message">One line or more.</param>
/// <param name="Traceback">What a person reads: the place with its source line, inner exceptions.</param>
public sealed record CellError(string Name, string Message, IReadOnlyList<string> Traceback);

/// <summary>The result of a cell.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Error">Why, where it did not end well.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record CellResult(CellStatus Status, CellError? Error, TimeSpan Elapsed);
