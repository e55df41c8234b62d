using FineTuneKit.Data;
using FineTuneKit.Records;

namespace FineTuneKit.Text;

/// <summary>
/// A tokeniser in the format of Hugging Face tokenizers (<c>tokenizer.json</c>) or SentencePiece (<c>.model</c>): ids,
/// tokens and decoded text are equal to those of that library. It is immutable; threads may share it.
/// </summary>
public sealed class Tokenizer
{
    /// <summary>The file name in a model's folder.</summary>
    public const string FileName = "tokenizer.json";

    /// <summary>The file beside it that names the special tokens.</summary>
    public const string ConfigFileName = "tokenizer_config.json";

    // In the order in which a folder is searched.
    private static readonly string[] FileNames = [FileName, .. SentencePieceTokenizer.FileNames, "qwen" + TiktokenFile.Extension, MergesFile.FileName, VocabularyFile.FileName];

    private static readonly (int Start, int End)[] Everywhere = [(0, int.MaxValue)];

    private readonly IReadOnlyList<(string Name, byte[] Bytes)> _files;
    private readonly INormalizer? _normalizer;
    private readonly IPreTokenizer? _preTokenizer;
    private readonly IPostProcessor? _postProcessor;
    private readonly IDecoder? _decoder;
    private readonly ITokenModel _model;
    private readonly AddedVocabulary _added;
    private readonly TruncationOptions? _truncation;
    private readonly PaddingOptions? _padding;

    internal Tokenizer(byte[] json, byte[]? config, string file)
        : this(TokenizerReader.Read(json, file), TokenizerConfig.Read(config, file), Files(FileName, json, config))
    {
    }

    /// <summary>A tokenizer of these parts, saved as these files.</summary>
    internal Tokenizer(TokenizerParts parts, TokenizerConfig config, IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        _files = files;
        _normalizer = parts.Normalizer;
        _preTokenizer = parts.PreTokenizer;
        _model = parts.Model;
        _postProcessor = parts.PostProcessor;
        _decoder = parts.Decoder;
        _added = new(parts.AddedTokens, _model, _normalizer);
        _truncation = parts.Truncation;
        _padding = parts.Padding;
        Config = config;
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
    /// Reads a <c>tokenizer.json</c>, a SentencePiece <c>.model</c>, a rank file of tiktoken, GPT-2's <c>merges.txt</c> beside
    /// its <c>vocab.json</c> or BERT's <c>vocab.txt</c>, or the first of these that a model's folder has, with the
    /// <c>tokenizer_config.json</c> beside it.
    /// </summary>
    /// <exception cref="InputException">The file is missing or malformed, or holds a part of an unknown kind.</exception>
    public static Tokenizer Load(string folderOrFile)
    {
        string file = Directory.Exists(folderOrFile) ? FileIn(folderOrFile) : folderOrFile;
        if (!File.Exists(file)) throw new InputException($"{file}: no such file; a {FileName} is required, or one of {string.Join(", ", FileNames.Skip(1))}");
        string configFile = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, ConfigFileName);
        byte[]? config = File.Exists(configFile) ? File.ReadAllBytes(configFile) : null;
        byte[] bytes = File.ReadAllBytes(file);
        string name = Path.GetFileName(file);
        if (name is VocabularyFile.FileName or MergesFile.FileName) return new(FromOlderFiles(name, file, config, configFile), config, file);
        bool isModel = Path.GetExtension(file) == SentencePieceTokenizer.Extension, isRanks = Path.GetExtension(file) == TiktokenFile.Extension;
        if (!isModel && !isRanks) return new(bytes, config, file);
        TokenizerConfig settings = TokenizerConfig.Read(config, configFile);
        TokenizerParts parts = isRanks || TiktokenFile.IsOne(bytes) ? TiktokenFile.Parts(bytes, settings, file) : SentencePieceTokenizer.Parts(bytes, settings, file);
        return new(parts, settings, Files(name, bytes, config));
    }

