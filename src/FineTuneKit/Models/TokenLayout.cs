using System.Runtime.InteropServices;

namespace FineTuneKit.Models;

/// <summary>
/// Where the tokens of a batch (B, T) stand: each one's position for the rotary angles, and which keys it sees.
/// Padding and packed rows are described by the first key and the end of the keys, never by token ids.
/// </summary>
public sealed class TokenLayout : IDisposable
{
    private readonly Dictionary<int, Tensor> _steps = [];
    private readonly int[] _ends;

    private TokenLayout(int rows, int tokens, int[] positions, int[]? keyStart, int[] ends, bool causal = true, bool endsVisible = false, int before = 0)
    {
        (Rows, Tokens, _ends, Causal, Before) = (rows, tokens, ends, causal, before);
        Longest = positions.Length == 0 ? 0 : positions.Max() + 1;
        Positions = tensor(positions, [rows, tokens]);
        KeyStart = keyStart is null ? null : tensor(keyStart, [rows, tokens]);
        KeyEnd = endsVisible || ends.Any(end => end != tokens + before) ? tensor(ends) : null;
    }

    private TokenLayout(TokenLayout other)
    {
        (Rows, Tokens, _ends, Causal, Before, Longest) = (other.Rows, other.Tokens, other._ends, other.Causal, other.Before, other.Longest);
        Positions = Shared(other.Positions)!;
        KeyStart = Shared(other.KeyStart);
        KeyEnd = Shared(other.KeyEnd);

        static Tensor? Shared(Tensor? tensor) => tensor?.alias().DetachFromDisposeScope();
    }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>T, padding included.</summary>
    public int Tokens { get; }

    /// <summary>For each row one past its last real token.</summary>
    public IReadOnlyList<int> Ends => _ends;

    /// <summary>One past the largest position.</summary>
    public int Longest { get; private set; }

    /// <summary>(B, T) int32: positions from 0 within each sequence.</summary>
    internal Tensor Positions { get; }

    /// <summary>(B, T) int32: the first key that a token sees; null when that is key 0 for all.</summary>
    internal Tensor? KeyStart { get; }

    /// <summary>(B) int32: one past the last key of a row; null when that is T for all.</summary>
    internal Tensor? KeyEnd { get; }

    /// <summary>True when a token sees no later token.</summary>
    internal bool Causal { get; }

    /// <summary>Keys that every token sees and that are of no token of the batch.</summary>
    internal int Before { get; }

    /// <summary>Every row has all its tokens.</summary>
    public static TokenLayout Full(int rows, int tokens) => RightPadded(Enumerable.Repeat(tokens, rows).ToArray(), tokens);

    /// <summary>Rows of these lengths, then padding up to <paramref name="tokens"/>.</summary>
    public static TokenLayout RightPadded(IReadOnlyList<int> lengths, int tokens)
    {
        var positions = new int[lengths.Count * tokens];
        for (int i = 0; i < positions.Length; i++) positions[i] = i % tokens;
        return new TokenLayout(lengths.Count, tokens, positions, keyStart: null, Checked(lengths, tokens));
    }

    /// <summary>Padding first, then rows of these lengths; positions count from the first real token.</summary>
    public static TokenLayout LeftPadded(IReadOnlyList<int> lengths, int tokens)
    {
        Checked(lengths, tokens);
        var starts = lengths.Select(length => tokens - length).ToArray();
        return Windows(starts, Enumerable.Repeat(tokens, starts.Length).ToArray(), tokens);
    }

    /// <summary>From an attention mask of 0 and 1, one row after the other: padding left, right or both, never inside.</summary>
    /// <exception cref="InputException">A row with a hole, or with nothing visible.</exception>
    public static TokenLayout FromMask(IReadOnlyList<IReadOnlyList<int>> mask)
    {
        int tokens = mask[0].Count;
        var starts = new int[mask.Count];
        var ends = new int[mask.Count];
        for (int row = 0; row < mask.Count; row++)
        {
            int first = 0, end = tokens;
            while (first < tokens && mask[row][first] == 0) first++;
            while (end > first && mask[row][end - 1] == 0) end--;
            if (first == end) throw new InputException($"row {row}: the attention mask hides every token");
            for (int t = first; t < end; t++)
                if (mask[row][t] == 0) throw new InputException($"row {row}: the attention mask has a hole at token {t}; padding may only stand at the ends");
            (starts[row], ends[row]) = (first, end);
        }
        return starts.All(start => start == 0) ? RightPadded(ends, tokens) : Windows(starts, ends, tokens);
    }

    /// <summary>
    /// Several sequences in each row, one after the other, which do not see each other; positions start again at 0.
    /// </summary>
    /// <param name="segments">For each row the lengths of its sequences; the rest up to <paramref name="tokens"/> is padding.</param>
    /// <param name="tokens">T.</param>
    public static TokenLayout Packed(IReadOnlyList<IReadOnlyList<int>> segments, int tokens)
    {
        var positions = new int[segments.Count * tokens];
        var keyStart = new int[positions.Length];
        int[] ends = Checked(segments.Select(row => row.Sum()).ToArray(), tokens);
        for (int row = 0; row < segments.Count; row++)
        {
            int at = 0;
            foreach (int length in segments[row].Append(tokens - ends[row]))
            {
                for (int t = 0; t < length; t++)
                {
                    positions[row * tokens + at + t] = t;
                    keyStart[row * tokens + at + t] = at;
                }
                at += length;
            }
        }
        return new TokenLayout(segments.Count, tokens, positions, keyStart, ends);
    }

