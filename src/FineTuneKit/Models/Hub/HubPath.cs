namespace FineTuneKit.Models.Hub;

/// <summary>Names of files that a server sends: none may lead out of the folder that it is placed in.</summary>
internal static class HubPath
{
    // Windows takes these for devices, whatever their ending.
    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>Whether a relative path with '/' stays below its folder on every system.</summary>
    public static bool IsSafe(string path) => path.Length is > 0 and <= 1024 && path.Split('/').All(IsSafePart);

    /// <summary>Refuses a path that is not.</summary>
    /// <exception cref="InputException">It could lead elsewhere.</exception>
    public static void Require(string path, string from)
    {
        if (!IsSafe(path)) throw new InputException($"{from} names the file \"{Shown(path)}\", which could lead out of its folder; nothing was written");
    }

    private static bool IsSafePart(string part) =>
        part.Length > 0 && part is not ("." or "..") && part[^1] is not ('.' or ' ') && part[0] != ' '
        && !part.AsSpan().ContainsAny('\\', ':', '\0') && !part.Any(char.IsControl) && !Devices.Contains(part.Split('.')[0]);

    private static string Shown(string path) => string.Concat(path.Take(200).Select(c => char.IsControl(c) ? '?' : c));
}
