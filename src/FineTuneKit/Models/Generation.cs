using System.Runtime.InteropServices;

namespace FineTuneKit.Models;

/// <summary>What a prompt was continued with.</summary>
/// <param name="Ids">The new tokens, without the stop token.</param>
/// <param name="StopId">The token that ended it; null when the limit did.</param>
public sealed record Continuation(int[] Ids, int? StopId);

/// <summary>
/// Continues prompts with a decoder. Rows of unequal length share a batch without padding each other, a finished row
/// leaves at once and the next prompt takes its place; no row's result depends on its neighbours.
/// </summary>
public static class Generation
{
    /// <summary>Continues every prompt.</summary>
    /// <param name="decoder">A decoder with a language-model head; it is used without gradient.</param>
    /// <param name="prompts">Token ids, at least one a prompt.</param>
    /// <param name="options">Search, sampling, limits.</param>
    /// <param name="onToken">Called with prompt index and token as they come; with beams only at the end.</param>
    /// <param name="cancellation">Ends between two steps.</param>
    /// <returns>One continuation for each prompt, in their order.</returns>
    /// <exception cref="InputException">An empty prompt, or a prompt without room for one new token in the model's context.</exception>
    public static Continuation[] Generate(
        Decoder decoder,
        IReadOnlyList<int[]> prompts,
        GenerationOptions options,
        Action<int, int>? onToken = null,
        CancellationToken cancellation = default)
    {
        options.Checked();
        CheckPrompts(decoder, prompts);
        if (options.NewTokensByPrompt is { } limits && (limits.Count != prompts.Count || limits.Any(limit => limit < 1)))
            throw new InputException($"NewTokensByPrompt has {limits.Count} limits, the least of them {limits.DefaultIfEmpty().Min()}; one of at least 1 for each of the {prompts.Count} prompts is required");
        bool training = decoder.training;
        decoder.eval();
        try
        {
            using (no_grad())
            {
                return options.Beams > 1
                    ? BeamSearch.Run(decoder, prompts, options, onToken, cancellation)
                    : new GenerationRun(decoder, prompts, options, onToken).Finish(cancellation);
            }
        }
        finally
        {
            decoder.train(training);
        }
    }

    private static void CheckPrompts(Decoder decoder, IReadOnlyList<int[]> prompts)
    {
        DecoderConfig config = decoder.Config;
        for (int i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Length == 0) throw new InputException($"prompt {i + 1} is empty; at least one token is required");
            if (prompts[i].Length >= decoder.ContextLength && config.RotaryScaling?.Kind != "dynamic")
                throw new InputException($"prompt {i + 1} has {prompts[i].Length} tokens; the model holds {decoder.ContextLength} with the answer");
            foreach (int id in prompts[i])
            {
                if (id < 0 || id >= config.VocabularySize)
                    throw new InputException($"prompt {i + 1} holds token {id}; the model knows 0 to {config.VocabularySize - 1}");
            }
        }
    }

    /// <summary>New tokens that a prompt may get: the limit, or what the context leaves.</summary>
    internal static int Room(Decoder decoder, GenerationOptions options, int prompt, int promptLength)
    {
        int limit = Math.Min(options.MaxNewTokens, options.NewTokensByPrompt?[prompt] ?? int.MaxValue);
        return decoder.Config.RotaryScaling?.Kind == "dynamic" ? limit : Math.Min(limit, decoder.ContextLength - promptLength);
    }

    /// <summary>Ids of rows of unequal length as (B, T), zeros behind the shorter ones.</summary>
    internal static Tensor Batch(IReadOnlyList<int[]> rows, int tokens)
    {
        var flat = new long[rows.Count * tokens];
        for (int row = 0; row < rows.Count; row++)
            for (int t = 0; t < rows[row].Length; t++) flat[row * tokens + t] = rows[row][t];
        return tensor(flat, [rows.Count, tokens]);
    }

    /// <summary>The values of a float32 tensor on the CPU, for reading and changing.</summary>
    internal static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