    /// <summary>The same rows with so many more tokens at the start of each.</summary>
    /// <exception cref="InputException">Rows that are padded in front or packed: what stands before would be before the padding, or before the first sequence alone.</exception>
    internal TokenLayout WithFirst(int count) => RightPadded([.. Plain(count).Select(end => end + count)], Tokens + count);

    /// <summary>The same tokens behind so many keys that each of them sees; positions count on from these.</summary>
    /// <inheritdoc cref="WithFirst"/>
    internal TokenLayout Behind(int count)
    {
        var positions = new int[Rows * Tokens];
        for (int i = 0; i < positions.Length; i++) positions[i] = i % Tokens + count;
        return new TokenLayout(Rows, Tokens, positions, keyStart: null, [.. Plain(count).Select(end => end + count)], before: count);
    }

    private IReadOnlyList<int> Plain(int count) =>
        KeyStart is null && Causal ? Ends : throw new InputException($"rows that are packed, or padded in front, cannot have {count} virtual tokens before each; pad rows at their ends");

    /// <summary>One new token a row behind <paramref name="lengths"/> tokens that a cache holds.</summary>
    internal static TokenLayout Step(ReadOnlySpan<int> lengths)
    {
        int[] positions = lengths.ToArray();
        return new TokenLayout(positions.Length, 1, positions, keyStart: null, Array.ConvertAll(positions, length => length + 1), causal: false, endsVisible: true);
    }

    /// <summary>True when the rows' keys end there.</summary>
    internal bool EndsAt(ReadOnlySpan<int> ends) => ends.SequenceEqual(_ends);

    /// <summary>Moves a step on by one token, in its own tensors: a loop that writes a text makes no new ones.</summary>
    internal void Advance()
    {
        Longest++;
        foreach (ref int position in Numbers(Positions)) position++;
        foreach (ref int end in Numbers(KeyEnd!)) end++;
        foreach (ref int end in _ends.AsSpan()) end++;
        foreach ((int width, Tensor first) in _steps)
        {
            Span<int> keys = Numbers(first);
            for (int row = 0; row < keys.Length; row++) keys[row] = Math.Max(0, _ends[row] - width);
        }

        static Span<int> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, int>(tensor.bytes);
    }

    /// <summary>The layout outside every scope: its owner disposes it.</summary>
    internal TokenLayout Detached()
    {
        Positions.DetachFromDisposeScope();
        KeyStart?.DetachFromDisposeScope();
        KeyEnd?.DetachFromDisposeScope();
        return this;
    }

    /// <summary>
    /// (B, T) int32: the first key that a token sees through a window of so many keys; null for key 0. A causal pass cuts
    /// its window itself; a step behind a cache, whose rows end at different keys, needs it said.
    /// </summary>
    internal Tensor? FirstKeys(int? window)
    {
        if (Causal || window is not { } width) return KeyStart;
        if (_steps.TryGetValue(width, out Tensor? first)) return first;
        first = WindowStarts(width).DetachFromDisposeScope();
        _steps.Add(width, first);
        return first;
    }

    private Tensor WindowStarts(int width) => tensor(Array.ConvertAll(_ends, end => Math.Max(0, end - width)), [Rows, 1]);

    /// <summary>(B, 1, T, S) bool, S the keys before and the T tokens: true where a query does not see a key, through a window of so many keys or null.</summary>
    internal Tensor Hidden(int? window, bool causal)
    {
        Tensor key = arange(Before + Tokens).view(1, 1, 1, Before + Tokens), query = (arange(Tokens) + Before).view(1, 1, Tokens, 1);
        Tensor hidden = zeros([Rows, 1, Tokens, Before + Tokens], ScalarType.Bool);
        if (causal) hidden = hidden.logical_or(key.gt(query));
        if (causal && window is { } width) hidden = hidden.logical_or(key.le(query - width));
        if (KeyStart is not null) hidden = hidden.logical_or(key.lt(KeyStart.view(Rows, 1, Tokens, 1)));
        return KeyEnd is null ? hidden : hidden.logical_or(key.ge(KeyEnd.view(Rows, 1, 1, 1)));
    }

    /// <summary>The same layout under handles of its own, outside every scope: it outlives this one.</summary>
    internal TokenLayout Share() => new(this);

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor first in _steps.Values) first.Dispose();
        _steps.Clear();
        Positions.Dispose();
        KeyStart?.Dispose();
        KeyEnd?.Dispose();
    }

    private static TokenLayout Windows(int[] starts, int[] ends, int tokens)
    {
        var positions = new int[starts.Length * tokens];
        var keyStart = new int[positions.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            keyStart[i] = starts[i / tokens];
            positions[i] = Math.Max(0, i % tokens - keyStart[i]);
        }
        return new TokenLayout(starts.Length, tokens, positions, keyStart, ends);
    }

    private static int[] Checked(IReadOnlyList<int> lengths, int tokens)
    {
        for (int row = 0; row < lengths.Count; row++)
        {
            if (lengths[row] < 1 || lengths[row] > tokens)
                throw new InputException($"row {row} has {lengths[row]} tokens; from 1 to {tokens} are required");
        }
        return [.. lengths];
    }
}
