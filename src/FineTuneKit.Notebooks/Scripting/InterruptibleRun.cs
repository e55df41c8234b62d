using System.Diagnostics;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>How a run ended.</summary>
internal enum RunEnd
{
    /// <summary>By itself, with a result or an exception.</summary>
    Completed,

    /// <summary>The user interrupted it.</summary>
    Interrupted,

    /// <summary>Its time was over.</summary>
    TimedOut,
}

/// <summary>
/// Runs a cell so that it can be stopped: first by its token, for which a job that listens (a training run) is given the
/// time to save itself; then by force, which wakes what waits and ends the loops of cells (<see cref="InterruptibleLoops"/>).
/// </summary>
internal sealed class InterruptibleRun : IDisposable
{
    private const int StackBytes = 64 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300), Poll = TimeSpan.FromMilliseconds(20), GiveUp = TimeSpan.FromSeconds(5);

    // Known to everything that the run starts, on whichever thread.
    private static readonly AsyncLocal<InterruptibleRun?> Current = new();

    private static int s_ending;

    private readonly CancellationTokenSource _soft = new(), _hard = new();
    private readonly ManualResetEventSlim _interrupted = new();
    private volatile bool _forced;

    /// <summary>Cancelled when the run is to end.</summary>
    public CancellationToken Token => _soft.Token;

    /// <summary>True where even force did not end it: something that it started goes on.</summary>
    public bool StillRuns { get; private set; }

    /// <summary>Asks the run to end; the second time without regard to what it does.</summary>
    public void Interrupt()
    {
        if (_interrupted.IsSet) _forced = true;
        _interrupted.Set();
    }

    /// <summary>Runs the work on a thread of its own.</summary>
    /// <param name="work">What to run; it may go on asynchronously.</param>
    /// <param name="limit">Time after which it is ended; null means none.</param>
    /// <exception cref="Exception">What the work threw, where it ended by itself.</exception>
    public RunEnd Run(Func<Task> work, TimeSpan? limit)
    {
        using var done = new ManualResetEventSlim();
        Exception? thrown = null;
        var thread = new Thread(() => Body(work, e => thrown = e, done), StackBytes) { IsBackground = true, Name = "notebook cell" };
        thread.Start();
        int first = WaitHandle.WaitAny([done.WaitHandle, _interrupted.WaitHandle], limit ?? Timeout.InfiniteTimeSpan);
        if (first == 0)
        {
            if (thrown is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(thrown).Throw();
            return RunEnd.Completed;
        }
        bool timedOut = first == WaitHandle.WaitTimeout;
        Stop(thread, done);
        // A job that saved itself says where, in the exception with which it ended.
        if (thrown is OperationCanceledException { Message.Length: > 0 } told and not TaskCanceledException && told.CancellationToken == Token) Notice = told.Message;
        return timedOut ? RunEnd.TimedOut : RunEnd.Interrupted;
    }

    /// <summary>What the job that was interrupted says: where it saved itself.</summary>
    public string? Notice { get; private set; }

    public void Dispose()
    {
        // Not the token sources: what the cell has started may still hold their tokens.
        _interrupted.Dispose();
    }

    /// <summary>True while some run is to end by force; asked by every round of every loop, so it must cost next to nothing.</summary>
    internal static bool SomeEnd => Volatile.Read(ref s_ending) > 0;

    /// <summary>Ends a loop of a run that is to end by force.</summary>
    /// <exception cref="OperationCanceledException">It is.</exception>
    internal static void ThrowIfEnding() => Current.Value?._hard.Token.ThrowIfCancellationRequested();

    private void Stop(Thread thread, ManualResetEventSlim done)
    {
        _soft.Cancel();
        var clock = Stopwatch.StartNew();
        while (!done.Wait(Poll) && (clock.Elapsed < Patience || NotebookHost.JobListens) && !_forced)
        {
        }
        if (done.IsSet) return;
        Interlocked.Increment(ref s_ending);
        _hard.Cancel();
        clock.Restart();
        // What sleeps or waits is woken.
        while (!done.Wait(Poll) && clock.Elapsed < GiveUp) thread.Interrupt();
        StillRuns = !done.IsSet;
        // What still runs ends in its next loop, whenever it comes to one; what has ended may have started other threads.
        if (!StillRuns) _ = Task.Delay(GiveUp).ContinueWith(_ => Interlocked.Decrement(ref s_ending), TaskScheduler.Default);
    }

    private void Body(Func<Task> work, Action<Exception> thrown, ManualResetEventSlim done)
    {
        Current.Value = this;
        try
        {
            Task task = work();
            Task.WaitAny([task], _hard.Token);
            // Gives a cancellation with its message, which waiting for the task would not.
            task.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            thrown(e);
        }
        Finish(done);
    }

    private static void Finish(ManualResetEventSlim done)
    {
        try
        {
            done.Set();
        }
        catch (Exception e) when (e is ObjectDisposedException or ThreadInterruptedException)
        {
            // The run had been given up.
        }
    }
}
