namespace FineTuneKit.Text;

/// <summary>A token for people to look at.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The text that is complete with it; empty where a character goes on in the next token.</param>
/// <param name="Learned">Whether its loss counts.</param>
/// <param name="Special">Whether it is a control token.</param>
public sealed record ShownToken(int Id, string Text, bool Learned, bool Special);

/// <summary>Makes what the model is given visible: every token, what of it is learned, and the tokens that begin a text.</summary>
public static class ShownTokens
{
    /// <summary>The tokens of a rendered conversation.</summary>
    public static IReadOnlyList<ShownToken> Of(int[] ids, bool[] mask, Tokenizer tokenizer)
    {
        var decoder = new StreamingDecoder(tokenizer, skipSpecialTokens: false);
        var shown = new List<ShownToken>(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            bool special = tokenizer.AddedTokens.TryGetValue(ids[i], out AddedToken? added) && added.Special;
            string text = decoder.Push(ids[i]) ?? "";
            shown.Add(new(ids[i], special ? added!.Content : text, mask[i], special));
        }
        return shown;
    }
}
