using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>What a BPE model does besides merging.</summary>
internal sealed record BpeSettings
{
    public string? UnknownToken { get; init; }
    public string ContinuingPrefix { get; init; } = "";
    public string EndOfWordSuffix { get; init; } = "";

    /// <summary>Unknown characters side by side become one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>An unknown character is written as tokens of its bytes, such as <c>&lt;0xE3&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>A piece that is in the vocabulary is taken whole.</summary>
    public bool IgnoreMerges { get; init; }
}

/// <summary>
/// Byte pair encoding (Sennrich et al. 2016): the pair with the lowest rank is merged first, the leftmost of equals.
/// </summary>
internal sealed class BpeModel : ITokenModel
{
    // Longer pieces hardly recur; a full cache stays as it is.
    private const int LongestCached = 256, CacheCapacity = 1 << 16;

    // Symbols of a merger that waits for the next piece.
    private const int LargestKept = 1 << 16;

    private readonly Vocabulary _vocabulary;
    private readonly BpeMerges _merges;
    private readonly BpeSettings _settings;
    private readonly int? _unknownId;
    private readonly int[] _byteIds = new int[256];
    private readonly string _file;
    private readonly ConcurrentDictionary<string, Token[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Token[]>.AlternateLookup<ReadOnlySpan<char>> _cacheBySpan;
    private int _cached;

    [ThreadStatic] private static BpeMerger? _merger;

    public BpeModel(Vocabulary vocabulary, IEnumerable<(string Left, string Right, int Rank)> merges, BpeSettings settings, string file)
    {
        (_vocabulary, _file) = (vocabulary, file);
        _cacheBySpan = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        _settings = settings;
        _merges = ReadMerges(merges, file);
        _unknownId = settings.UnknownToken is string unknown ? TokenToId(unknown) : null;
        for (int b = 0; b < 256; b++) _byteIds[b] = vocabulary.IdOf($"<0x{b:X2}>") ?? -1;
    }

    public int VocabularySize => _vocabulary.Count;

    public int? TokenToId(string token) => _vocabulary.IdOf(token);

    public string? IdToToken(int id) => _vocabulary.TokenOf(id);

    public void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        if (_settings.IgnoreMerges && _vocabulary.IdOf(piece) is >= 0 and int whole)
        {
            tokens.Add(new(whole, 0, piece.Length));
            return;
        }
        if (_cacheBySpan.TryGetValue(piece, out Token[]? known))
        {
            tokens.AddRange(known);
            return;
        }
        int before = tokens.Count;
        BpeMerger merger = _merger ??= new();
        merger.Clear();
        AddSymbols(piece, merger);
        merger.MergeAll(_merges);
        merger.WriteTokens(piece, tokens);
        if (merger.Capacity > LargestKept) _merger = null;
        if (piece.Length <= LongestCached && Volatile.Read(ref _cached) < CacheCapacity
            && _cacheBySpan.TryAdd(piece, CollectionsMarshal.AsSpan(tokens)[before..].ToArray()))
            Interlocked.Increment(ref _cached);
    }

    /// <summary>The characters of a piece as tokens of the vocabulary, unknown ones by their bytes or the unknown token.</summary>
    private void AddSymbols(ReadOnlySpan<char> piece, BpeMerger merger)
    {
        int unknownBytes = 0;
        Span<byte> utf8 = stackalloc byte[4];
        int at = 0;
        foreach (Rune rune in piece.EnumerateRunes())
        {
            int end = at + rune.Utf16SequenceLength;
            int id = CharacterId(piece[at..end], isFirst: at == 0, isLast: end == piece.Length);
            bool isFirst = at == 0;
            at = end;
            if (id >= 0)
            {
                FlushUnknown(merger, ref unknownBytes);
                merger.Add(id, rune.Utf8SequenceLength);
                continue;
            }
            int count = rune.EncodeToUtf8(utf8);
            if (_settings.ByteFallback && AddBytes(utf8[..count], isFirst, isLast: end == piece.Length, merger)) continue;
            if (_settings.UnknownToken is null) continue;
            if (_unknownId is null)
                throw new InputException($"{_file}: the unknown token '{_settings.UnknownToken}' is not in the vocabulary");
            if (!_settings.FuseUnknown) FlushUnknown(merger, ref unknownBytes);
            unknownBytes += count;
        }
        FlushUnknown(merger, ref unknownBytes);
    }

    private void FlushUnknown(BpeMerger merger, ref int bytes)
    {
        if (bytes > 0) merger.Add(_unknownId!.Value, bytes);
        bytes = 0;
    }

    // The reference leaves an unknown run open here and closes it after the bytes; so does this.
    private bool AddBytes(ReadOnlySpan<byte> utf8, bool isFirst, bool isLast, BpeMerger merger)
    {
        ReadOnlySpan<byte> prefix = isFirst ? [] : Encoding.UTF8.GetBytes(_settings.ContinuingPrefix);
        ReadOnlySpan<byte> suffix = isLast ? Encoding.UTF8.GetBytes(_settings.EndOfWordSuffix) : [];
        ReadOnlySpan<byte> all = prefix.IsEmpty && suffix.IsEmpty ? utf8 : [.. prefix, .. utf8, .. suffix];
        foreach (byte b in all)
            if (_byteIds[b] < 0) return false;
        foreach (byte b in all) merger.Add(_byteIds[b], 1);
        return true;
    }

    private int CharacterId(ReadOnlySpan<char> character, bool isFirst, bool isLast)
    {
        bool prefixed = !isFirst && _settings.ContinuingPrefix.Length > 0, suffixed = isLast && _settings.EndOfWordSuffix.Length > 0;
        if (prefixed || suffixed)
            character = $"{(prefixed ? _settings.ContinuingPrefix : "")}{character}{(suffixed ? _settings.EndOfWordSuffix : "")}";
        return _vocabulary.IdOf(character);
    }

    private BpeMerges ReadMerges(IEnumerable<(string Left, string Right, int Rank)> merges, string file)
    {
        var result = new BpeMerges();
        foreach ((string left, string right, int rank) in merges)
        {
            string merged = right.StartsWith(_settings.ContinuingPrefix, StringComparison.Ordinal) ? left + right[_settings.ContinuingPrefix.Length..] : left + right;
            result.Add(IdOf(left, rank), IdOf(right, rank), rank, IdOf(merged, rank));
        }
        return result;

        int IdOf(string token, int rank) => TokenToId(token)
            ?? throw new InputException($"{file}: merge {rank} needs the token '{token}', which the vocabulary does not have");
    }
}
