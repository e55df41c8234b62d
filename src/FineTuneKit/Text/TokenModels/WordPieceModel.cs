using System.Text;

namespace FineTuneKit.Text;

/// <summary>
/// WordPiece (Wu et al. 2016): from the left, the longest entry of the vocabulary; a word that cannot be cut so is
/// the unknown token.
/// </summary>
internal sealed class WordPieceModel(Vocabulary vocabulary, string file, string unknown, string prefix, int longestWord) : ITokenModel
{
    public int VocabularySize => vocabulary.Count;

    public int? TokenToId(string token) => vocabulary.IdOf(token);

    public string? IdToToken(int id) => vocabulary.TokenOf(id);

    public void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        int before = tokens.Count;
        if (CharacterCount(piece) <= longestWord && Cut(piece, tokens)) return;
        tokens.RemoveRange(before, tokens.Count - before);
        int id = vocabulary.IdOf(unknown) ?? throw new InputException($"{file}: the unknown token '{unknown}' is not in the vocabulary");
        tokens.Add(new(id, 0, piece.Length));
    }

    private bool Cut(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        for (int start = 0, end; start < piece.Length; start = end)
        {
            int id = -1;
            for (end = FarthestEnd(piece, start); end > start; end -= char.IsLowSurrogate(piece[end - 1]) ? 2 : 1)
            {
                ReadOnlySpan<char> part = piece[start..end];
                id = vocabulary.IdOf(start > 0 ? string.Concat(prefix, part) : part);
                if (id >= 0) break;
            }
            if (id < 0) return false;
            tokens.Add(new(id, start, end));
        }
        return true;
    }

    // No entry goes farther, however long the word.
    private int FarthestEnd(ReadOnlySpan<char> piece, int start)
    {
        int end = (int)Math.Min(piece.Length, (long)start + vocabulary.LongestToken);
        return end < piece.Length && char.IsLowSurrogate(piece[end]) ? end - 1 : end;
    }

    private static int CharacterCount(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes()) count++;
        return count;
    }
}
