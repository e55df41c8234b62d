using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FineTuneKit.Models.Hub;

/// <summary>A file of a model on the hub.</summary>
/// <param name="Path">Its name, with '/' between folders.</param>
/// <param name="Etag">What the hub calls its content: SHA-256 in hex of a large file, git's SHA-1 of a small one, else any word.</param>
/// <param name="Size">Its length in bytes.</param>
internal sealed partial record HubFile(string Path, string Etag, long Size)
{
    private const int Sha256Length = 64, GitLength = 40;

    /// <summary>Reads an entry of a model's list of files; size and etag are null where the list does not give them.</summary>
    public static (string Path, string? Etag, long? Size) FromList(JsonElement entry)
    {
        string path = entry.GetProperty("rfilename").GetString() ?? throw new InvalidOperationException("a file has no name");
        bool isLarge = entry.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object;
        string? etag = isLarge ? Text(lfs, "sha256") ?? Text(lfs, "oid") : Text(entry, "blobId");
        long? size = Number(isLarge ? lfs : entry, "size") ?? Number(entry, "size");
        return (path, etag, size);
    }

    /// <summary>Reads the headers that answer a question about a file.</summary>
    public static (string? Etag, long? Size) FromHeaders(HttpResponseMessage response)
    {
        string? Header(string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
        string? etag = Header("X-Linked-Etag") ?? Header("ETag");
        long? size = long.TryParse(Header("X-Linked-Size"), out long linked) ? linked : response.Content.Headers.ContentLength;
        return (etag?.Replace("W/", "", StringComparison.Ordinal).Trim('"'), size);
    }

    /// <summary>A file whose etag and size are known and can be used.</summary>
    /// <exception cref="HubException">One is missing or strange: an etag becomes the name of a file.</exception>
    public static HubFile Of(string path, string? etag, long? size, Uri address)
    {
        if (etag is null || !EtagPattern().IsMatch(etag)) throw new HubException($"{address} gives {path} the etag \"{etag}\"; letters, digits and '-' are required");
        if (size is not >= 0) throw new HubException($"{address} gives {path} the size {size?.ToString() ?? "(none)"}; a number of bytes is required");
        return new(path, etag, size.Value);
    }

    /// <summary>Checks a content against the hash that the etag is, where it is one.</summary>
    /// <returns>The hash that was found where it is another, else null.</returns>
    public string? WrongHash(string file)
    {
        if (!HexPattern().IsMatch(Etag) || Etag.Length is not (Sha256Length or GitLength)) return null;
        using FileStream stream = File.OpenRead(file);
        using var hash = IncrementalHash.CreateHash(Etag.Length == Sha256Length ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (Etag.Length == GitLength) hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return string.Equals(found, Etag, StringComparison.OrdinalIgnoreCase) ? null : found;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.TryGetInt64(out long number) ? number : null;

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EtagPattern();

    [GeneratedRegex(@"\A[A-Fa-f0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex HexPattern();
}
