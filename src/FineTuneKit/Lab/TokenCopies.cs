using FineTuneKit.Text;

namespace FineTuneKit.Lab;

/// <summary>
/// Conversations in which tokens drawn evenly from the vocabulary are repeated. In running text, merges swallow some
/// tokens nearly always, as <c> product</c> does <c>duct</c>. What was never written cannot be written after tuning
/// either while embedding and head are frozen, as they are under LoRA.
/// </summary>
internal sealed class TokenCopies(Tokenizer tokenizer, ChatTemplate template)
{
    private const int Most = 24;

    private static readonly string[] Asks = ["Copy exactly what follows.\n", "Repeat: ", "Copy: ", "次の文字をそのまま写してください。\n", "復唱："];

    private readonly int[] _tokens = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !tokenizer.AddedTokens.ContainsKey(id))];

    /// <summary>One of them, of 1 to 24 tokens.</summary>
    public RenderedChat Draw(NamedRandom random)
    {
        int[] ask = tokenizer.EncodePlain(random.Pick(Asks));
        int[] tokens = [.. Enumerable.Range(0, random.Next(1, Most + 1)).Select(_ => random.Pick(_tokens))];
        return template.RenderTokens([("user", [.. ask, .. tokens]), ("assistant", tokens)]);
    }
}
