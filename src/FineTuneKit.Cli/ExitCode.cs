namespace FineTuneKit.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 130;

    /// <summary>Runs a verb and turns what it throws into a message and a code; no stack trace unless FTK_TRACE is set.</summary>
    public static int Of(Func<CancellationToken, int> verb)
    {
        using var interruption = new Interruption();
        try
        {
            return verb(interruption.Token);
        }
        catch (InputException e)
        {
            return Tell(e, BadInput);
        }
        catch (OperationCanceledException e)
        {
            if (e.Message.Length > 0) Console.Error.WriteLine(e.Message);
            return Interrupted;
        }
        catch (Exception e)
        {
            return Tell(e, Failed);
        }
    }

    private static int Tell(Exception e, int code)
    {
        Console.Error.WriteLine($"error: {e.Message}");
        if (Environment.GetEnvironmentVariable("FTK_TRACE") is not null) Console.Error.WriteLine(e);
        return code;
    }
}
