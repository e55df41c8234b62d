using System.Text;

namespace FineTuneKit.Text;

/// <summary>Merges the symbols of one piece: a linked list and a queue of the pairs in it.</summary>
internal sealed class BpeMerger
{
    private const int None = -1;

    /// <summary>A token in the piece, and what it makes with the one that follows.</summary>
    private struct Symbol
    {
        public int Id, Previous, Next, ByteLength, PairRank, PairId;
    }

    private readonly MergeQueue _queue = new();
    private Symbol[] _symbols = new Symbol[32];
    private int _count;

    /// <summary>Symbols that it has room for.</summary>
    public int Capacity => _symbols.Length;

    public void Clear() => _count = 0;

    /// <summary>Appends a symbol that stands for so many bytes of UTF-8.</summary>
    public void Add(int id, int byteLength)
    {
        if (_count == _symbols.Length) Array.Resize(ref _symbols, _count * 2);
        if (_count > 0) _symbols[_count - 1].Next = _count;
        _symbols[_count] = new() { Id = id, Previous = _count - 1, Next = None, ByteLength = byteLength };
        _count++;
    }

    public void MergeAll(BpeMerges merges)
    {
        _queue.Clear(_count);
        for (int i = 0; i + 1 < _count; i++) Enqueue(i, merges);
        while (_queue.TryDequeue(out int rank, out int place))
        {
            ref Symbol left = ref _symbols[place];
            if (left.ByteLength == 0 || left.Next == None || left.PairId == None) continue;
            // The pair may have changed since it was queued; as in the reference, one that makes the same token stands in for it.
            if (left.PairRank != rank && left.PairId != merges.IdOfRank(rank)) continue;

            ref Symbol right = ref _symbols[left.Next];
            left.Id = left.PairId;
            left.ByteLength += right.ByteLength;
            left.Next = right.Next;
            right.ByteLength = 0;
            if (left.Next != None) _symbols[left.Next].Previous = place;
            if (left.Previous != None) Enqueue(left.Previous, merges);
            if (left.Next != None) Enqueue(place, merges);
        }
    }

    /// <summary>
    /// Adds what is left as tokens. Positions run through the bytes; one inside a character stands for all of it.
    /// </summary>
    public void WriteTokens(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        int bytes = 0;
        var start = (Unit: 0, Byte: 0);
        for (int i = 0; i < _count; i++)
        {
            if (_symbols[i].ByteLength == 0) continue;
            start = Advance(piece, start, bytes, past: false);
            bytes += _symbols[i].ByteLength;
            tokens.Add(new(_symbols[i].Id, start.Unit, Advance(piece, start, bytes, past: true).Unit));
        }
    }

    /// <summary>The character that holds a byte, or the first that begins at or after it.</summary>
    private static (int Unit, int Byte) Advance(ReadOnlySpan<char> piece, (int Unit, int Byte) at, int target, bool past)
    {
        while (at.Unit < piece.Length)
        {
            Rune.DecodeFromUtf16(piece[at.Unit..], out Rune rune, out int units);
            int end = at.Byte + rune.Utf8SequenceLength;
            if (past ? at.Byte >= target : end > target) break;
            at = (at.Unit + units, end);
        }
        return at;
    }

    private void Enqueue(int place, BpeMerges merges)
    {
        ref Symbol left = ref _symbols[place];
        if (merges.TryGet(left.Id, _symbols[left.Next].Id, out var merge))
        {
            (left.PairRank, left.PairId) = merge;
            _queue.Enqueue(merge.Rank, place);
        }
        else
        {
            left.PairId = None;
        }
    }
}
