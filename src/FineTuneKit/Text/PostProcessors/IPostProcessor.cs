namespace FineTuneKit.Text;

/// <summary>Adds the special tokens that a model expects around a text or a pair, or trims offsets.</summary>
internal interface IPostProcessor
{
    /// <summary>How many tokens it adds to a text, or to a pair.</summary>
    int AddedTokens(bool isPair);

    /// <summary>Takes a text or a pair; what it gives back is joined from left to right.</summary>
    List<EncodedText> Process(List<EncodedText> texts, bool addSpecialTokens);
}
