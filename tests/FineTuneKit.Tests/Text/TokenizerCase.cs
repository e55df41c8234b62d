using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;

namespace FineTuneKit.Tests.Text;

/// <summary>What a fixture expects of a tokeniser; fields may be written as runs (<c>x_rle</c>).</summary>
internal static class TokenizerCase
{
    /// <summary>The kinds of parts that a folder's tokenizer is made of.</summary>
    public static IEnumerable<string> Kinds(string name)
    {
        string file = FixtureFolder.PathOf("tokenizers", name, "tokenizer.json");
        if (!File.Exists(file)) return [File.Exists(FixtureFolder.PathOf("tokenizers", name, "vocab.txt")) ? "WordPiece" : "sentencepiece"];
        return KindsOf(file);
    }

    /// <summary>The kinds of parts in a tokenizer.json.</summary>
    public static IEnumerable<string> KindsOf(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. new[] { "model", "normalizer", "pre_tokenizer", "post_processor", "decoder" }.SelectMany(p => Kinds(json.RootElement.GetProperty(p)))];
    }

    public static string? Text(JsonElement json, string name)
    {
        if (json.TryGetProperty(name, out JsonElement value)) return value.ValueKind == JsonValueKind.Null ? null : value.GetString();
        return json.TryGetProperty(name + "_rle", out JsonElement runs)
            ? string.Concat(runs.EnumerateArray().Select(r => string.Concat(Enumerable.Repeat(r[0].GetString(), r[1].GetInt32()))))
            : null;
    }

    public static int[]? Numbers(JsonElement json, string name) => List(json, name, e => e.GetInt32());

    public static string[]? Texts(JsonElement json, string name) => List(json, name, e => e.GetString()!);

    /// <summary>Compares an encoding with what is expected; the differences, if any, in one line.</summary>
    public static string? Compare(JsonElement expected, EncodedText actual)
    {
        int count = actual.TokenCount;
        string? difference = Differ("ids", Numbers(expected, "ids")!, actual.Ids)
            ?? Differ("tokens", Texts(expected, "tokens")!, actual.Tokens)
            ?? Differ("offsets", Offsets(expected), [.. actual.Offsets])
            ?? Differ("type_ids", Numbers(expected, "type_ids") ?? new int[count], actual.TypeIds)
            ?? Differ("attention_mask", Numbers(expected, "attention_mask") ?? [.. Enumerable.Repeat(1, count)], actual.AttentionMask)
            ?? Differ("special_tokens_mask", Numbers(expected, "special_tokens_mask") ?? new int[count], actual.SpecialTokensMask);
        if (difference is not null) return difference;

        JsonElement[] windows = expected.TryGetProperty("overflowing", out JsonElement o) ? [.. o.EnumerateArray()] : [];
        if (windows.Length != actual.Overflowing.Count) return $"overflowing: {windows.Length} windows expected, {actual.Overflowing.Count} found";
        return windows.Zip(actual.Overflowing, Compare).Select((d, i) => d is null ? null : $"window {i}: {d}").FirstOrDefault(d => d is not null);
    }

    public static string? Differ<T>(string what, IReadOnlyList<T> expected, IReadOnlyList<T> actual) =>
        expected.SequenceEqual(actual) ? null : $"{what}: expected [{Shorten(expected)}], found [{Shorten(actual)}]";

    private static string Shorten<T>(IReadOnlyList<T> values) => string.Join(' ', values.Take(60));

    private static (int, int)[] Offsets(JsonElement json)
    {
        if (json.TryGetProperty("offsets", out JsonElement plain))
            return [.. plain.EnumerateArray().Select(o => (o[0].GetInt32(), o[1].GetInt32()))];
        var offsets = new List<(int, int)>();
        int start = 0;
        foreach (JsonElement run in json.GetProperty("offsets_rle").EnumerateArray())
        {
            for (int i = 0; i < run[2].GetInt32(); i++)
            {
                start += run[0].GetInt32();
                offsets.Add((start, start + run[1].GetInt32()));
            }
        }
        return [.. offsets];
    }

    private static T[]? List<T>(JsonElement json, string name, Func<JsonElement, T> read)
    {
        if (json.TryGetProperty(name, out JsonElement plain)) return [.. plain.EnumerateArray().Select(read)];
        return json.TryGetProperty(name + "_rle", out JsonElement runs)
            ? [.. runs.EnumerateArray().SelectMany(r => Enumerable.Repeat(read(r[0]), r[1].GetInt32()))]
            : null;
    }

    private static IEnumerable<string> Kinds(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object) yield break;
        if (part.TryGetProperty("type", out JsonElement type)) yield return type.GetString()!;
        foreach (JsonProperty list in part.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array && p.Name is not ("merges" or "vocab")))
        {
            foreach (string kind in list.Value.EnumerateArray().SelectMany(Kinds)) yield return kind;
        }
    }
}
