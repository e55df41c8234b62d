using System.Globalization;

namespace FineTuneKit.Text;

/// <summary>
/// A rank file of tiktoken: a line for each token, its bytes in base64 and its rank, which is its id. Of all neighbours whose
/// union is a token the one of the lowest rank is merged first. How text is split before and which tokens control the
/// model is not in the file; it goes by the file's name.
/// </summary>
internal static class TiktokenFile
{
    public const string Extension = ".tiktoken";

    // The longest of the known ones have 128 bytes; the ways to cut a token grow with its length.
    private const int LongestToken = 1024;

    private const string O200kCase = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private const string O200kSource =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + O200kCase
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + O200kCase
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // By how the file's name begins: tiktoken's openai_public.py, Meta's tokenizer.py of Llama 3, Qwen's tokenization_qwen.py.
    private static readonly Encoding[] Known =
    [
        new("gpt2", WordPattern.Gpt2Source, [("<|endoftext|>", 50256)]),
        new("r50k_base", WordPattern.Gpt2Source, [("<|endoftext|>", 50256)]),
        new("p50k_base", WordPattern.Gpt2Source, [("<|endoftext|>", 50256)]),
        new("cl100k_base", WordPattern.Llama3Source,
            [("<|endoftext|>", 100257), ("<|fim_prefix|>", 100258), ("<|fim_middle|>", 100259), ("<|fim_suffix|>", 100260), ("<|endofprompt|>", 100276)]),
        new("o200k_base", O200kSource, [("<|endoftext|>", 199999), ("<|endofprompt|>", 200018)]),
        new("qwen", WordPattern.Qwen2Source, [("<|endoftext|>", 151643), ("<|im_start|>", 151644), ("<|im_end|>", 151645)]),
        new("tokenizer", WordPattern.Llama3Source, Llama3Special()),
    ];

    /// <summary>Whether the bytes begin like a rank file; Llama 3's bears the name of a SentencePiece model.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? bytes : bytes[..end]).TrimEnd((byte)'\r');
        int blank = line.IndexOf((byte)' ');
        return blank > 0 && line[..blank].IndexOfAnyExcept(Base64Characters) < 0 && int.TryParse(line[(blank + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    /// <exception cref="InputException">A line is malformed, a rank or a byte is missing, or the file's name is not known.</exception>
    public static TokenizerParts Parts(byte[] bytes, TokenizerConfig config, string file)
    {
        string name = Path.GetFileName(file);
        Encoding encoding = Array.Find(Known, e => name.StartsWith(e.Name, StringComparison.Ordinal))
            ?? throw new InputException($"{file}: how text is split before these ranks apply goes by the file's name; known are {string.Join(", ", Known.Select(e => e.Name + "…"))}");
        Dictionary<string, int> ranks = ReadRanks(bytes, file);
        AddedToken[] added = config.AddedTokens.Count > 0
            ? [.. config.AddedTokens.OrderBy(p => p.Key).Select(p => p.Value with { Id = p.Key })]
            : [.. encoding.Special.Select(s => new AddedToken(s.Token, false, false, false, false, Special: true) { Id = s.Id })];
        return new()
        {
            PreTokenizer = new SequencePreTokenizer([
                new SplitPreTokenizer((ITextPattern?)WordPattern.For(encoding.Pattern) ?? new OnigurumaPattern(encoding.Pattern), SplitBehavior.Isolated, invert: false),
                new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: false)]),
            Model = new BpeModel(new(ranks), Merges(ranks), new() { IgnoreMerges = true }, file),
            Decoder = new ByteLevelDecoder(),
            AddedTokens = added,
        };
    }

    private sealed record Encoding(string Name, string Pattern, (string Token, int Id)[] Special);

    private static ReadOnlySpan<byte> Base64Characters => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8;

    // Tokens are written in the byte alphabet, as byte-level vocabularies are.
    private static Dictionary<string, int> ReadRanks(byte[] bytes, string file)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        var taken = new HashSet<int>();
        using var reader = new StreamReader(new MemoryStream(bytes), System.Text.Encoding.ASCII);
        for (int number = 1; reader.ReadLine() is string line; number++)
        {
            if (line.Length == 0) continue;
            string[] parts = line.Split(' ');
            byte[] token = new byte[line.Length];
            if (parts.Length != 2 || !Convert.TryFromBase64String(parts[0], token, out int count) || count == 0
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rank))
                throw new InputException($"{file}, line {number}: '{line}'; a token in base64 and its rank are required");
            if (count > LongestToken) throw new InputException($"{file}, line {number}: a token of {count} bytes; at most {LongestToken} are possible");
            if (!taken.Add(rank)) throw new InputException($"{file}, line {number}: another token has the rank {rank} already");
            if (!ranks.TryAdd(string.Concat(token[..count].Select(ByteAlphabet.CharOf)), rank))
                throw new InputException($"{file}, line {number}: the token {parts[0]} has a rank already");
        }
        for (int b = 0; b < 256; b++)
        {
            if (!ranks.ContainsKey(ByteAlphabet.CharOf((byte)b).ToString())) throw new InputException($"{file}: the byte 0x{b:X2} has no rank; all 256 are required");
        }
        return ranks;
    }

    // Every way to cut a token in two tokens is a merge of the token's own rank.
    private static IEnumerable<(string Left, string Right, int Rank)> Merges(Dictionary<string, int> ranks) =>
        from entry in ranks
        from cut in Enumerable.Range(1, entry.Key.Length - 1)
        let left = entry.Key[..cut]
        let right = entry.Key[cut..]
        where ranks.ContainsKey(left) && ranks.ContainsKey(right)
        select (left, right, entry.Value);

    private static (string, int)[] Llama3Special()
    {
        const int First = 128_000, Count = 256;
        string[] named =
        [
            "<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>", "<|reserved_special_token_2|>",
            "<|reserved_special_token_3|>", "<|start_header_id|>", "<|end_header_id|>", "<|reserved_special_token_4|>", "<|eot_id|>",
        ];
        return [.. Enumerable.Range(0, Count).Select(i => (i < named.Length ? named[i] : $"<|reserved_special_token_{i - named.Length + 5}|>", First + i))];
    }
}