/// <summary>One call of <see cref="Generation.Generate"/>: rows wait, sit in a slot of the cache, and leave it.</summary>
internal sealed class GenerationRun
{
    /// <summary>Prompt tokens read at once, at most (a single prompt may be longer).</summary>
    private const int PromptTokens = 4096;

    private readonly Decoder _decoder;
    private readonly GenerationOptions _options;
    private readonly Action<int, int>? _onToken;
    private readonly Row[] _rows;
    private readonly Queue<Row> _waiting;
    private readonly List<Row> _active = [];

    public GenerationRun(Decoder decoder, IReadOnlyList<int[]> prompts, GenerationOptions options, Action<int, int>? onToken)
    {
        (_decoder, _options, _onToken) = (decoder, options, onToken);
        _rows = [.. prompts.Select((prompt, i) => new Row(i, prompt, options, Generation.Room(decoder, options, i, prompt.Length)))];
        // Prompts of similar length are read together, so that little is padding.
        _waiting = new Queue<Row>(_rows.OrderBy(row => row.PromptLength).ThenBy(row => row.Index));
    }

    public Continuation[] Finish(CancellationToken cancellation)
    {
        if (_rows.Length == 0) return [];
        int slots = Math.Min(_options.BatchRows, _rows.Length);
        using Tensor ids = empty(slots, 1, ScalarType.Int64);
        using var cache = new KeyValueCache(_decoder.Config, slots, _rows.Max(row => row.PromptLength + row.Room), _decoder.Virtual?.Count ?? 0);
        while (_waiting.Count > 0 || _active.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = Fused.NewReusingScope();
            // New rows come in groups: reading one prompt at a time would hold up all the others.
            int free = slots - _active.Count;
            if (_waiting.Count > 0 && (free >= Math.Max(1, slots / 4) || _active.Count == 0)) Read(cache, Group(free));
            else Advance(cache, ids);
        }
        return Array.ConvertAll(_rows, row => row.Result());
    }

    /// <summary>How many waiting prompts are read at once: their states take memory by the token.</summary>
    private int Group(int free)
    {
        int count = 0, longest = 0;
        foreach (Row row in _waiting.Take(free))
        {
            longest = Math.Max(longest, row.PromptLength);
            if (count > 0 && (count + 1) * longest > PromptTokens) break;
            count++;
        }
        return count;
    }

    private void Read(KeyValueCache cache, int count)
    {
        Row[] fresh = [.. Enumerable.Range(0, count).Select(_ => _waiting.Dequeue())];
        int tokens = fresh.Max(row => row.PromptLength);
        TokenLayout layout = cache.Open([.. fresh.Select(row => row.PromptLength)], tokens);
        Tensor hidden = _decoder.Hidden(Generation.Batch([.. fresh.Select(row => row.Prompt)], tokens), layout, cache);
        Tensor logits = _decoder.Logits(Decoder.LastTokens(hidden, layout.Ends)); // (new rows, V)
        int first = _active.Count;
        _active.AddRange(fresh);
        Choose(cache, logits, first);
    }

    private void Advance(KeyValueCache cache, Tensor ids)
    {
        Span<long> last = MemoryMarshal.Cast<byte, long>(ids.bytes);
        for (int slot = 0; slot < _active.Count; slot++) last[slot] = _active[slot].Last;
        Tensor active = _active.Count == ids.size(0) ? ids : ids.narrow(0, 0, _active.Count);
        Tensor hidden = _decoder.Hidden(active, cache.Step(), cache); // (active, 1, C)
        Choose(cache, _decoder.Logits(hidden.reshape(_active.Count, -1)), first: 0);
    }

    /// <summary>Gives each row from slot <paramref name="first"/> on its next token; the finished ones leave.</summary>
    private void Choose(KeyValueCache cache, Tensor logits, int first)
    {
        int vocabulary = (int)logits.size(1);
        Span<float> values = Generation.Values(logits);
        for (int slot = first; slot < _active.Count; slot++)
        {
            Row row = _active[slot];
            row.Take(values.Slice((slot - first) * vocabulary, vocabulary));
            _onToken?.Invoke(row.Index, row.Last);
        }
        for (int slot = _active.Count - 1; slot >= first; slot--)
        {
            if (!_active[slot].Finished) continue;
            int moved = cache.Remove(slot);
            _active[slot] = _active[moved];
            _active.RemoveAt(moved);
        }
    }

