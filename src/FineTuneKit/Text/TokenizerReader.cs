using System.Text.Json;
using FineTuneKit.Data;

namespace FineTuneKit.Text;

/// <summary>Reads the parts of a tokenizer.json; a kind that is not known is refused by its name.</summary>
internal sealed class TokenizerReader(string file)
{
    /// <summary>By how much an unknown character scores less than the least probable piece.</summary>
    public const double UnknownPenalty = 10;

    /// <exception cref="InputException">The file is malformed, or holds a part of an unknown kind.</exception>
    public static TokenizerParts Read(byte[] json, string file)
    {
        try
        {
            StrictJson.RequireUtf8(json, file, 1);
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            var reader = new TokenizerReader(file);
            return new()
            {
                Normalizer = reader.Normalizer(root.Field("normalizer")),
                PreTokenizer = reader.PreTokenizer(root.Field("pre_tokenizer")),
                Model = reader.Model(root.Field("model")),
                PostProcessor = reader.PostProcessor(root.Field("post_processor")),
                Decoder = reader.Decoder(root.Field("decoder")),
                AddedTokens = [.. AddedTokens(root.Field("added_tokens"))],
                Truncation = TruncationOptions.Read(root.Field("truncation"), file),
                Padding = PaddingOptions.Read(root.Field("padding"), file),
            };
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{file}: not a tokenizer.json: {e.Message}", e);
        }
    }

    private INormalizer? Normalizer(JsonElement json) => Kind(json) switch
    {
        null => null,
        "Sequence" => new SequenceNormalizer(All(json, "normalizers", Normalizer)),
        "NFC" => new UnicodeNormalizer(compose: true, compatible: false),
        "NFD" => new UnicodeNormalizer(compose: false, compatible: false),
        "NFKC" => new UnicodeNormalizer(compose: true, compatible: true),
        "NFKD" => new UnicodeNormalizer(compose: false, compatible: true),
        "Lowercase" => new LowercaseNormalizer(),
        "Strip" => new StripNormalizer(json.Flag("strip_left", true), json.Flag("strip_right", true)),
        "StripAccents" => new StripAccentsNormalizer(),
        "Replace" => new ReplaceNormalizer(Pattern(json.Field("pattern")), Required(json, "content")),
        "Prepend" => new PrependNormalizer(Required(json, "prepend")),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Nmt" => new NmtNormalizer(),
        "Precompiled" => new PrecompiledNormalizer(CharsMap.Read(Base64(json, "precompiled_charsmap"), file)),
        "BertNormalizer" => new BertNormalizer(json.Flag("clean_text", true), json.Flag("handle_chinese_chars", true),
            json.Flag("strip_accents", json.Flag("lowercase", true)), json.Flag("lowercase", true)),
        string kind => throw Unknown("normalizer", kind),
    };

    private IPreTokenizer? PreTokenizer(JsonElement json) => Kind(json) switch
    {
        null => null,
        "Sequence" => new SequencePreTokenizer(All(json, "pretokenizers", PreTokenizer)),
        "ByteLevel" => new ByteLevelPreTokenizer(json.Flag("add_prefix_space", true), json.Flag("use_regex", true)),
        "Metaspace" => new MetaspacePreTokenizer(NotEmpty(json, "replacement"), PrependScheme(json), json.Flag("split", true)),
        "Whitespace" => new WhitespacePreTokenizer(),
        "WhitespaceSplit" => new WhitespaceSplitPreTokenizer(),
        "Digits" => new DigitsPreTokenizer(json.Flag("individual_digits", false)),
        "Punctuation" => new PunctuationPreTokenizer(Behavior(json)),
        "BertPreTokenizer" => new BertPreTokenizer(),
        "CharDelimiterSplit" => new SplitPreTokenizer(new StringPattern(Required(json, "delimiter")), SplitBehavior.Removed, invert: false),
        "UnicodeScripts" => new UnicodeScriptsPreTokenizer(),
        "FixedLength" => new FixedLengthPreTokenizer(AtLeastOne(json, "length", 5)),
        "Split" => new SplitPreTokenizer(Pattern(json.Field("pattern")), Behavior(json), json.Flag("invert", false)),
        string kind => throw Unknown("pre-tokenizer", kind),
    };

    private IPostProcessor? PostProcessor(JsonElement json) => Kind(json) switch
    {
        null => null,
        "Sequence" => new SequencePostProcessor(All(json, "processors", PostProcessor)),
        "ByteLevel" => new ByteLevelPostProcessor(json.Flag("add_prefix_space", true), json.Flag("trim_offsets", true)),
        "RobertaProcessing" => new RobertaPostProcessor(NamedToken(json, "cls"), NamedToken(json, "sep"),
            json.Flag("trim_offsets", true), json.Flag("add_prefix_space", true)),
        "BertProcessing" => BertTemplate(NamedToken(json, "cls"), NamedToken(json, "sep")),
        "TemplateProcessing" => new TemplatePostProcessor(Template(json, "single"), Template(json, "pair")),
        string kind => throw Unknown("post-processor", kind),
    };

