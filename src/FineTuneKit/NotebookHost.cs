using System.Reflection;

namespace FineTuneKit;

/// <summary>
/// The notebook in which this code runs, found by the names that .NET Interactive and the kit's own runner share, so
/// that the library references neither. Outside a notebook there is none.
/// </summary>
public sealed class NotebookHost
{
    private const string ContextName = "KernelInvocationContext";
    private static readonly string[] Assemblies = ["FineTuneKit.Notebooks", "Microsoft.DotNet.Interactive"];
    private static int _listening;

    private readonly object _context;
    private readonly MethodInfo _display;

    private NotebookHost(object context, MethodInfo display, CancellationToken interrupted) =>
        (_context, _display, Interrupted) = (context, display, interrupted);

    /// <summary>The host of the running cell; null outside of one.</summary>
    public static NotebookHost? Current
    {
        get
        {
            foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
                if (Assemblies.Contains(assembly.GetName().Name) && Of(assembly) is { } host) return host;
            return null;
        }
    }

    /// <summary>Whether a job runs that ends by itself when interrupted, such as a training run that saves a checkpoint; a host waits for it.</summary>
    public static bool JobListens => Volatile.Read(ref _listening) > 0;

    /// <summary>Cancelled when the user interrupts the cell.</summary>
    public CancellationToken Interrupted { get; }

    /// <summary>Says that a job watches <see cref="Interrupted"/> until the result is disposed.</summary>
    public static IDisposable Listen() => new Listener();

    /// <summary>Shows a value under the cell.</summary>
    /// <returns>Shows another value in its place.</returns>
    public Action<object> Display(object value)
    {
        object shown = _display.Invoke(null, [_context, value, Array.Empty<string>()])!;
        MethodInfo update = shown.GetType().GetMethod("Update", [typeof(object)])!;
        return next => update.Invoke(shown, [next]);
    }

    private static NotebookHost? Of(Assembly assembly)
    {
        Type? context = Find(assembly, ContextName), extensions = Find(assembly, ContextName + "Extensions");
        if (context?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is not { } current) return null;
        MethodInfo? display = extensions?.GetMethod("Display", [context, typeof(object), typeof(string[])]);
        if (display is null || context.GetProperty("CancellationToken")?.GetValue(current) is not CancellationToken token) return null;
        return new NotebookHost(current, display, token);
    }

    private static Type? Find(Assembly assembly, string name) => Array.Find(assembly.GetExportedTypes(), t => t.Name == name);

    private sealed class Listener : IDisposable
    {
        private int _disposed;

        public Listener() => Interlocked.Increment(ref _listening);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) Interlocked.Decrement(ref _listening);
        }
    }
}