    // What these find wrong in the file itself they say; the rest is the configuration's.
    private static byte[] FromOlderFiles(string name, string file, byte[]? config, string configFile)
    {
        try
        {
            if (config is not null) StrictJson.RequireUtf8(config, configFile, 1);
            return name == MergesFile.FileName ? MergesFile.ToTokenizerJson(file, config) : VocabularyFile.ToTokenizerJson(file, config);
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{configFile}: cannot be used with {file}: {e.Message}", e);
        }
    }

    /// <summary>Reads a SentencePiece <c>.model</c> alone, whatever stands beside it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="addBegin">Whether encoding puts the token that begins a text before it.</param>
    /// <param name="addEnd">Whether it puts the one that ends a text after it.</param>
    /// <exception cref="InputException">The file is missing or malformed, or neither unigram nor BPE.</exception>
    public static Tokenizer LoadSentencePiece(string file, bool addBegin = false, bool addEnd = false)
    {
        if (!File.Exists(file)) throw new InputException($"{file}: no such file");
        byte[] bytes = File.ReadAllBytes(file);
        var config = new TokenizerConfig { AddBeginToken = addBegin, AddEndToken = addEnd };
        return new(SentencePieceTokenizer.Parts(bytes, config, file), config, Files(Path.GetFileName(file), bytes, null));
    }

    /// <summary>Whether a folder has a file that <see cref="Load"/> reads.</summary>
    public static bool IsIn(string folder) => File.Exists(FileIn(folder));

    private static string FileIn(string folder) => Path.Combine(folder, FileNames.FirstOrDefault(name => File.Exists(Path.Combine(folder, name))) ?? FileName);

    private static List<(string, byte[])> Files(string name, byte[] bytes, byte[]? config) =>
        config is null ? [(name, bytes)] : [(name, bytes), (ConfigFileName, config)];

    /// <summary>Writes the tokenizer's file, under the name it was read by, and its <c>tokenizer_config.json</c> into a folder.</summary>
    public void Save(string folder)
    {
        foreach ((string name, byte[] bytes) in _files) AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(bytes));
    }

    /// <summary>The ids of a text, with the special tokens that the tokeniser puts around it unless told otherwise.</summary>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        bool whole = _truncation is null && _padding is null && (_postProcessor is null || !addSpecialTokens);
        return whole ? IdsOf(text, []) : [.. EncodeText(text, null, addSpecialTokens).IdList];
    }

    /// <summary>The ids of a text in which control tokens count as the characters they are written with; none is added.</summary>
    public int[] EncodePlain(string text) => IdsOf(text, Everywhere);

    /// <summary>
    /// A text that a chat template wrote, whole and without anything added. In the plain ranges, in code points, control
    /// tokens count as the characters they are written with.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="plain">What came from outside.</param>
    /// <param name="trimOffsets">Whether offsets leave out blanks where the tokenizer's own post-processor does so.</param>
    internal EncodedText EncodeRendered(string text, IReadOnlyList<(int Start, int End)> plain, bool trimOffsets = false)
    {
        EncodedText encoded = Tokenize(text, typeId: 0, plain);
        return trimOffsets ? PostProcess(encoded, null, addSpecialTokens: false) : encoded;
    }

    /// <summary>A text, or a pair of texts, with tokens, offsets and masks; truncated and padded as the file says.</summary>
    /// <exception cref="InputException">The text cannot be truncated as the file says.</exception>
    public EncodedText EncodeText(string text, string? pair = null, bool addSpecialTokens = true)
    {
        EncodedText first = Tokenize(text, typeId: 0, plain: []);
        EncodedText? second = pair is null ? null : Tokenize(pair, typeId: 1, plain: []);
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
    private int[] IdsOf(string text, IReadOnlyList<(int Start, int End)> plain)
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

    private EncodedText Tokenize(string text, int typeId, IReadOnlyList<(int Start, int End)> plain)
    {
        PreTokenizedText pieces = _added.Extract(text, _normalizer, plain);
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