    /// <summary>A prompt and what it has got so far.</summary>
    private sealed class Row
    {
        private readonly GenerationOptions _options;
        private readonly IReadOnlyList<LogitsProcessor> _processors;
        private readonly NamedRandom? _random;
        private readonly int[] _tokens;
        private int _length;

        public Row(int index, int[] prompt, GenerationOptions options, int room)
        {
            (Index, Prompt, Room, _options) = (index, prompt, room, options);
            _processors = LogitsProcessor.For(options, prompt, room);
            _random = options.Sample ? new NamedRandom($"generation/{index}", options.Seed) : null;
            _tokens = new int[prompt.Length + room];
            prompt.CopyTo(_tokens, 0);
            _length = prompt.Length;
        }

        public int Index { get; }

        public int[] Prompt { get; }

        public int PromptLength => Prompt.Length;

        public int Room { get; }

        public int Last => _tokens[_length - 1];

        public bool Finished => Stopped || _length == _tokens.Length;

        private bool Stopped => _length > PromptLength && _options.StopIds.Contains(Last);

        public void Take(Span<float> logits)
        {
            if (!_options.ReplaceInvalid) TokenChoice.RequireNumbers(logits, _length);
            foreach (LogitsProcessor processor in _processors) processor.Apply(_tokens.AsSpan(0, _length), logits);
            _tokens[_length++] = _random is null ? TokenChoice.Likeliest(logits) : TokenChoice.Draw(logits, _random);
        }

        public Continuation Result() => new(_tokens[PromptLength..(Stopped ? _length - 1 : _length)], Stopped ? Last : null);
    }
}

/// <summary>One token out of a row of logits.</summary>
internal static class TokenChoice
{
    /// <exception cref="InputException">A logit is NaN: greedily that would be read as token 0, for ever.</exception>
    public static void RequireNumbers(ReadOnlySpan<float> logits, int length)
    {
        int width = System.Numerics.Vector<float>.Count, i = 0;
        bool numbers = true;
        for (; i + width <= logits.Length; i += width)
        {
            var values = new System.Numerics.Vector<float>(logits.Slice(i, width));
            numbers &= System.Numerics.Vector.EqualsAll(values, values);
        }
        foreach (float logit in logits[i..]) numbers &= !float.IsNaN(logit);
        if (!numbers) throw new InputException($"the logits after {length} tokens hold NaN, so there is no next token: a weight of the model or an adapter is not finite");
    }

    /// <summary>The largest; the first of equals.</summary>
    public static int Likeliest(ReadOnlySpan<float> logits)
    {
        int width = System.Numerics.Vector<float>.Count, best = 0, i = 0;
        float largest = logits[0];
        // Whole vectors that hold nothing larger are passed over.
        for (; i + width <= logits.Length; i += width)
        {
            if (!System.Numerics.Vector.GreaterThanAny(new System.Numerics.Vector<float>(logits.Slice(i, width)), new System.Numerics.Vector<float>(largest))) continue;
            for (int j = i; j < i + width; j++)
                if (logits[j] > largest) (largest, best) = (logits[j], j);
        }
        for (; i < logits.Length; i++)
            if (logits[i] > largest) (largest, best) = (logits[i], i);
        return best;
    }

    /// <summary>A draw by probability, one random number.</summary>
    public static int Draw(ReadOnlySpan<float> logits, NamedRandom random)
    {
        int likeliest = Likeliest(logits);
        float largest = logits[likeliest];
        double sum = 0;
        foreach (float logit in logits)
            if (!float.IsNegativeInfinity(logit)) sum += MathF.Exp(logit - largest);
        double left = random.NextDouble() * sum;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNegativeInfinity(logits[i])) continue;
            left -= MathF.Exp(logits[i] - largest);
            if (left < 0) return i;
        }
        return likeliest;
    }
}
