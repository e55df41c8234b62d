namespace CpuTorch;

public static partial class torch
{
    /// <summary>Starts a scope that disposes the tensors made on this thread until it ends.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScope.Begin(HandleReuse.None);

    /// <summary>
    /// Starts a scope whose handles, and those of the scopes within it, serve again for later tensors, so that a loop makes no
    /// garbage. For loops whose tensors and scopes nobody else can hold: a handle kept beyond its scope would show another tensor.
    /// </summary>
    public static DisposeScope NewReusingDisposeScope() => DisposeScope.Begin(HandleReuse.Nested);

    /// <summary>How much native memory tensors take.</summary>
    public static class memory
    {
        /// <summary>Blocks that some tensor or graph holds.</summary>
        public static long live_blocks => BlockPool.LiveBlocks;

        public static long live_bytes => BlockPool.LiveBytes;

        /// <summary>The most bytes in use at one time since the start or the last <see cref="reset_peak"/>.</summary>
        public static long peak_bytes => BlockPool.PeakBytes;

        /// <summary>Bytes kept for reuse.</summary>
        public static long idle_bytes => BlockPool.IdleBytes;

        /// <summary>Bytes of frozen weights' panels, kept between matrix products; part of <see cref="live_bytes"/>.</summary>
        public static long kept_bytes => KeptPanels.HeldBytes;

        /// <summary>The most that <see cref="kept_bytes"/> may come to.</summary>
        public static long kept_limit => KeptPanels.Budget;

        /// <summary>Blocks ever asked of the system: constant in a steady training loop.</summary>
        public static long system_blocks => BlockPool.SystemBlocks;

        public static void reset_peak() => BlockPool.ResetPeak();

        /// <summary>Gives idle blocks back to the system.</summary>
        public static void trim() => BlockPool.Trim();
    }
}

/// <summary>
/// Disposes what was made on this thread between its construction and its end, save what was moved out.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private const int SpareLists = 16, SpareMembers = 1 << 16;

    [ThreadStatic]
    private static DisposeScope? current;

    // Lists of scopes that ended on this thread, for the next ones.
    [ThreadStatic]
    private static Stack<List<IScoped>>? spare;

    // Scopes within a reusing one, and such themselves.
    [ThreadStatic]
    private static Stack<DisposeScope>? spareScopes;

    private DisposeScope? outer;
    private HandleReuse reuse;

    // A tensor that leaves early stays in the list and is skipped: leaving is a field write.
    private List<IScoped>? members;
    private List<IDisposable>? others;
    private int alive;
    private bool ended;

    internal DisposeScope(HandleReuse reuse = HandleReuse.None) => Start(reuse);

    /// <summary>A scope; one that ended where the scopes serve again too.</summary>
    internal static DisposeScope Begin(HandleReuse reuse)
    {
        bool nested = reuse == HandleReuse.Nested || current?.reuse == HandleReuse.Nested;
        if (!nested || spareScopes is null || !spareScopes.TryPop(out DisposeScope? scope)) return new DisposeScope(reuse);
        scope.Start(reuse);
        return scope;
    }

    private void Start(HandleReuse wanted)
    {
        outer = current;
        reuse = outer?.reuse == HandleReuse.Nested ? HandleReuse.Nested : wanted;
        (alive, ended) = (0, false);
        current = this;
        if (spare is not null && spare.TryPop(out List<IScoped>? emptied)) members = emptied;
    }

    internal static DisposeScope? Current => current;

    /// <summary>How many disposables this scope would dispose now.</summary>
    public long DisposablesCount => alive + (others?.Count ?? 0);

    /// <summary>Hands a disposable to this scope.</summary>
    public T Attach<T>(T disposable)
        where T : IDisposable
    {
        if (disposable is IScoped scoped) Adopt(scoped);
        else (others ??= []).Add(disposable);
        return disposable;
    }

    /// <summary>Takes a disposable out of the scope: its owner disposes it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        if (disposable is IScoped scoped) scoped.Scope?.Leave(scoped);
        else others?.Remove(disposable);
        return disposable;
    }

    /// <summary>Hands a disposable to the scope around this one; without one, nobody disposes it.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        Detach(disposable);
        outer?.Attach(disposable);
        return disposable;
    }

    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        Detach(disposable);
        scope?.Attach(disposable);
        return disposable;
    }

    /// <summary>Disposes all members now; the scope goes on.</summary>
    public void DisposeEverything() => DisposeEverythingBut([]);

    public void DisposeEverythingBut(IEnumerable<IDisposable> keep)
    {
        var kept = new HashSet<IDisposable>(keep, ReferenceEqualityComparer.Instance);
        IScoped[] now = [.. members ?? []];
        members?.Clear();
        alive = 0;
        foreach (IScoped member in now)
        {
            if (member.Scope != this) continue;
            member.Scope = null;
            if (kept.Contains(member)) Adopt(member);
            else member.Dispose();
        }
        if (others is null) return;
        foreach (IDisposable other in others.Where(other => !kept.Contains(other))) other.Dispose();
        others.RemoveAll(other => !kept.Contains(other));
    }

    public void Dispose()
    {
        if (ended) return;
        ended = true;
        DisposeSince(0);
        if (others is not null)
        {
            foreach (IDisposable other in others) other.Dispose();
            others = null;
        }
        if (current == this) current = outer;
        GiveBackList();
        if (reuse != HandleReuse.Nested) return;
        spareScopes ??= new Stack<DisposeScope>();
        if (spareScopes.Count < SpareLists) spareScopes.Push(this);
    }

    private void GiveBackList()
    {
        if (members is not { Capacity: <= SpareMembers } emptied) return;
        members = null;
        spare ??= new Stack<List<IScoped>>();
        if (spare.Count < SpareLists) spare.Push(emptied);
    }

    internal void Adopt(IScoped member)
    {
        member.Scope?.Leave(member);
        members ??= [];
        if (members.Count > 64 + (2 * alive)) members.RemoveAll(candidate => candidate.Scope != this);
        members.Add(member);
        member.Scope = this;
        alive++;
    }

    internal void Leave(IScoped member)
    {
        if (member.Scope != this) return;
        member.Scope = null;
        alive--;
    }

    /// <summary>Disposes the members that came after the first <paramref name="count"/> of the list.</summary>
    internal void DisposeSince(int count)
    {
        if (members is null) return;
        for (int i = count; i < members.Count; i++)
        {
            IScoped member = members[i];
            // A handle that was disposed early is as free as one that is disposed now.
            if (reuse != HandleReuse.None && member is torch.Tensor tensor && (member.Scope == this || (member.Scope is null && tensor.IsInvalid))) tensor.Recycle();
            else if (member.Scope == this) member.Dispose();
        }
        members.RemoveRange(count, members.Count - count);
    }
}

/// <summary>Whether a scope's handles serve again for later tensors.</summary>
internal enum HandleReuse
{
    None,

    /// <summary>This scope's, not those of the scopes within it.</summary>
    Own,

    /// <summary>Those of the scopes within it too.</summary>
    Nested,
}

/// <summary>What a <see cref="DisposeScope"/> can own without a look-up.</summary>
internal interface IScoped : IDisposable
{
    DisposeScope? Scope { get; set; }
}
