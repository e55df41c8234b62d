namespace FineTuneKit.Models.Hub;

/// <summary>The hub cannot be reached, or sends what is not what it promised. Trying later may help, which for an <see cref="InputException"/> it does not.</summary>
public sealed class HubException : Exception
{
    /// <summary>An error of the hub, said in one or two sentences.</summary>
    public HubException(string message) : base(message)
    {
    }

    /// <summary>An error that another exception revealed.</summary>
    public HubException(string message, Exception inner) : base(message, inner)
    {
    }
}
