using System.Runtime.InteropServices;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>
/// Learns a byte-level BPE vocabulary (Sennrich et al. 2016): again and again the most frequent pair becomes a token.
/// Of equally frequent pairs the one with the lower ids is taken, so the result depends on nothing but the words' counts.
/// </summary>
public sealed class BpeTrainer
{
    private sealed record Word(int[] Symbols, int Count)
    {
        public int Length { get; set; } = Symbols.Length;
    }

    private readonly List<Word> _words = [];
    private readonly Dictionary<ulong, int> _counts = [];
    private readonly Dictionary<ulong, List<int>> _wordsOf = [];
    private readonly PriorityQueue<(ulong Pair, int Count), (int NegativeCount, ulong Pair)> _queue = new();
    private readonly HashSet<ulong> _grown = [];

    private BpeTrainer()
    {
    }

    /// <summary>Trains on texts and gives the finished tokeniser.</summary>
    /// <exception cref="InputException">The vocabulary is too small for the special tokens and the 256 bytes.</exception>
    public static Tokenizer Train(IEnumerable<string> texts, BpeTrainerOptions options)
    {
        int first = options.SpecialTokens.Count + 256;
        if (options.VocabularySize < first)
            throw new InputException($"a vocabulary of {options.VocabularySize} entries; {options.SpecialTokens.Count} special tokens and 256 bytes need at least {first}");
        var vocabulary = new TrainedVocabulary(options);
        var trainer = new BpeTrainer();
        trainer.CountPairs(CountWords(texts, vocabulary.Pattern), vocabulary);
        while (vocabulary.Count < options.VocabularySize && trainer.Dequeue(options.MinFrequency) is ulong pair)
            trainer.Merge(pair, vocabulary.AddMerge((int)(pair >> 32), (int)pair));
        return vocabulary.ToTokenizer();
    }

    private static Dictionary<string, int> CountWords(IEnumerable<string> texts, ITextPattern pattern)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var matches = new List<Match>();
        foreach (string text in texts)
        {
            matches.Clear();
            pattern.FindMatches(text, matches);
            foreach ((int start, int end) in matches)
                CollectionsMarshal.GetValueRefOrAddDefault(bySpan, text.AsSpan(start, end - start), out _)++;
        }
        return counts;
    }

    private void CountPairs(Dictionary<string, int> words, TrainedVocabulary vocabulary)
    {
        foreach ((string word, int count) in words)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(word);
            if (bytes.Length < 2) continue;
            var symbols = Array.ConvertAll(bytes, vocabulary.ByteId);
            for (int i = 0; i + 1 < symbols.Length; i++) Count(BpeMerges.Pair(symbols[i], symbols[i + 1]), count, _words.Count);
            _words.Add(new(symbols, count));
        }
        QueueGrown();
    }

    /// <summary>The most frequent pair, or null if none is frequent enough.</summary>
    private ulong? Dequeue(int minFrequency)
    {
        while (_queue.TryDequeue(out (ulong Pair, int Count) top, out _))
        {
            // A pair's count only falls after it was queued; it goes back to where it now belongs.
            int count = _counts[top.Pair];
            if (count == top.Count) return count >= Math.Max(1, minFrequency) ? top.Pair : null;
            if (count > 0) Enqueue(top.Pair, count);
        }
        return null;
    }

    private void Merge(ulong pair, int merged)
    {
        List<int> words = _wordsOf[pair];
        _wordsOf.Remove(pair);
        foreach (int index in words) MergeIn(index, (int)(pair >> 32), (int)pair, merged);
        _counts[pair] = 0;
        QueueGrown();
    }

    private void MergeIn(int index, int left, int right, int merged)
    {
        Word word = _words[index];
        int[] symbols = word.Symbols;
        int write = 0;
        for (int read = 0; read < word.Length; read++, write++)
        {
            if (symbols[read] != left || read + 1 >= word.Length || symbols[read + 1] != right)
            {
                symbols[write] = symbols[read];
                continue;
            }
            if (write > 0)
            {
                Count(BpeMerges.Pair(symbols[write - 1], left), -word.Count, index);
                Count(BpeMerges.Pair(symbols[write - 1], merged), word.Count, index);
            }
            if (read + 2 < word.Length)
            {
                Count(BpeMerges.Pair(right, symbols[read + 2]), -word.Count, index);
                Count(BpeMerges.Pair(merged, symbols[read + 2]), word.Count, index);
            }
            symbols[write] = merged;
            read++;
        }
        word.Length = write;
    }

    private void Count(ulong pair, int change, int word)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += change;
        if (change < 0) return;
        _grown.Add(pair);
        ref List<int>? words = ref CollectionsMarshal.GetValueRefOrAddDefault(_wordsOf, pair, out _);
        words ??= [];
        if (words.Count == 0 || words[^1] != word) words.Add(word);
    }

    private void QueueGrown()
    {
        foreach (ulong pair in _grown) Enqueue(pair, _counts[pair]);
        _grown.Clear();
    }

    private void Enqueue(ulong pair, int count) => _queue.Enqueue((pair, count), (-count, pair));
}
