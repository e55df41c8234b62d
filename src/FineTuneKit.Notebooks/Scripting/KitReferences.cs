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

    private static readonly Lazy<ImmutableArray<MetadataReference>> FrameworkReferences = new(FindFramework);

    private readonly MetadataReferenceResolver _inner = inner;

    public override bool ResolveMissingAssemblies => _inner.ResolveMissingAssemblies;

    /// <summary>The framework, and this assembly for <c>display</c> and its like.</summary>
    public static ImmutableArray<MetadataReference> Framework => FrameworkReferences.Value;

    /// <summary>Resolves against the current folder.</summary>
    public static KitReferences Here() => new(ScriptMetadataResolver.Default.WithBaseDirectory(Environment.CurrentDirectory));

    /// <summary>A reference with its documentation where that lies beside it.</summary>
    public static PortableExecutableReference Reference(string path, MetadataReferenceProperties properties = default)
    {
        string documentation = Path.ChangeExtension(path, ".xml");
        return MetadataReference.CreateFromFile(path, properties.Kind == default && properties.Aliases.IsDefaultOrEmpty ? MetadataReferenceProperties.Assembly : properties,
            File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null);
    }

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        Own.TryGetValue(Path.GetFileName(reference.Replace('\\', '/')), out string? own)
            ? [Reference(own, properties)]
            : _inner.ResolveReference(reference, baseFilePath, properties);

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        Own.TryGetValue(referenceIdentity.Name + ".dll", out string? own) ? Reference(own) : _inner.ResolveMissingAssembly(definition, referenceIdentity);

    public override bool Equals(object? other) => other is KitReferences references && _inner.Equals(references._inner);

    public override int GetHashCode() => _inner.GetHashCode();

    private static ImmutableArray<MetadataReference> FindFramework()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return [.. trusted.Where(path => Path.GetDirectoryName(path) == folder).Append(typeof(Kernel).Assembly.Location).Select(path => Reference(path))];
    }
}
