namespace FineTuneKit.Text;

/// <summary>BERT's words: apart at white space, each punctuation mark alone.</summary>
internal sealed class BertPreTokenizer : IPreTokenizer
{
    public void PreTokenize(PreTokenizedText text)
    {
        text.Split(WhitespaceSplitPreTokenizer.Blank, SplitBehavior.Removed);
        text.Split(PunctuationPreTokenizer.Mark, SplitBehavior.Isolated);
    }
}
