using System.Text;

namespace FineTuneKit.Text;

/// <summary>Puts pieces together as SentencePiece does: control pieces vanish, bytes become characters, the blank at the beginning goes.</summary>
internal sealed class SentencePieceDecoder(SentencePieceModelFile model, SentencePieceVocabulary vocabulary) : IDecoder
{
    private readonly SentencePieceNormalizer? _denormalizer =
        model.Denormalization is { } rules ? new(rules, blanksAsSuffix: false, kept: null) : null;

    public List<string> Decode(List<string> tokens)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        bool atBeginning = true, tookBlank = false;
        foreach (string token in tokens)
        {
            PieceKind? kind = vocabulary.KindOf(token);
            if (kind == PieceKind.Byte)
            {
                bytes.Add(Convert.FromHexString(token.AsSpan(3, 2))[0]);
                continue;
            }
            Flush(bytes, text);
            if (tookBlank || text.Length > 0) atBeginning = false;
            text.Append(Surface(token, kind, atBeginning, out tookBlank));
        }
        Flush(bytes, text);
        string result = text.ToString();
        return [_denormalizer is null ? result : _denormalizer.Normalize(NormalizedString.Of(result)).ToString()];
    }

    // Without extra blanks all those at the beginning go, else the one that was put there.
    private string Surface(string token, PieceKind? kind, bool atBeginning, out bool tookBlank)
    {
        tookBlank = false;
        if (kind == PieceKind.Control) return "";
        if (kind == PieceKind.Unknown) return model.UnknownSurface;
        if (kind is null) return token;
        ReadOnlySpan<char> rest = token;
        if (atBeginning && (model.Rules.DummyPrefix || model.Rules.RemoveExtraBlanks) && rest[0] == SentencePieceNormalizer.BlankSymbol)
        {
            rest = rest[1..];
            tookBlank = !model.Rules.RemoveExtraBlanks;
        }
        return rest.ToString().Replace(SentencePieceNormalizer.BlankSymbol, ' ');
    }

    // A byte that begins no character is one U+FFFD; the next may begin one.
    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = bytes.ToArray();
        while (!rest.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            text.Append(whole ? rune.ToString() : "\uFFFD");
            rest = rest[(whole ? length : 1)..];
        }
        bytes.Clear();
    }
}
