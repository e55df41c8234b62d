namespace FineTuneKit.Training;

/// <summary>
/// A run failed although its input could be read: a loss that is not a number, a checkpoint that cannot be written.
/// The message says at which step and what is safe; the command line prints it without a stack trace and exits with code 1.
/// </summary>
public sealed class TrainingException : Exception
{
    /// <summary>A failure, said in one or two sentences.</summary>
    public TrainingException(string message) : base(message)
    {
    }

    /// <summary>A failure that another exception revealed.</summary>
    public TrainingException(string message, Exception inner) : base(message, inner)
    {
    }
}
