namespace FineTuneKit.Models.Hub;

/// <summary>Where the hub is, where its files are kept, and who asks; by the same variables as Python's <c>huggingface_hub</c>.</summary>
public sealed record HubSettings
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The hub's address; <c>HF_ENDPOINT</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The folder of the cache; <c>HF_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>, else <c>~/.cache/huggingface/hub</c>.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The access token; <c>HF_TOKEN</c>, else the file that <c>HF_TOKEN_PATH</c> names, else <c>token</c> in <c>HF_HOME</c>. Null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether only the cache is asked; <c>HF_HUB_OFFLINE</c> or <c>TRANSFORMERS_OFFLINE</c>.</summary>
    public bool Offline { get; init; }

    /// <summary>Default 5. Tries of a request that meets no answer, 408, 429 or 5xx, or of a file whose transfer stands still.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Default 30 s. How long the server may be silent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Default 5 minutes. A server that asks to wait longer ends the attempt.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How waits between tries pass.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Wait { get; init; } = Task.Delay;

    /// <summary>Reads the environment.</summary>
    /// <exception cref="InputException">A variable cannot be used.</exception>
    public static HubSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <summary>Reads variables by name.</summary>
    internal static HubSettings From(Func<string, string?> variable)
    {
        string? Value(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
                if (variable(name) is { Length: > 0 } value) return value.Trim();
            return null;
        }

        string home = Value("HF_HOME") ?? Path.Combine(
            Value("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "huggingface");
        string endpoint = Value("HF_ENDPOINT") ?? DefaultEndpoint;
        if (!Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new InputException($"HF_ENDPOINT is \"{endpoint}\"; an address that begins with https:// or http:// is required");
        return new()
        {
            Endpoint = address,
            CacheFolder = Path.GetFullPath(Expanded(Value("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"))),
            Token = Value("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") ?? TokenIn(Expanded(Value("HF_TOKEN_PATH") ?? Path.Combine(home, "token"))),
            Offline = IsOn(Value("HF_HUB_OFFLINE")) || IsOn(Value("TRANSFORMERS_OFFLINE")),
        };
    }

    private static string? TokenIn(string file) => File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } token ? token : null;

    private static string Expanded(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..] : path;

    private static bool IsOn(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
}
