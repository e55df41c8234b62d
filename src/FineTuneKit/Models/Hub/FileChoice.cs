using System.IO.Enumeration;

namespace FineTuneKit.Models.Hub;

/// <summary>Which files of a model are fetched. In patterns <c>*</c> stands for any text, '/' included, and <c>?</c> for one character, as in Python's client.</summary>
public sealed record FileChoice
{
    // What the kit reads; other programs' weights would double the time.
    private static readonly string[] Usual =
        ["*.safetensors", "*.safetensors.index.json", "*.json", "*.jinja", "*.model", "*.tiktoken", "merges.txt", "vocab.txt", "README.md", "LICENSE*", "NOTICE*"];

    private static readonly string[] Pickles = [".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"];

    /// <summary>Default empty: what the kit reads, in the model's own folder.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Default empty. What is left out of that.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Chooses among names.</summary>
    /// <exception cref="InputException">None is left; where that is for pickles, which are never fetched, with the way to convert them.</exception>
    public IReadOnlyList<string> Choose(IReadOnlyList<string> files, string model)
    {
        List<string> wanted = [.. files.Where(IsWanted)], chosen = [.. wanted.Where(file => !IsPickle(file))];
        bool weights = chosen.Exists(file => file.EndsWith(".safetensors", StringComparison.Ordinal));
        string? pickle = (Include.Count == 0 ? files.Where(file => !file.Contains('/', StringComparison.Ordinal)) : wanted).FirstOrDefault(IsPickle);
        if (pickle is not null && (chosen.Count == 0 || (Include.Count == 0 && !weights))) SafetensorsFile.RefusePickle($"{model}/{pickle}");
        return chosen.Count > 0 ? chosen
            : throw new InputException($"{model}: none of its {files.Count} files is chosen by {(Include.Count > 0 ? string.Join(", ", Include) : "what the kit reads")}{(Exclude.Count > 0 ? $" without {string.Join(", ", Exclude)}" : "")}; it has {string.Join(", ", files.Take(8))}{(files.Count > 8 ? " …" : "")}");
    }

    private bool IsWanted(string file) =>
        (Include.Count > 0 ? Include.Any(pattern => Matches(pattern, file)) : !file.Contains('/', StringComparison.Ordinal) && Usual.Any(pattern => Matches(pattern, file)))
        && !Exclude.Any(pattern => Matches(pattern, file));

    private static bool Matches(string pattern, string file) =>
        FileSystemName.MatchesSimpleExpression(pattern.EndsWith('/') ? pattern + "*" : pattern, file, ignoreCase: false);

    private static bool IsPickle(string file) => Pickles.Contains(Path.GetExtension(file).ToLowerInvariant());
}
