using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>The vocabulary and merges that training grows, and the files that they become.</summary>
internal sealed class TrainedVocabulary
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private readonly BpeTrainerOptions _options;
    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<(int Left, int Right)> _merges = [];
    private readonly int[] _byteIds = new int[256];

    public TrainedVocabulary(BpeTrainerOptions options)
    {
        _options = options;
        foreach (string token in options.SpecialTokens)
        {
            if (_ids.ContainsKey(token) || token.Length < 2)
                throw new InputException($"special token '{token}': each must be different and of at least two characters");
            Add(token);
        }
        foreach (string? named in new[] { options.PadToken, options.EndToken })
        {
            if (named is not null && !_ids.ContainsKey(named))
                throw new InputException($"'{named}' must be one of the special tokens: {string.Join(", ", options.SpecialTokens)}");
        }
        for (int b = 0; b < 256; b++) _byteIds[b] = Add(ByteAlphabet.CharOf((byte)b).ToString());
    }

    public int Count => _tokens.Count;

    public WordPattern Pattern => _options.DigitsOneByOne ? WordPattern.Qwen2 : WordPattern.Llama3;

    public int ByteId(byte value) => _byteIds[value];

    /// <summary>The id of two tokens together. Two ways of cutting may give one token; it keeps its first id.</summary>
    public int AddMerge(int left, int right)
    {
        _merges.Add((left, right));
        string merged = _tokens[left] + _tokens[right];
        return _ids.TryGetValue(merged, out int known) ? known : Add(merged);
    }

    public Tokenizer ToTokenizer() => new(Write(WriteTokenizer), Write(WriteConfig), Tokenizer.FileName);

    private int Add(string token)
    {
        _ids[token] = _tokens.Count;
        _tokens.Add(token);
        return _tokens.Count - 1;
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented)) write(writer);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private void WriteTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json);
        json.WriteNull("normalizer");
        WritePreTokenizer(json);
        json.WriteNull("post_processor");
        json.WritePropertyName("decoder");
        WriteByteLevel(json);
        WriteModel(json);
        json.WriteEndObject();
    }

    private void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        foreach (string token in _options.SpecialTokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", _ids[token]);
            json.WriteString("content", token);
            foreach (string flag in new[] { "single_word", "lstrip", "rstrip", "normalized" }) json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WritePreTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", _options.DigitsOneByOne ? WordPattern.Qwen2Source : WordPattern.Llama3Source);
        json.WriteEndObject();
        json.WriteString("behavior", nameof(SplitBehavior.Isolated));
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
        WriteByteLevel(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", false);
        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (string absent in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" }) json.WriteNull(absent);
        foreach (string off in new[] { "fuse_unk", "byte_fallback", "ignore_merges" }) json.WriteBoolean(off, false);
        json.WriteStartObject("vocab");
        for (int id = 0; id < _tokens.Count; id++) json.WriteNumber(_tokens[id], id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach ((int left, int right) in _merges) json.WriteStringValue($"{_tokens[left]} {_tokens[right]}");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteConfig(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        if (_options.PadToken is not null) json.WriteString("pad_token", _options.PadToken);
        if (_options.EndToken is not null) json.WriteString("eos_token", _options.EndToken);
        json.WriteStartArray("additional_special_tokens");
        foreach (string token in _options.SpecialTokens)
            if (token != _options.PadToken && token != _options.EndToken) json.WriteStringValue(token);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
