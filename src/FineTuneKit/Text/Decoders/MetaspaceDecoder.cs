namespace FineTuneKit.Text;

/// <summary>Turns the visible blank back; the one that was put in front goes.</summary>
internal sealed class MetaspaceDecoder(string replacement, string prependScheme) : IDecoder
{
    public List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((t, i) => t.Replace(replacement, i == 0 && prependScheme != "never" ? "" : " ", StringComparison.Ordinal))];
}
