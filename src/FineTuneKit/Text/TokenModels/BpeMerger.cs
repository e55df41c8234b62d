using System.Text;

namespace FineTuneKit.Text;

/// <summary>Merges the symbols of one piece: a linked list and a heap of the pairs in it, O(n log n).</summary>
internal sealed class BpeMerger
{
    private record struct Symbol(int Id, int Previous, int Next, int ByteLength);

    // The new token's id, ordered by rank (high half) and position (low half).
    private readonly PriorityQueue<int, ulong> _queue = new();
    private Symbol[] _symbols = new Symbol[32];
    private int _count;

    public static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    public void Clear()
    {
        _count = 0;
        _queue.Clear();
    }

    /// <summary>Appends a symbol that stands for so many bytes of UTF-8.</summary>
    public void Add(int id, int byteLength)
    {
        if (_count == _symbols.Length) Array.Resize(ref _symbols, _count * 2);
        if (_count > 0) _symbols[_count - 1].Next = _count;
        _symbols[_count] = new(id, _count - 1, -1, byteLength);
        _count++;
    }

    public void MergeAll(Dictionary<ulong, (int Rank, int Id)> merges)
    {
        for (int i = 0; i + 1 < _count; i++) Enqueue(i, i + 1, merges);
        while (_queue.TryDequeue(out int merged, out ulong order))
        {
            int position = (int)(uint)order;
            ref Symbol left = ref _symbols[position];
            if (left.ByteLength == 0 || left.Next < 0) continue;
            int next = left.Next;
            ref Symbol right = ref _symbols[next];
            // The pair may have changed since it was queued.
            if (!merges.TryGetValue(Pair(left.Id, right.Id), out var merge) || merge.Id != merged) continue;

            left = new(merged, left.Previous, right.Next, left.ByteLength + right.ByteLength);
            right.ByteLength = 0;
            if (left.Next >= 0) _symbols[left.Next].Previous = position;
            if (left.Previous >= 0) Enqueue(left.Previous, position, merges);
            if (left.Next >= 0) Enqueue(position, left.Next, merges);
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

    private void Enqueue(int left, int right, Dictionary<ulong, (int Rank, int Id)> merges)
    {
        if (merges.TryGetValue(Pair(_symbols[left].Id, _symbols[right].Id), out var merge))
            _queue.Enqueue(merge.Id, Pair(merge.Rank, left));
    }
}
