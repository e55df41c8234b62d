namespace FineTuneKit.Models;

/// <summary>
/// Beam search as transformers defines it: of twice as many candidates as beams the best unfinished go on, finished
/// ones compete by score over length, and a row ends when no running beam can beat its worst finished text.
/// </summary>
internal static class BeamSearch
{
    private const float Never = -1e9f;

    public static Continuation[] Run(Decoder decoder, IReadOnlyList<int[]> prompts, GenerationOptions options, Action<int, int>? onToken, CancellationToken cancellation)
    {
        var results = new Continuation[prompts.Count];
        for (int i = 0; i < prompts.Count; i++)
        {
            results[i] = Continue(decoder, prompts[i], Generation.Room(decoder, options, i, prompts[i].Length), options, cancellation);
            foreach (int id in results[i].Ids) onToken?.Invoke(i, id);
        }
        return results;
    }

    private sealed record Beam(int[] New, float Score, int Source);

    private static Continuation Continue(Decoder decoder, int[] prompt, int room, GenerationOptions options, CancellationToken cancellation)
    {
        IReadOnlyList<LogitsProcessor> processors = LogitsProcessor.For(options, prompt, room);
        using var cache = new KeyValueCache(decoder.Config, options.Beams, prompt.Length + room, decoder.Virtual?.Count ?? 0);
        List<Beam> running = [new Beam([], 0, 0)], finished = [];
        for (int length = 1; length <= room; length++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor logits = Logits(decoder, cache, prompt, running);
            List<Beam> candidates = Candidates(logits, prompt, running, processors, options);
            bool[] ends = [.. candidates.Select(beam => length == room || options.StopIds.Contains(beam.New[^1]))];
            finished = Finish(finished, candidates, ends, length, options);
            running = [.. candidates.Where((_, i) => !ends[i]).Take(options.Beams)];
            if (running.Count == 0 || (options.EarlyStopping && finished.Count == options.Beams) || !CanImprove(running, finished, length, options)) break;
        }
        int[] best = finished[0].New;
        return options.StopIds.Contains(best[^1]) ? new Continuation(best[..^1], best[^1]) : new Continuation(best, null);
    }

    /// <summary>(beams, V): the prompt is read a single time, and the beams begin as its copies.</summary>
    private static Tensor Logits(Decoder decoder, KeyValueCache cache, int[] prompt, List<Beam> running)
    {
        if (cache.Active == 0)
        {
            Tensor read = decoder.Hidden(Generation.Batch([prompt], prompt.Length), cache.Open([prompt.Length], prompt.Length), cache);
            return decoder.Logits(Decoder.LastTokens(read, [prompt.Length]));
        }
        cache.Reorder([.. running.Select(beam => beam.Source)]);
        Tensor ids = tensor(running.Select(beam => (long)beam.New[^1]).ToArray(), [running.Count, 1]);
        return decoder.Logits(decoder.Hidden(ids, cache.Step(), cache).reshape(running.Count, -1));
    }

    private static List<Beam> Candidates(Tensor logits, int[] prompt, List<Beam> running, IReadOnlyList<LogitsProcessor> processors, GenerationOptions options)
    {
        int vocabulary = (int)logits.size(1);
        int keep = Math.Max(2, 1 + options.StopIds.Count) * options.Beams;
        Span<float> values = Generation.Values(logits);
        var normalize = new NormalizeProcessor();
        var best = new PriorityQueue<(int Beam, int Token, float Score), (float Score, int Place)>();
        for (int b = 0; b < running.Count; b++)
        {
            Span<float> scores = values.Slice(b * vocabulary, vocabulary);
            int[] tokens = [.. prompt, .. running[b].New];
            if (!options.ReplaceInvalid) TokenChoice.RequireNumbers(scores, tokens.Length);
            normalize.Apply(tokens, scores);
            foreach (LogitsProcessor processor in processors) processor.Apply(tokens, scores);
            for (int token = 0; token < vocabulary; token++)
            {
                float score = scores[token] + running[b].Score;
                // Of equal scores the first place wins, so the later one is the lesser.
                var rank = (score, -(b * vocabulary + token));
                if (best.Count < keep) best.Enqueue((b, token, score), rank);
                else best.EnqueueDequeue((b, token, score), rank);
            }
        }
        var list = new List<Beam>(best.Count);
        while (best.TryDequeue(out (int Beam, int Token, float Score) item, out _))
            list.Add(new Beam([.. running[item.Beam].New, item.Token], item.Score, item.Beam));
        list.Reverse();
        return list;
    }

    private static List<Beam> Finish(List<Beam> finished, List<Beam> candidates, bool[] ends, int length, GenerationOptions options)
    {
        if (options.EarlyStopping && finished.Count == options.Beams) return finished;
        float divisor = (float)Math.Pow(length, options.LengthPenalty);
        // Only the best candidates count as finished; the others are there so that enough beams can go on.
        IEnumerable<Beam> fresh = candidates.Take(options.Beams).Where((_, i) => ends[i]).Select(beam => beam with { Score = beam.Score / divisor });
        return [.. finished.Concat(fresh).OrderByDescending(beam => beam.Score).Take(options.Beams)];
    }

    private static bool CanImprove(List<Beam> running, List<Beam> finished, int length, GenerationOptions options)
    {
        float possible = running[0].Score / (float)Math.Pow(length, options.LengthPenalty);
        // An open place among the finished can always be improved on.
        return possible > (finished.Count < options.Beams ? Never : finished[^1].Score);
    }
}
