namespace FineTuneKit.Fixtures;

/// <summary>The repository that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of a file or folder of data-samples.</summary>
    public static string Sample(params ReadOnlySpan<string> path) => Path.Combine([Root, "data-samples", .. path]);

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "FineTuneKit.sln"))) return at.FullName;
        throw new InvalidOperationException("FineTuneKit.sln is not above the tests");
    }
}
