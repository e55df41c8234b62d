using System.Text.Json;
using FineTuneKit.Records;

namespace FineTuneKit.Text;

/// <summary>
/// A tokeniser in the format of Hugging Face tokenizers (<c>tokenizer.json</c>): ids, tokens, offsets and decoded text
/// are equal to that library's. It is immutable; threads may share it.
/// </summary>
public sealed class Tokenizer
{
    /// <summary>The file name in a model's folder.</summary>
    public const string FileName = "tokenizer.json";

    /// <summary>The file beside it that names the special tokens.</summary>
    public const string ConfigFileName = "tokenizer_config.json";

    private readonly byte[] _json;
    private readonly byte[]? _config;
    private readonly INormalizer? _normalizer;
    private readonly IPreTokenizer? _preTokenizer;
    private readonly IPostProcessor? _postProcessor;
    private readonly IDecoder? _decoder;
    private readonly ITokenModel _model;
    private readonly AddedVocabulary _added;
    private readonly TruncationOptions? _truncation;
    private readonly PaddingOptions? _padding;

    internal Tokenizer(byte[] json, byte[]? config, string file)
    {
        _json = json;
        _config = config;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            var reader = new TokenizerReader(file);
            _normalizer = reader.Normalizer(root.Field("normalizer"));
            _preTokenizer = reader.PreTokenizer(root.Field("pre_tokenizer"));
            _postProcessor = reader.PostProcessor(root.Field("post_processor"));
            _decoder = reader.Decoder(root.Field("decoder"));
            _model = reader.Model(root.Field("model"));
            _added = new(reader.AddedTokens(root.Field("added_tokens")), _model, _normalizer);
            _truncation = TruncationOptions.Read(root.Field("truncation"), file);
            _padding = PaddingOptions.Read(root.Field("padding"), file);
            Config = TokenizerConfig.Read(config);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{file}: not a tokenizer.json: {e.Message}", e);
        }
    }

    /// <summary>The special tokens that <c>tokenizer_config.json</c> names.</summary>
    public TokenizerConfig Config { get; }

    /// <summary>Number of entries, with the added tokens.</summary>
    public int VocabularySize => _model.VocabularySize + _added.Ids.Keys.Count(t => _model.TokenToId(t) is null);

    /// <summary>Number of entries of the model, without the added tokens.</summary>
    public int ModelVocabularySize => _model.VocabularySize;

    /// <summary>The added tokens by id.</summary>
    public IReadOnlyDictionary<int, AddedToken> AddedTokens => _added.Tokens;

    /// <summary>The id of the padding token, or null where the configuration names none.</summary>
    public int? PadId => IdOf(Config.PadToken);

    /// <summary>The id of the token that ends an answer, or null where the configuration names none.</summary>
    public int? EndId => IdOf(Config.EndToken);

    /// <summary>The id of the token that begins a text, or null where the configuration names none.</summary>
    public int? BeginId => IdOf(Config.BeginToken);

    /// <summary>
    /// Reads a <c>tokenizer.json</c>, or the one in a model's folder, with the configuration beside it; from a folder
    /// that has only BERT's <c>vocab.txt</c>, that.
    /// </summary>
    /// <exception cref="InputException">The file is missing or malformed, or holds a part of an unknown kind.</exception>
    public static Tokenizer Load(string folderOrFile)
    {
        string file = Directory.Exists(folderOrFile) ? Path.Combine(folderOrFile, FileName) : folderOrFile;
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string configFile = Path.Combine(folder, ConfigFileName), vocabularyFile = Path.Combine(folder, VocabularyFile.FileName);
        byte[]? config = File.Exists(configFile) ? File.ReadAllBytes(configFile) : null;
        if (File.Exists(file)) return new(File.ReadAllBytes(file), config, file);
        if (file != folderOrFile && File.Exists(vocabularyFile)) return new(VocabularyFile.ToTokenizerJson(vocabularyFile, config), config, vocabularyFile);
        throw new InputException($"{file}: no such file; a {FileName} is required");
    }

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> into a folder.</summary>
    public void Save(string folder)
    {
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(_json));
        if (_config is not null) AtomicFile.Write(Path.Combine(folder, ConfigFileName), stream => stream.Write(_config));
    }

    /// <summary>The ids of a text, with the special tokens that the tokeniser puts around it unless told otherwise.</summary>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        bool whole = _truncation is null && _padding is null && (_postProcessor is null || !addSpecialTokens);
        return whole ? IdsOf(text, plain: false) : [.. EncodeText(text, null, addSpecialTokens).IdList];
    }

    /// <summary>The ids of a text in which control tokens count as the characters they are written with; none is added.</summary>
    public int[] EncodePlain(string text) => IdsOf(text, plain: true);

    /// <summary>A text, or a pair of texts, with tokens, offsets and masks; truncated and padded as the file says.</summary>
    /// <exception cref="InputException">The text cannot be truncated as the file says.</exception>
    public EncodedText EncodeText(string text, string? pair = null, bool addSpecialTokens = true)
    {
        EncodedText first = Tokenize(text, typeId: 0);
        EncodedText? second = pair is null ? null : Tokenize(pair, typeId: 1);
        if (_truncation is not null)
        {
            int added = addSpecialTokens ? _postProcessor?.AddedTokens(pair is not null) ?? 0 : 0;
            _truncation.Truncate(first, second, _truncation.MaxLength - added);
        }
        EncodedText result = PostProcess(first, second, addSpecialTokens);
        _padding?.Pad([result]);
        return result;
    }

    /// <summary>Texts, or pairs, padded together as the file says.</summary>
    public IReadOnlyList<EncodedText> EncodeBatch(IEnumerable<(string Text, string? Pair)> texts, bool addSpecialTokens = true)
    {
        List<EncodedText> encoded = [.. texts.Select(t => EncodeText(t.Text, t.Pair, addSpecialTokens))];
        _padding?.Pad(encoded);
        return encoded;
    }

    /// <summary>The text that ids stand for. Unknown ids give nothing; bytes that are not UTF-8 give U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>();
        foreach (int id in ids)
        {
            if (IdToDecoderToken(id) is string token && !(skipSpecialTokens && _added.IsSpecial(token))) tokens.Add(token);
        }
        return _decoder is null ? string.Join(' ', tokens) : string.Concat(_decoder.Decode(tokens));
    }

    /// <summary>The id of a token, or null where there is none.</summary>
    public int? TokenToId(string token) => _added.Ids.TryGetValue(token, out int id) ? id : _model.TokenToId(token);

    /// <summary>The token of an id as the vocabulary writes it, or null where there is none.</summary>
    public string? IdToToken(int id) => _added.Tokens.TryGetValue(id, out AddedToken? token) ? token.Content : _model.IdToToken(id);

    /// <summary>The normaliser alone.</summary>
    internal string Normalize(string text) => (_normalizer?.Normalize(NormalizedString.Of(text)) ?? NormalizedString.Of(text)).ToString();

    /// <summary>The pre-tokeniser alone, on a text that counts as normalised: pieces with offsets in code points.</summary>
    internal IReadOnlyList<(string Text, int Start, int End)> PreTokenize(string text)
    {
        var pieces = new PreTokenizedText(NormalizedString.Of(text));
        _preTokenizer?.PreTokenize(pieces);
        return [.. pieces.Pieces.Select(p => (p.Text.ToString(), p.Text.OriginalRange(0, p.Text.Length).Start, p.Text.OriginalRange(0, p.Text.Length).End))];
    }

    /// <summary>The ids alone, without the lists that go with them.</summary>
    private int[] IdsOf(string text, bool plain)
    {
        PreTokenizedText pieces = _added.Extract(text, _normalizer, plain);
        _preTokenizer?.PreTokenize(pieces);
        var tokens = new List<Token>(text.Length / 2);
        foreach (Piece piece in pieces.Pieces)
        {
            if (piece.AddedId >= 0) tokens.Add(new(piece.AddedId, 0, 0));
            else _model.Tokenize(piece.Text.Chars, tokens);
        }
        return [.. tokens.Select(t => t.Id)];
    }

    private string? IdToDecoderToken(int id) => _added.IdToToken(id) ?? _model.IdToToken(id);

    private int? IdOf(string? token) => token is null ? null : TokenToId(token);

    private EncodedText Tokenize(string text, int typeId)
    {
        PreTokenizedText pieces = _added.Extract(text, _normalizer, plain: false);
        _preTokenizer?.PreTokenize(pieces);
        var tokens = new List<Token>();
        var result = new EncodedText();
        for (int i = 0; i < pieces.Pieces.Count; i++)
        {
            Piece piece = pieces.Pieces[i];
            if (piece.AddedId >= 0)
            {
                result.Add(piece.AddedId, piece.Text.ToString(), piece.Text.OriginalRange(0, piece.Text.Length), typeId, i);
                continue;
            }
            tokens.Clear();
            _model.Tokenize(piece.Text.Chars, tokens);
            foreach (Token token in tokens)
                result.Add(token.Id, token.Text ?? _model.IdToToken(token.Id)!, piece.Text.OriginalRange(token.Start, token.End), typeId, i);
        }
        return result;
    }

    private EncodedText PostProcess(EncodedText first, EncodedText? second, bool addSpecialTokens)
    {
        List<EncodedText> texts = second is null ? [first] : [first, second];
        if (_postProcessor is not null)
        {
            for (int i = 0; i < texts.Count; i++) texts[i].SetTypeIds(i);
            texts = _postProcessor.Process(texts, addSpecialTokens);
        }
        if (texts.Count == 1) return texts[0];
        var result = new EncodedText();
        foreach (EncodedText text in texts) result.Merge(text);
        return result;
    }
}
