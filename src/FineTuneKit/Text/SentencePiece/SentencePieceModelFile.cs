namespace FineTuneKit.Text;

/// <summary>What a piece is for (<c>ModelProto.SentencePiece.Type</c>).</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>An entry of a SentencePiece vocabulary.</summary>
internal readonly record struct SentencePieceEntry(string Text, float Score, PieceKind Kind)
{
    /// <summary>Whether text can give it, as against control, byte and unknown pieces.</summary>
    public bool IsText => Kind is PieceKind.Normal or PieceKind.UserDefined or PieceKind.Unused;
}

/// <summary>How a text is normalised (<c>NormalizerSpec</c>).</summary>
internal sealed record SentencePieceRules
{
    /// <summary>Replacements; null for none.</summary>
    public CharsMap? Map { get; init; }

    /// <summary>A blank is put before the text.</summary>
    public bool DummyPrefix { get; init; } = true;

    /// <summary>Blanks at the ends go, and runs become one.</summary>
    public bool RemoveExtraBlanks { get; init; } = true;

    /// <summary>Blanks are written as <c>▁</c>.</summary>
    public bool EscapeBlanks { get; init; } = true;
}

/// <summary>A SentencePiece model file (<c>ModelProto</c> of sentencepiece_model.proto): what of it text needs.</summary>
internal sealed partial record SentencePieceModelFile
{
    /// <summary>Kinds of segmentation by number; the kit has the first two.</summary>
    private static readonly string[] Kinds = ["", "unigram", "bpe", "word", "char"];

    public IReadOnlyList<SentencePieceEntry> Pieces { get; private init; } = [];

    public SentencePieceRules Rules { get; private init; } = new();

    /// <summary>What is done to decoded text; null for nothing.</summary>
    public SentencePieceRules? Denormalization { get; private init; }

    public bool IsBpe { get; private init; }

    public bool ByteFallback { get; private init; }

    /// <summary>The blank that <see cref="SentencePieceRules.DummyPrefix"/> adds goes to the end.</summary>
    public bool BlanksAsSuffix { get; private init; }

    /// <summary>What an unknown piece is written as.</summary>
    public string UnknownSurface { get; private init; } = " \u2047 ";

    public string BeginPiece { get; private init; } = "<s>";

    public string EndPiece { get; private init; } = "</s>";

    /// <exception cref="InputException">The file is no SentencePiece model, or one of a kind that the kit does not have.</exception>
    public static SentencePieceModelFile Read(byte[] bytes, string file)
    {
        var pieces = new List<SentencePieceEntry>();
        var model = new SentencePieceModelFile();
        var message = new ProtoReader(bytes, file);
        while (message.Next(out int field))
        {
            switch (field)
            {
                case 1: pieces.Add(ReadPiece(message.Blob(), pieces.Count, file)); break;
                case 2: model = model.WithTraining(message.Blob(), file); break;
                case 3: model = model with { Rules = ReadRules(message.Blob(), file) }; break;
                case 5: model = model with { Denormalization = ReadRules(message.Blob(), file) }; break;
                default: message.Skip(); break;
            }
        }
        if (model.Denormalization?.Map is null) model = model with { Denormalization = null };
        model = model with { Pieces = pieces };
        model.Check(file);
        return model;
    }

    private static SentencePieceEntry ReadPiece(ReadOnlySpan<byte> blob, int id, string file)
    {
        var piece = new SentencePieceEntry("", 0, PieceKind.Normal);
        var message = new ProtoReader(blob, file);
        while (message.Next(out int field))
        {
            switch (field)
            {
                case 1: piece = piece with { Text = message.Text() }; break;
                case 2: piece = piece with { Score = message.Float() }; break;
                case 3: piece = piece with { Kind = (PieceKind)message.Int() }; break;
                default: message.Skip(); break;
            }
        }
        if (piece.Text.Length == 0) throw new InputException($"{file}: piece {id} is empty");
        return Enum.IsDefined(piece.Kind) ? piece : throw new InputException($"{file}: piece {id} '{piece.Text}' is of kind {(int)piece.Kind}; 1 to 6 are known");
    }

    private SentencePieceModelFile WithTraining(ReadOnlySpan<byte> blob, string file)
    {
        SentencePieceModelFile model = this;
        var message = new ProtoReader(blob, file);
        while (message.Next(out int field))
        {
            switch (field)
            {
                case 3: model = model with { IsBpe = IsBpeKind(message.Int(), file) }; break;
                case 24: model = model with { BlanksAsSuffix = message.Flag() }; break;
                case 35: model = model with { ByteFallback = message.Flag() }; break;
                case 44: model = model with { UnknownSurface = message.Text() }; break;
                case 46: model = model with { BeginPiece = message.Text() }; break;
                case 47: model = model with { EndPiece = message.Text() }; break;
                default: message.Skip(); break;
            }
        }
        return model;
    }

    private static bool IsBpeKind(long kind, string file) => kind switch
    {
        1 => false,
        2 => true,
        _ => throw new InputException($"{file}: a SentencePiece model of kind {Kinds.ElementAtOrDefault((int)kind) ?? "unknown"} ({kind}); {Kinds[1]} or {Kinds[2]} is required"),
    };

    private static SentencePieceRules ReadRules(ReadOnlySpan<byte> blob, string file)
    {
        var rules = new SentencePieceRules();
        var message = new ProtoReader(blob, file);
        while (message.Next(out int field))
        {
            switch (field)
            {
                case 2: rules = rules with { Map = message.Blob() is { Length: > 0 } map ? CharsMap.Read(map, file) : null }; break;
                case 3: rules = rules with { DummyPrefix = message.Flag() }; break;
                case 4: rules = rules with { RemoveExtraBlanks = message.Flag() }; break;
                case 5: rules = rules with { EscapeBlanks = message.Flag() }; break;
                default: message.Skip(); break;
            }
        }
        return rules;
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\A<0x[0-9A-F]{2}>\z")]
    private static partial System.Text.RegularExpressions.Regex BytePattern();

    private void Check(string file)
    {
        int unknown = Pieces.Count(p => p.Kind == PieceKind.Unknown);
        if (unknown != 1) throw new InputException($"{file}: {unknown} pieces stand for the unknown; 1 is required");
        foreach (IGrouping<(string, bool), SentencePieceEntry> same in Pieces.GroupBy(p => (p.Text, p.IsText)))
        {
            if (same.Count() > 1) throw new InputException($"{file}: the piece '{same.Key.Item1}' is defined {same.Count()} times");
        }
        foreach (SentencePieceEntry piece in Pieces.Where(p => p.Kind == PieceKind.Byte))
        {
            if (!BytePattern().IsMatch(piece.Text)) throw new InputException($"{file}: the byte piece '{piece.Text}'; <0x00> to <0xFF> are possible");
        }
        int bytes = Pieces.Count(p => p.Kind == PieceKind.Byte);
        if (bytes != (ByteFallback ? 256 : 0))
            throw new InputException($"{file}: {bytes} byte pieces; {(ByteFallback ? "256 are required, for byte_fallback is on" : "0 are required, for byte_fallback is off")}");
    }
}
