using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>Finds the native libraries of restored packages, which lie in folders of their own.</summary>
internal static class NativeLibraries
{
    private static readonly HashSet<string> Files = new(StringComparer.Ordinal);
    private static readonly HashSet<AssemblyLoadContext> Watched = [];

    public static void Add(IReadOnlyList<string> files)
    {
        lock (Files)
        {
            if (Files.Count == 0 && files.Count > 0) AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Watch(loaded.LoadedAssembly);
            foreach (string file in files) Files.Add(file);
        }
    }

    private static void Watch(Assembly assembly)
    {
        if (assembly.IsDynamic || AssemblyLoadContext.GetLoadContext(assembly) is not { } context) return;
        lock (Files)
            if (Watched.Add(context)) context.ResolvingUnmanagedDll += (_, name) => Load(name);
    }

    private static nint Load(string name)
    {
        string[] candidates;
        lock (Files) candidates = [.. Files.Where(f => Path.GetFileNameWithoutExtension(f) is { } bare && (bare == name || bare == "lib" + name || Path.GetFileName(f) == name))];
        foreach (string file in candidates)
            if (NativeLibrary.TryLoad(file, out nint handle)) return handle;
        return 0;
    }
}
