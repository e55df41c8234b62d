using System.Text;

namespace FineTuneKit.Text;

/// <summary>
/// Decodes ids one at a time as they are generated. Half a character is held back until the rest of it has come.
/// The work for each id does not grow with the text. Follows <c>DecodeStream</c> of Hugging Face tokenizers.
/// </summary>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool skipSpecialTokens = true)
{
    private const char Replacement = '\uFFFD';

    private readonly List<int> _ids = [];
    private string _prefix = "";
    private int _prefixCount;

    /// <summary>The text that is complete with this id, or null where nothing new is.</summary>
    public string? Push(int id)
    {
        if (_prefix.Length == 0 && _ids.Count > 0 && Decode() is var start && !start.EndsWith(Replacement))
        {
            _prefix = start;
            _prefixCount = _ids.Count;
        }
        _ids.Add(id);
        string text = Decode();
        if (Encoding.UTF8.GetByteCount(text) <= Encoding.UTF8.GetByteCount(_prefix) || text.EndsWith(Replacement)) return null;
        if (!text.StartsWith(_prefix, StringComparison.Ordinal))
            throw new InvalidOperationException($"the token {id} changes the text that was already given out: '{_prefix}' became '{text}'");

        string chunk = text[_prefix.Length..];
        int kept = _ids.Count - _prefixCount;
        _ids.RemoveRange(0, _prefixCount);
        _prefix = Decode();
        _prefixCount = kept;
        return chunk;
    }

    /// <summary>What is still held back at the end, with U+FFFD for what never became a character; null if nothing.</summary>
    public string? Flush()
    {
        string text = Decode();
        string? rest = text.Length > _prefix.Length && text.StartsWith(_prefix, StringComparison.Ordinal) ? text[_prefix.Length..] : null;
        _ids.Clear();
        (_prefix, _prefixCount) = ("", 0);
        return rest;
    }

    private string Decode() => tokenizer.Decode(_ids, skipSpecialTokens);
}