    private IDecoder? Decoder(JsonElement json) => Kind(json) switch
    {
        null => null,
        "Sequence" => new SequenceDecoder(All(json, "decoders", Decoder)),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Replace" => new ReplaceDecoder(Pattern(json.Field("pattern")), Required(json, "content")),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(NotEmpty(json, "content"), json.Int("start", 0), json.Int("stop", 0)),
        "Metaspace" => new MetaspaceDecoder(NotEmpty(json, "replacement"), PrependScheme(json)),
        "WordPiece" => new WordPieceDecoder(json.Text("prefix") ?? "##", json.Flag("cleanup", true)),
        "BPEDecoder" => new BpeDecoder(json.Text("suffix") ?? "</w>"),
        "CTC" => new CtcDecoder(NotEmpty(json, "pad_token"), NotEmpty(json, "word_delimiter_token"), json.Flag("cleanup", true)),
        string kind => throw Unknown("decoder", kind),
    };

    private ITokenModel Model(JsonElement json) => ModelKind(json) switch
    {
        "BPE" => Bpe(json),
        "WordPiece" => new WordPieceModel(Vocabulary(json), file, json.Text("unk_token") ?? "[UNK]",
            json.Text("continuing_subword_prefix") ?? "##", json.Int("max_input_chars_per_word", 100)),
        "Unigram" => Unigram(json),
        "WordLevel" => new WordLevelModel(Vocabulary(json), file, json.Text("unk_token") ?? "<unk>"),
        string kind => throw Unknown("model", kind),
    };

