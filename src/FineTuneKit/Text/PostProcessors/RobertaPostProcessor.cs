namespace FineTuneKit.Text;

/// <summary>RoBERTa's form: <c>cls A sep</c>, and for a pair <c>cls A sep sep B sep</c>; all type ids are 0.</summary>
internal sealed class RobertaPostProcessor((string Token, int Id) cls, (string Token, int Id) sep, bool trimOffsets, bool addPrefixSpace) : IPostProcessor
{
    public int AddedTokens(bool isPair) => isPair ? 4 : 2;

    public List<EncodedText> Process(List<EncodedText> texts, bool addSpecialTokens)
    {
        foreach (EncodedText text in texts)
        {
            if (trimOffsets) ByteLevelPostProcessor.TrimOffsets(text, addPrefixSpace);
            text.SetTypeIds(0);
        }
        return addSpecialTokens ? [.. texts.Select((text, i) => Enclose(text, i == 0 ? cls : sep))] : texts;
    }

    private EncodedText Enclose(EncodedText text, (string Token, int Id) before)
    {
        var windows = text.OverflowingList.ConvertAll(window => Enclose(window, before));
        text.OverflowingList = [];
        text.SetTypeIds(0);
        var enclosed = new EncodedText();
        enclosed.Add(before.Id, before.Token, (0, 0), 0, -1, special: true);
        enclosed.Merge(text);
        enclosed.Add(sep.Id, sep.Token, (0, 0), 0, -1, special: true);
        enclosed.OverflowingList = windows;
        return enclosed;
    }
}
