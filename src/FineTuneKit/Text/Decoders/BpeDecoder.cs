namespace FineTuneKit.Text;

/// <summary>The mark at the end of a word becomes a blank, but not after the last.</summary>
internal sealed class BpeDecoder(string suffix) : IDecoder
{
    public List<string> Decode(List<string> tokens) => suffix.Length == 0 ? tokens
        : [.. tokens.Select((t, i) => t.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
}
