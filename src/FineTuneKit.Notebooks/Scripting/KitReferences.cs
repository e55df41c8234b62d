using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>
/// Resolves <c>#r</c>. A reference to the kit is to the copy that runs here, wherever the notebook says it lies: two
/// copies of one assembly in a process would be two sets of types that do not fit each other.
/// </summary>
internal sealed class KitReferences(MetadataReferenceResolver inner) : MetadataReferenceResolver
{
    private static readonly Dictionary<string, string> Own = new Assembly[] { typeof(InputException).Assembly, typeof(CpuTorch.torch).Assembly }
        .ToDictionary(a => Path.GetFileName(a.Location), a => a.Location, StringComparer.OrdinalIgnoreCase);

    // One object for each file: the compiler takes another for another assembly, whose types then fit no variable declared before.
    private static readonly ConcurrentDictionary<string, PortableExecutableReference> Cache = new(StringComparer.Ordinal);

    private static readonly Lazy<ImmutableArray<MetadataReference>> FrameworkReferences = new(FindFramework);

    private readonly MetadataReferenceResolver _inner = inner;

    public override bool ResolveMissingAssemblies => _inner.ResolveMissingAssemblies;

    /// <summary>The framework, and this assembly for <c>display</c> and its like.</summary>
    public static ImmutableArray<MetadataReference> Framework => FrameworkReferences.Value;

    /// <summary>Resolves against the current folder.</summary>
    public static KitReferences Here() => new(ScriptMetadataResolver.Default.WithBaseDirectory(Environment.CurrentDirectory));

    /// <summary>A reference with its documentation where that lies beside it.</summary>
    public static PortableExecutableReference Reference(string path) => Cache.GetOrAdd(path, file =>
    {
        string documentation = Path.ChangeExtension(file, ".xml");
        return MetadataReference.CreateFromFile(file, documentation: File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null);
    });

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        Own.TryGetValue(Path.GetFileName(reference.Replace('\\', '/')), out string? own)
            ? [Reference(own).WithProperties(properties)]
            : [.. _inner.ResolveReference(reference, baseFilePath, properties).Select(r => r.FilePath is { } path ? Reference(path).WithProperties(properties) : r)];

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        if (Own.TryGetValue(referenceIdentity.Name + ".dll", out string? own)) return Reference(own);
        return _inner.ResolveMissingAssembly(definition, referenceIdentity) is { } found ? found.FilePath is { } path ? Reference(path) : found : null;
    }

    public override bool Equals(object? other) => other is KitReferences references && _inner.Equals(references._inner);

    public override int GetHashCode() => _inner.GetHashCode();

    private static ImmutableArray<MetadataReference> FindFramework()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return [.. trusted.Where(path => Path.GetDirectoryName(path) == folder).Append(typeof(Kernel).Assembly.Location).Select(Reference)];
    }
}
