namespace FineTuneKit.Text;

/// <summary>Turns tokens back into text; what it gives back is joined without anything between.</summary>
internal interface IDecoder
{
    List<string> Decode(List<string> tokens);
}
