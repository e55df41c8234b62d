namespace FineTuneKit.Text;

/// <summary>Puts a tokenizer together from a SentencePiece model file, equal to what that library does with it.</summary>
internal static class SentencePieceTokenizer
{
    public const string FileName = "tokenizer.model", Extension = ".model";

    /// <summary>Under these a folder has it.</summary>
    public static readonly string[] FileNames = [FileName, "spiece.model", "sentencepiece.bpe.model", "sentencepiece.model"];

    // These number the pieces otherwise than the file does.
    private static readonly string[] Renumbering = ["XLMRoberta", "Camembert", "MBart", "MBart50", "Barthez", "Nllb", "XLM", "Pegasus", "BigBirdPegasus", "Reformer"];

    // Without a word in the configuration, transformers' classes add these.
    private static readonly string[] WithBegin = ["Llama", "CodeLlama", "Gemma"], WithEnd = ["T5", "MT5"];

    /// <exception cref="InputException">The file is malformed, or its ids are not those that the configuration's class gives.</exception>
    public static TokenizerParts Parts(byte[] bytes, TokenizerConfig config, string file)
    {
        if (IsOneOf(config, Renumbering))
            throw new InputException($"{file}: {config.TokenizerClass} numbers the pieces otherwise than this file; a {Tokenizer.FileName} is required (transformers writes one: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR))");
        SentencePieceModelFile model = SentencePieceModelFile.Read(bytes, file);
        var vocabulary = new SentencePieceVocabulary(model.Pieces);
        return new()
        {
            Normalizer = new SentencePieceNormalizer(model.Rules, model.BlanksAsSuffix, vocabulary.UserDefined),
            Model = model.IsBpe ? new SentencePieceBpeModel(vocabulary, model.ByteFallback) : Unigram(model, vocabulary, file),
            PostProcessor = Template(model, vocabulary, config, file),
            Decoder = new SentencePieceDecoder(model, vocabulary),
            AddedTokens = [.. config.AddedTokens.OrderBy(p => p.Key).Select(p => p.Value with { Id = p.Key })],
        };
    }

    private static UnigramModel Unigram(SentencePieceModelFile model, SentencePieceVocabulary vocabulary, string file)
    {
        float[] normal = [.. model.Pieces.Where(p => p.Kind == PieceKind.Normal).Select(p => p.Score)];
        // The library starts the search for the largest at the smallest positive float.
        float best = Math.Max(normal.DefaultIfEmpty().Max(), FloatMin), worst = normal.DefaultIfEmpty(float.MaxValue).Min();
        UnigramPiece[] pieces = [.. model.Pieces.Select(p => new UnigramPiece(p.Text, Score(p), p.Kind is PieceKind.Normal or PieceKind.UserDefined))];
        return new(pieces, vocabulary.Ids(), new()
        {
            UnknownId = vocabulary.UnknownId,
            UnknownScore = worst - (float)TokenizerReader.UnknownPenalty,
            ByteFallback = model.ByteFallback,
            IsSentencePiece = true,
        }, file);

        // A user-defined piece scores as if each of its bytes were the best piece, and so is always taken.
        double Score(SentencePieceEntry piece) =>
            piece.Kind == PieceKind.UserDefined ? (System.Text.Encoding.UTF8.GetByteCount(piece.Text) * best) - 0.1 : piece.Score;
    }

    private const float FloatMin = 1.17549435e-38f;

    private static TemplatePostProcessor? Template(SentencePieceModelFile model, SentencePieceVocabulary vocabulary, TokenizerConfig config, string file)
    {
        bool begins = config.AddBeginToken ?? IsOneOf(config, WithBegin), ends = config.AddEndToken ?? IsOneOf(config, WithEnd);
        if (!begins && !ends) return null;
        TemplatePiece[] one = [.. Special(begins, config.BeginToken ?? model.BeginPiece), new(0, [], 0), .. Special(ends, config.EndToken ?? model.EndPiece)];
        return new(one, [.. one, .. one.Select(p => p with { Text = p.Text is null ? null : 1, TypeId = 1 })]);

        IEnumerable<TemplatePiece> Special(bool wanted, string token) => !wanted ? [] : [new(null, [(vocabulary.IdOf(token)
            ?? throw new InputException($"{file}: no piece '{token}', which is to be put around each text"), token)], 0)];
    }

    private static bool IsOneOf(TokenizerConfig config, string[] families) =>
        Array.Exists(families, name => config.TokenizerClass == $"{name}Tokenizer" || config.TokenizerClass == $"{name}TokenizerFast");
}
