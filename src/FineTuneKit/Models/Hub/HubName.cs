using System.Text.RegularExpressions;

namespace FineTuneKit.Models.Hub;

/// <summary>The name of a model on the hub, <c>owner/name</c> (a few old models have no owner), and a revision of it.</summary>
public sealed partial record HubName
{
    /// <summary>The revision that is meant where none is named.</summary>
    public const string MainRevision = "main";

    private const int Longest = 96;

    private HubName(string name, string revision) => (Name, Revision) = (name, revision);

    /// <summary><c>owner/name</c>.</summary>
    public string Name { get; }

    /// <summary>A branch, a tag or a commit.</summary>
    public string Revision { get; }

    /// <summary>Whether it names a commit, which never changes.</summary>
    public bool IsCommit => CommitPattern().IsMatch(Revision);

    /// <summary>Reads <c>owner/name</c> or <c>owner/name@revision</c>.</summary>
    /// <exception cref="InputException">It is no name of a model.</exception>
    public static HubName Parse(string text, string? revision = null)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string name = at < 0 ? text : text[..at];
        revision ??= at < 0 ? MainRevision : text[(at + 1)..];
        if (!NamePattern().IsMatch(name) || name.Length > Longest || name.Contains("--", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
            throw new InputException($"\"{name}\" is no name of a model on the hub; owner/name is required, of letters, digits, '-', '_' and '.', at most {Longest} in all, without \"--\" and \"..\"");
        if (!HubPath.IsSafe(revision) || revision.Contains(':', StringComparison.Ordinal))
            throw new InputException($"\"{revision}\" is no revision; the name of a branch or a tag, or a commit, is required");
        return new(name, revision);
    }

    /// <summary>Whether a text could be the name of a model on the hub, with its owner.</summary>
    public static bool IsOne(string text) => text.Count(c => c == '/') == 1 && NamePattern().IsMatch(text.Split('@')[0]);

    /// <summary>Whether a text is a commit's hash as git writes it.</summary>
    internal static bool IsCommitHash(string text) => CommitPattern().IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => Revision == MainRevision ? Name : $"{Name}@{Revision}";

    [GeneratedRegex(@"\A[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?(/[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CommitPattern();
}
