using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Text;

/// <summary>Old BERT folders have a <c>vocab.txt</c> and no tokenizer.json; this makes the one that belongs to it.</summary>
internal static class VocabularyFile
{
    public const string FileName = "vocab.txt";

    public static byte[] ToTokenizerJson(string file, byte[]? configuration)
    {
        JsonNode? config = configuration is null ? null : JsonNode.Parse(configuration, documentOptions: MergesFile.OnceEach);
        var vocabulary = new JsonObject();
        foreach (string line in MergesFile.Lines(file)) vocabulary[line.TrimEnd()] = vocabulary.Count;

        string unknown = Name("unk_token", "[UNK]"), cls = Name("cls_token", "[CLS]"), sep = Name("sep_token", "[SEP]");
        string[] special = [Name("pad_token", "[PAD]"), unknown, cls, sep, Name("mask_token", "[MASK]")];
        var json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. special.Select(t => (JsonNode)new JsonObject { ["id"] = Id(t), ["content"] = t, ["special"] = true })]),
            ["normalizer"] = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = Flag("tokenize_chinese_chars") ?? true,
                ["strip_accents"] = Flag("strip_accents"),
                ["lowercase"] = Flag("do_lower_case") ?? true,
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = new JsonObject { ["type"] = "BertProcessing", ["sep"] = new JsonArray(sep, Id(sep)), ["cls"] = new JsonArray(cls, Id(cls)) },
            ["decoder"] = new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true },
            ["model"] = new JsonObject { ["type"] = "WordPiece", ["unk_token"] = unknown, ["vocab"] = vocabulary },
        };
        return JsonSerializer.SerializeToUtf8Bytes(json);

        string Name(string field, string otherwise) => MergesFile.Name(config?[field]) ?? otherwise;

        bool? Flag(string field) => config?[field]?.GetValue<bool>();

        int Id(string token) => vocabulary[token]?.GetValue<int>() ?? throw new InputException($"{file}: the special token '{token}' is missing");
    }
}
