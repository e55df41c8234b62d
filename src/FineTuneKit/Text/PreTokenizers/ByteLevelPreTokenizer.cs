namespace FineTuneKit.Text;

/// <summary>GPT-2's words, written in the byte alphabet.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    public void PreTokenize(PreTokenizedText text)
    {
        if (addPrefixSpace) text.Split((piece, keep) => keep(new(piece.Chars.StartsWith(' ') ? piece : piece.Prepend(" "))));
        if (useRegex) text.Split(WordPattern.Gpt2, SplitBehavior.Isolated);
        var bytes = new AlignedText(64);
        text.Normalize(piece => ByteAlphabet.Write(piece, bytes));
    }
}
