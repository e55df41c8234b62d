using System.Text.Json;
using System.Text.RegularExpressions;
using FineTuneKit.Records;

namespace FineTuneKit.Data;

/// <summary>
/// What stands behind each placeholder, such as <c>[EMAIL_1]</c>. The same text always has the same placeholder. Who has
/// the vault can undo the masking, so it is kept apart from the data and never published.
/// </summary>
public sealed partial class MaskVault
{
    private const string Schema = "finetunekit.vault/1";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, string Value), string> _placeholders = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The texts behind the placeholders.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>How many different texts of each kind there are.</summary>
    public IReadOnlyDictionary<string, int> Counts => _numbers;

    /// <summary>Reads a vault that was saved, to mask more rows in the same way or to unmask.</summary>
    /// <exception cref="InputException">No such file, or no vault.</exception>
    public static MaskVault Load(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            if (json.RootElement.GetProperty("schema").GetString() != Schema) throw new InputException($"{path}: the schema is {json.RootElement.GetProperty("schema")}; {Schema} is required");
            var vault = new MaskVault();
            foreach (JsonProperty entry in json.RootElement.GetProperty("placeholders").EnumerateObject()) vault.Add(entry.Name, entry.Value.GetString()!);
            return vault;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{path}: is no vault of masked texts: {e.Message}", e);
        }
    }

    /// <summary>Saves the vault.</summary>
    public void Save(string path) => AtomicFile.WriteJson(path, new { schema = Schema, placeholders = _values });

    /// <summary>The placeholder of a text.</summary>
    internal string Placeholder(string kind, string value)
    {
        if (_placeholders.TryGetValue((kind, value), out string? known)) return known;
        int number = _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;
        string placeholder = $"[{kind}_{number}]";
        (_placeholders[(kind, value)], _values[placeholder]) = (placeholder, value);
        return placeholder;
    }

    /// <summary>The text with what stands behind its placeholders; others stay.</summary>
    public string Unmask(string text) =>
        text.Contains('[') ? Pattern().Replace(text, m => _values.GetValueOrDefault(m.Value, m.Value)) : text;

    /// <summary>The form of placeholders.</summary>
    [GeneratedRegex(@"\[(?<kind>[A-Z][A-Z_]*)_(?<number>[0-9]{1,9})\]")]
    internal static partial Regex Pattern();

    private void Add(string placeholder, string value)
    {
        Match match = Pattern().Match(placeholder);
        if (match.Length != placeholder.Length) throw new FormatException($"\"{placeholder}\" is no placeholder");
        string kind = match.Groups["kind"].Value;
        (_placeholders[(kind, value)], _values[placeholder]) = (placeholder, value);
        _numbers[kind] = Math.Max(_numbers.GetValueOrDefault(kind), int.Parse(match.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture));
    }
}
