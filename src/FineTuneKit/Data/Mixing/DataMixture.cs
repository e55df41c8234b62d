using System.Collections;
using System.Globalization;
using System.Text;

namespace FineTuneKit.Data;

/// <summary>
/// Several sources at given ratios: the next row is of the source that is furthest behind its share, so the ratios hold
/// at every length, within one row. Each pass through a source has an order of its own from the seed. The same sources
/// and seed give the same order, from any place in it.
/// </summary>
public sealed class DataMixture : IEnumerable<Row>
{
    private readonly IReadOnlyList<MixtureSource> _sources;
    private readonly MixtureOptions _options;
    private readonly Dictionary<(int Source, long Pass), int[]> _orders = [];
    private readonly int[][] _tokens;

    /// <summary>A mixture.</summary>
    /// <exception cref="InputException">No source, one without rows, or a number out of range.</exception>
    public DataMixture(IReadOnlyList<MixtureSource> sources, MixtureOptions? options = null)
    {
        (_sources, _options) = (sources, options ?? new MixtureOptions());
        if (sources.Count == 0) throw new InputException("a mixture of no sources; at least one is required");
        foreach (MixtureSource source in sources)
        {
            if (source.Rows.Count == 0) throw new InputException($"{source.Name}: no rows; at least one is required");
            if (!(source.Share > 0)) throw new InputException($"{source.Name}: a share of {source.Share}; more than 0 is required");
            if (!(source.MostRepeats * source.Rows.Count >= 1)) throw new InputException($"{source.Name}: at most {source.MostRepeats} times each of {source.Rows.Count} rows is none; more is required");
        }
        if (_options.Total is < 1) throw new InputException($"a total of {_options.Total}; 1 or more is required");
        _tokens = [.. sources.Select(s => _options.CountTokens is { } count ? s.Rows.Select(r => Math.Max(1, count(r))).ToArray() : [])];
    }

    /// <summary>All rows in their order.</summary>
    public IEnumerator<Row> GetEnumerator() => From(0).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The rows from a place on, for a run that goes on where it stood.</summary>
    public IEnumerable<Row> From(long position) => Places().SkipWhile((_, i) => i < position).Select(p => _sources[p.Source].Rows[p.Row]);

    /// <summary>What each source gives.</summary>
    public IReadOnlyList<MixturePart> Parts()
    {
        var (rows, tokens) = (new long[_sources.Count], new long[_sources.Count]);
        foreach ((int source, int row) in Places())
        {
            rows[source]++;
            if (_tokens[source].Length > 0) tokens[source] += _tokens[source][row];
        }
        long[] given = _options.CountTokens is null ? rows : tokens;
        return [.. _sources.Select((s, i) => new MixturePart(s.Name, rows[i], tokens[i], given[i] / (double)Math.Max(1, given.Sum()), s.Share / _sources.Sum(x => x.Share), rows[i] / (double)s.Rows.Count))];
    }

    /// <summary>The parts as a table of text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"source",-28}{"rows",10}{"tokens",12}{"share",9}{"asked",9}{"passes",9}\n");
        foreach (MixturePart part in Parts())
            text.Append(CultureInfo.InvariantCulture, $"{part.Name,-28}{part.Rows,10:N0}{(part.Tokens > 0 ? part.Tokens.ToString("N0", CultureInfo.InvariantCulture) : "-"),12}{part.Share,9:0.0%}{part.Wanted,9:0.0%}{part.Passes,9:0.00}\n");
        return text.ToString();
    }

    private IEnumerable<(int Source, int Row)> Places()
    {
        var given = new double[_sources.Count];
        var taken = new long[_sources.Count];
        double total = 0;
        while (_options.Total is not { } wanted || total < wanted)
        {
            int next = 0;
            for (int s = 1; s < _sources.Count; s++)
                if (given[s] / _sources[s].Share < given[next] / _sources[next].Share) next = s;
            // With a source that has no more the ratio cannot be kept, so the mixture ends.
            if (taken[next] >= Math.Floor(_sources[next].MostRepeats * _sources[next].Rows.Count)) yield break;
            (long pass, long at) = Math.DivRem(taken[next]++, _sources[next].Rows.Count);
            int row = Order(next, pass)[at];
            double weight = _tokens[next].Length > 0 ? _tokens[next][row] : 1;
            given[next] += weight;
            total += weight;
            yield return (next, row);
        }
    }

    private int[] Order(int source, long pass)
    {
        lock (_orders)
        {
            if (_orders.TryGetValue((source, pass), out int[]? known)) return known;
            _orders.Remove((source, pass - 2));
            int[] order = [.. Enumerable.Range(0, _sources[source].Rows.Count)];
            new NamedRandom($"mixture/{_sources[source].Name}/{pass}", _options.Seed).Shuffle(order);
            return _orders[(source, pass)] = order;
        }
    }
}
