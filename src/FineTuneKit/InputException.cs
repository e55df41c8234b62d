namespace FineTuneKit;

/// <summary>
/// What the user gave cannot be used: a file, a row, an option. The message names the file and row, what was
/// found and what is required; the command line prints it without a stack trace and exits with code 2.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>An error in the input, said in one or two sentences.</summary>
    public InputException(string message) : base(message)
    {
    }

    /// <summary>An error in the input that another exception revealed.</summary>
    public InputException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>An error at a line of a file; the message reads <c>file:line: message</c>.</summary>
    public static InputException At(string file, int line, string message) => new($"{file}:{line}: {message}");
}
