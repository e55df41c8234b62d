using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FineTuneKit.Training;

/// <summary>
/// Where a run's examples come from. An example is a function of its place alone, so that the place is all that a
/// checkpoint has to keep.
/// </summary>
public interface IExampleSource
{
    /// <summary>Examples in an epoch; null for a stream without end.</summary>
    int? Count { get; }

    /// <summary>The example at a place of an epoch (a stream has the single epoch 0); the same each time it is asked for.</summary>
    TrainingExample At(int epoch, long place);

    /// <summary>Identifies the data and its order: a run resumes only on the same.</summary>
    string Fingerprint { get; }
}

/// <summary>Rows in an order that the seed and the epoch determine.</summary>
public sealed class ExampleList : IExampleSource
{
    // Enough batches to find rows of like length, few enough to keep the order random.
    private const int WindowsPerGroup = 8;

    private readonly IReadOnlyList<TrainingExample> _examples;
    private readonly TrainingOptions _options;
    private int _orderedEpoch = -1;
    private int[] _order = [];

    /// <summary>A list to train on, ordered as the options say.</summary>
    /// <exception cref="InputException">The list is empty.</exception>
    public ExampleList(IReadOnlyList<TrainingExample> examples, TrainingOptions options)
    {
        if (examples.Count == 0) throw new InputException("0 rows to train on; 1 or more are required");
        (_examples, _options) = (examples, options);
        Fingerprint = FingerprintOf(examples);
    }

    /// <inheritdoc/>
    public int? Count => _examples.Count;

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public TrainingExample At(int epoch, long place)
    {
        if (_orderedEpoch != epoch) (_order, _orderedEpoch) = (Order(epoch), epoch);
        return _examples[_order[place]];
    }

    /// <summary>SHA-256 over what all rows teach, in hexadecimal.</summary>
    public static string FingerprintOf(IReadOnlyList<TrainingExample> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> word = stackalloc byte[4];
        foreach (TrainingExample example in examples)
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, example.Ids.Length);
            hash.AppendData(word);
            foreach (int number in example.Content)
            {
                BinaryPrimitives.WriteInt32LittleEndian(word, number);
                hash.AppendData(word);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private int[] Order(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, _examples.Count)];
        var random = new NamedRandom($"order/{epoch}", _options.Seed);
        if (_options.Shuffle) random.Shuffle(order);
        return _options.GroupByLength ? GroupByLength(order, random) : order;
    }

    // Within each stretch of some windows rows are sorted by length; then the windows are dealt in random order.
    private int[] GroupByLength(int[] order, NamedRandom random)
    {
        int rows = _options.WindowRows;
        List<int[]> windows = [.. order.Chunk(rows * WindowsPerGroup)
            .SelectMany(stretch => stretch.OrderBy(i => _examples[i].Ids.Length).Chunk(rows))];
        // An incomplete window goes last, as in any epoch.
        int whole = windows.FindIndex(window => window.Length < rows);
        int[]? rest = whole < 0 ? null : windows[whole];
        if (rest is not null) windows.RemoveAt(whole);
        if (_options.Shuffle) random.Shuffle(windows);
        return [.. windows.SelectMany(window => window), .. rest ?? []];
    }
}

/// <summary>A stream without end whose examples are made as they are asked for, as in pretraining.</summary>
/// <param name="make">Makes the example at a place; the same each time, for example from a <see cref="NamedRandom"/> of that place.</param>
/// <param name="name">Names the stream and what determines it, such as <c>pretrain/seed 7/window 256</c>.</param>
public sealed class ExampleStream(Func<long, TrainingExample> make, string name) : IExampleSource
{
    /// <inheritdoc/>
    public int? Count => null;

    /// <inheritdoc/>
    public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <inheritdoc/>
    public TrainingExample At(int epoch, long place) => make(place);
}
