namespace FineTuneKit.Text;

/// <summary>An element of a template: a text (<c>A</c> is 0, <c>B</c> is 1), or special tokens.</summary>
internal sealed record TemplatePiece(int? Text, IReadOnlyList<(int Id, string Token)> Special, int TypeId);

/// <summary>Puts texts and special tokens together as a template says.</summary>
internal sealed class TemplatePostProcessor(IReadOnlyList<TemplatePiece> single, IReadOnlyList<TemplatePiece> pair) : IPostProcessor
{
    public int AddedTokens(bool isPair) => (isPair ? pair : single).Sum(p => p.Special.Count);

    public List<EncodedText> Process(List<EncodedText> texts, bool addSpecialTokens)
    {
        var parts = new List<EncodedText>();
        foreach (TemplatePiece piece in texts.Count > 1 ? pair : single)
        {
            if (piece.Text is int index)
            {
                texts[index].SetTypeIds(piece.TypeId);
                parts.Add(texts[index]);
            }
            else if (addSpecialTokens)
            {
                var special = new EncodedText();
                foreach ((int id, string token) in piece.Special) special.Add(id, token, (0, 0), piece.TypeId, -1, special: true);
                parts.Add(special);
            }
        }
        return parts;
    }
}
