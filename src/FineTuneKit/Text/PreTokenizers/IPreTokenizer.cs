namespace FineTuneKit.Text;

/// <summary>Splits the normalised text into pieces that the model sees one by one.</summary>
internal interface IPreTokenizer
{
    void PreTokenize(PreTokenizedText text);
}
