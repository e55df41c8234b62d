using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Data;

namespace FineTuneKit.Text;

/// <summary>Folders of GPT-2's time have a <c>vocab.json</c> and a <c>merges.txt</c>; this makes the tokenizer.json that belongs to them.</summary>
internal static class MergesFile
{
    public const string FileName = "merges.txt", VocabularyName = "vocab.json";

    /// <summary>A key twice is refused.</summary>
    internal static readonly JsonDocumentOptions OnceEach = new() { AllowDuplicateProperties = false };

    private static readonly string[] Named = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <exception cref="InputException">A file is missing or malformed, or the configuration's class is not known.</exception>
    public static byte[] ToTokenizerJson(string file, byte[]? configuration)
    {
        JsonNode? config = configuration is null ? null : JsonNode.Parse(configuration, documentOptions: OnceEach);
        JsonObject vocabulary = ReadVocabulary(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, VocabularyName));
        string family = (config?["tokenizer_class"]?.GetValue<string>() ?? "GPT2Tokenizer").Replace("Fast", "", StringComparison.Ordinal);
        bool prefix = config?["add_prefix_space"]?.GetValue<bool>() ?? false;
        JsonObject byteLevel = ByteLevel(prefix, useRegex: true);
        (JsonNode? normalizer, JsonNode preTokenizer, JsonNode post) = family switch
        {
            "GPT2Tokenizer" => (null, byteLevel, Trailing()),
            "RobertaTokenizer" => (null, byteLevel, Roberta()),
            "Qwen2Tokenizer" => ((JsonNode)new JsonObject { ["type"] = "NFC" }, Split(WordPattern.Qwen2Source), Trailing()),
            _ => throw new InputException($"{file}: what {family} does with these files is not known; a {Tokenizer.FileName} is required, or the class GPT2Tokenizer, RobertaTokenizer or Qwen2Tokenizer"),
        };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = Added(),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = post,
            ["decoder"] = ByteLevel(prefix: true, useRegex: true),
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = Merges(file) },
        });

        JsonObject Trailing() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = false, ["use_regex"] = true };

        JsonObject Roberta() => new()
        {
            ["type"] = "RobertaProcessing",
            ["sep"] = Pair("sep_token", "</s>"),
            ["cls"] = Pair("cls_token", "<s>"),
            ["trim_offsets"] = true,
            ["add_prefix_space"] = prefix,
        };

        JsonArray Pair(string field, string otherwise)
        {
            string token = Name(config?[field]) ?? otherwise;
            return [token, vocabulary[token]?.GetValue<int>() ?? throw new InputException($"{file}: the special token '{token}' is missing in {VocabularyName}")];
        }

        JsonArray Added() => config?["added_tokens_decoder"] is JsonObject listed
            ? [.. listed.OrderBy(p => int.Parse(p.Key, System.Globalization.CultureInfo.InvariantCulture)).Select(p => p.Value?.DeepClone() ?? throw new FormatException($"added_tokens_decoder holds null under {p.Key}"))]
            : [.. Named.Select(n => Name(config?[n])).OfType<string>().Distinct().Select(Special)];
    }

    private static JsonObject Special(string token) => new() { ["content"] = token, ["special"] = true };

    /// <summary>A token is written as a string, or as an object with its flags.</summary>
    internal static string? Name(JsonNode? token) => token switch
    {
        JsonValue text => text.GetValue<string>(),
        JsonObject named => named["content"]?.GetValue<string>() ?? throw new FormatException($"the token {named.ToJsonString()} has no content"),
        _ => null,
    };

    private static JsonObject ByteLevel(bool prefix, bool useRegex) => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = prefix, ["use_regex"] = useRegex };

    private static JsonObject Split(string regex) => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = regex }, ["behavior"] = nameof(SplitBehavior.Isolated) },
            ByteLevel(prefix: false, useRegex: false)),
    };

    private static JsonObject ReadVocabulary(string file)
    {
        if (!File.Exists(file)) throw new InputException($"{file}: no such file; it is required beside {FileName}");
        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            StrictJson.RequireUtf8(bytes, file, 1);
            JsonObject vocabulary = JsonNode.Parse(bytes, documentOptions: OnceEach) as JsonObject ?? throw new InputException($"{file}: an object of tokens and ids is required");
            foreach ((string token, JsonNode? id) in vocabulary)
            {
                if (id is not JsonValue value || !value.TryGetValue(out int number) || number < 0)
                    throw new InputException($"{file}: the token '{token}' has the id {id?.ToJsonString() ?? "null"}; a whole number from 0 is required");
            }
            return vocabulary;
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{file}: not JSON: {e.Message}", e);
        }
    }

    /// <summary>The lines of a vocabulary's file, which must be UTF-8.</summary>
    internal static IEnumerable<string> Lines(string file)
    {
        using FileStream stream = File.OpenRead(file);
        foreach ((int number, ReadOnlyMemory<byte>? bytes) in Utf8Lines.Read(stream))
        {
            ReadOnlyMemory<byte> line = bytes ?? throw Utf8Lines.TooLong(file, number);
            StrictJson.RequireUtf8(line.Span, file, number);
            yield return Encoding.UTF8.GetString(line.Span);
        }
    }

    private static JsonArray Merges(string file)
    {
        var merges = new JsonArray();
        int number = 0;
        foreach (string line in Lines(file))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal))) continue;
            string[] parts = line.Split(' ');
            if (parts.Length != 2) throw new InputException($"{file}, line {number}: {parts.Length} parts; a merge has 2");
            merges.Add(new JsonArray(parts[0], parts[1]));
        }
        return merges;
    }
}
