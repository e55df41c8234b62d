using System.Text;

namespace FineTuneKit.Text;

/// <summary>Replaces each match of a pattern in each token.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string content) : IDecoder
{
    public List<string> Decode(List<string> tokens) => tokens.ConvertAll(Replace);

    private string Replace(string token)
    {
        var matches = new List<Match>();
        pattern.FindMatches(token, matches);
        if (matches.Count == 0) return token;
        var result = new StringBuilder();
        int copied = 0;
        foreach ((int start, int end) in matches)
        {
            result.Append(token, copied, start - copied).Append(content);
            copied = end;
        }
        return result.Append(token, copied, token.Length - copied).ToString();
    }
}
