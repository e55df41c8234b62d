using System.Text;
using System.Text.Json;
using FineTuneKit.Fixtures;

namespace Benchmarks;

/// <summary>English and Japanese prose: the lines of all texts among the fixtures' data and data-samples, repeated and shuffled.</summary>
internal static class BenchmarkTexts
{
    private static readonly Lazy<(string[] English, string[] Japanese)> Lines = new(ReadLines);

    /// <summary>At least so many bytes of UTF-8, in documents of so many lines.</summary>
    public static string[] English(int bytes, int linesOfADocument) => Documents(Lines.Value.English, bytes, linesOfADocument);

    /// <inheritdoc cref="English"/>
    public static string[] Japanese(int bytes, int linesOfADocument) => Documents(Lines.Value.Japanese, bytes, linesOfADocument);

    private static string[] Documents(string[] lines, int bytes, int linesOfADocument)
    {
        var random = new Random(1);
        string[] shuffled = [.. lines];
        var text = new List<string>();
        for (int size = 0, next = 0; size < bytes; next = (next + 1) % shuffled.Length)
        {
            if (next == 0) random.Shuffle(shuffled);
            text.Add(shuffled[next]);
            size += Encoding.UTF8.GetByteCount(shuffled[next]) + 1;
        }

        return [.. text.Chunk(linesOfADocument).Select(chunk => string.Join('\n', chunk))];
    }

    private static (string[] English, string[] Japanese) ReadLines()
    {
        var (english, japanese) = (new List<string>(), new List<string>());
        foreach (string folder in new[] { FixtureFolder.PathOf("data"), Path.Combine(Repository.Root, "data-samples") })
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.json*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                foreach (string line in Strings(file).SelectMany(text => text.Split('\n')).Where(line => line.Length > 1))
                {
                    (line.Any(c => c is >= '\u3040' and <= '\u30FF') ? japanese : english).Add(line);
                }
            }
        }

        return ([.. english], [.. japanese]);
    }

    private static IEnumerable<string> Strings(string file) =>
        Path.GetExtension(file) == ".jsonl" ? File.ReadLines(file).Where(line => line.Length > 0).SelectMany(Parsed) : Parsed(File.ReadAllText(file));

    private static List<string> Parsed(string json)
    {
        var found = new List<string>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Collect(document.RootElement, found);
        }
        catch (JsonException)
        {
            // Some of these files hold JSON lines under another name, which the first line tells; they are not needed.
        }

        return found;
    }

    private static void Collect(JsonElement element, List<string> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                found.Add(element.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray()) Collect(item, found);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject()) Collect(property.Value, found);
                break;
        }
    }
}