    private static IEnumerable<AddedToken> AddedTokens(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) yield break;
        foreach (JsonElement token in json.EnumerateArray())
        {
            yield return AddedToken.Read(token);
        }
    }

    private BpeModel Bpe(JsonElement json)
    {
        if (json.TryGetProperty("dropout", out JsonElement dropout) && dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() > 0)
            throw new InputException($"{file}: BPE dropout {dropout}; only 0 or null is supported: encoding must be deterministic");
        var settings = new BpeSettings
        {
            UnknownToken = json.Text("unk_token"),
            ContinuingPrefix = json.Text("continuing_subword_prefix") ?? "",
            EndOfWordSuffix = json.Text("end_of_word_suffix") ?? "",
            FuseUnknown = json.Flag("fuse_unk", false),
            ByteFallback = json.Flag("byte_fallback", false),
            IgnoreMerges = json.Flag("ignore_merges", false),
        };
        return new(Vocabulary(json), Merges(json), settings, file);
    }

    private UnigramModel Unigram(JsonElement json)
    {
        UnigramPiece[] pieces = [.. json.RequiredList("vocab").Select((e, id) => e.ValueKind == JsonValueKind.Array && e.GetArrayLength() == 2 && e[0].AsText() is string text && e[1].ValueKind == JsonValueKind.Number
            ? new UnigramPiece(text, e[1].GetDouble()) : throw new InputException($"{file}: entry {id} of the vocabulary is {Shortened(e)}; a text and its score are required"))];
        int? unknown = json.Field("unk_id").ValueKind == JsonValueKind.Number ? json.Int("unk_id", 0) : null;
        if (unknown < 0 || unknown >= pieces.Length) throw new InputException($"{file}: unk_id is {unknown}; the vocabulary has {pieces.Length} entries");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < pieces.Length; id++) ids[pieces[id].Text] = id;
        var settings = new UnigramSettings
        {
            UnknownId = unknown,
            UnknownScore = pieces.Select(p => p.Score).DefaultIfEmpty().Min() - UnknownPenalty,
            ByteFallback = json.Flag("byte_fallback", false),
        };
        return new(pieces, ids, settings, file);
    }

    private Vocabulary Vocabulary(JsonElement json)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty entry in json.Required("vocab").EnumerateObject())
        {
            vocabulary[entry.Name] = entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id) && id >= 0 ? id
                : throw new InputException($"{file}: the token '{entry.Name}' has the id {Shortened(entry.Value)}; a whole number from 0 is required");
        }
        return new(vocabulary);
    }

    private IEnumerable<(string Left, string Right, int Rank)> Merges(JsonElement json)
    {
        int index = 0;
        foreach (JsonElement merge in json.RequiredList("merges"))
        {
            string[] parts = merge.ValueKind == JsonValueKind.Array ? [.. merge.EnumerateArray().Select(e => e.AsText() ?? "")] : merge.AsText()?.Split(' ') ?? [];
            if (parts.Length != 2) throw new InputException($"{file}: merge {index} has {parts.Length} parts; it must have 2");
            yield return (parts[0], parts[1], index++);
        }
    }

    private List<TemplatePiece> Template(JsonElement json, string name)
    {
        var pieces = new List<TemplatePiece>();
        foreach (JsonElement piece in json.RequiredList(name))
        {
            if (piece.TryGetProperty("Sequence", out JsonElement sequence))
            {
                pieces.Add(new(sequence.RequiredText("id") switch { "A" => 0, "B" when name == "pair" => 1, var other => throw new InputException($"{file}: the template \"{name}\" names the text '{other}'") }, [], sequence.Int("type_id", 0)));
                continue;
            }
            JsonElement special = piece.Required("SpecialToken");
            string id = special.RequiredText("id");
            JsonElement tokens = json.Field("special_tokens").Field(id);
            if (tokens.ValueKind != JsonValueKind.Object) throw new InputException($"{file}: the template's token '{id}' is not in special_tokens");
            var pairs = tokens.RequiredList("ids").Zip(tokens.RequiredList("tokens"), (i, t) => (i.GetInt32(), t.AsText() ?? throw new FormatException($"a token of '{id}' is no text")));
            pieces.Add(new(null, [.. pairs], special.Int("type_id", 0)));
        }
        return pieces;
    }

    private static TemplatePostProcessor BertTemplate((string Token, int Id) cls, (string Token, int Id) sep)
    {
        TemplatePiece[] single = [Special(cls, 0), new(0, [], 0), Special(sep, 0)];
        return new(single, [.. single, new(1, [], 1), Special(sep, 1)]);

        static TemplatePiece Special((string Token, int Id) token, int typeId) => new(null, [(token.Id, token.Token)], typeId);
    }

    private ITextPattern Pattern(JsonElement json)
    {
        if (json.Text("String") is string literal) return new StringPattern(literal);
        string regex = json.Text("Regex") ?? throw new InputException($"{file}: a pattern must be a String or a Regex");
        try
        {
            return (ITextPattern?)WordPattern.For(regex) ?? new OnigurumaPattern(regex);
        }
        catch (FormatException e)
        {
            throw new InputException($"{file}: the regex {regex} cannot be used: {e.Message}", e);
        }
    }

    private SplitBehavior Behavior(JsonElement json) =>
        Enum.TryParse(json.Text("behavior") ?? nameof(SplitBehavior.Isolated), out SplitBehavior behavior) ? behavior
            : throw new InputException($"{file}: split behavior '{json.Text("behavior")}'; one of {string.Join(", ", Enum.GetNames<SplitBehavior>())} is required");

    /// <summary>Old files say <c>add_prefix_space</c> instead.</summary>
    private static string PrependScheme(JsonElement json) => json.Flag("add_prefix_space", true) ? json.Text("prepend_scheme") ?? "always" : "never";

    private string Required(JsonElement json, string name) => json.Text(name)
        ?? throw new InputException($"{file}: the {json.Text("type")} part needs a text '{name}'");

    private string NotEmpty(JsonElement json, string name) => Required(json, name) is { Length: > 0 } text ? text
        : throw new InputException($"{file}: '{name}' of the {json.Text("type")} part is empty");

    private int AtLeastOne(JsonElement json, string name, int otherwise) => json.Int(name, otherwise) is >= 1 and int number ? number
        : throw new InputException($"{file}: '{name}' of the {json.Text("type")} part is {json.Int(name, otherwise)}; at least 1 is required");

    private byte[] Base64(JsonElement json, string name)
    {
        try
        {
            return Convert.FromBase64String(Required(json, name));
        }
        catch (FormatException e)
        {
            throw new InputException($"{file}: {name} is not base64: {e.Message}", e);
        }
    }

    private static (string Token, int Id) NamedToken(JsonElement json, string name) =>
        json.Required(name) is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2 && pair[0].AsText() is string token
            ? (token, pair[1].GetInt32()) : throw new FormatException($"\"{name}\" must be a token and its id");

    private static List<T> All<T>(JsonElement json, string name, Func<JsonElement, T?> read) where T : class =>
        [.. json.RequiredList(name).Select(e => read(e) ?? throw new FormatException($"\"{name}\" holds null"))];

    private string? Kind(JsonElement json) => json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null
        : json.Text("type") ?? throw new InputException($"{file}: a part of the tokenizer has no type: {Shortened(json)}");

    /// <summary>Old files do not name the model's kind; what is in them tells.</summary>
    private static string ModelKind(JsonElement json) => json.Text("type")
        ?? (json.TryGetProperty("merges", out _) ? "BPE"
            : json.Field("vocab").ValueKind == JsonValueKind.Array ? "Unigram"
            : json.TryGetProperty("continuing_subword_prefix", out _) ? "WordPiece" : "WordLevel");

    private InputException Unknown(string part, string kind) =>
        new($"{file}: the {part} '{kind}' is not supported");

    private static string Shortened(JsonElement json) => json.GetRawText() is { Length: > 80 } text ? text[..80] + "…" : json.GetRawText();
}
