namespace FineTuneKit.Text;

/// <summary>Joins the tokens, for decoders that follow.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}
