namespace FineTuneKit.Text;

/// <summary>Connectionist temporal classification: repeated tokens count once, padding goes.</summary>
internal sealed class CtcDecoder(string padToken, string wordDelimiter, bool cleanup) : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var result = new List<string>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;
            string text = tokens[i].Replace(padToken, "", StringComparison.Ordinal);
            if (cleanup) text = WordPieceDecoder.CleanUp(text).Replace(wordDelimiter, " ", StringComparison.Ordinal);
            if (text.Length > 0) result.Add(text);
        }
        return result;
    }
}
