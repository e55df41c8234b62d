namespace FineTuneKit.Text;

/// <summary>Takes up to so many of a character from the ends of each token.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : IDecoder
{
    public List<string> Decode(List<string> tokens) => tokens.ConvertAll(Strip);

    private string Strip(string token)
    {
        int from = 0, to = token.Length;
        for (int i = 0; i < start && token.AsSpan(from).StartsWith(content); i++) from += content.Length;
        for (int i = 0; i < stop && to > from && token.AsSpan(from..to).EndsWith(content); i++) to -= content.Length;
        return token[from..to];
    }
}
