namespace FineTuneKit.Data;

/// <summary>
/// Deals units of rows out to the sides. Largest unit first, in seeded order, each goes where it lessens most the
/// distance from the wanted counts, of the sides and of every stratum in them: the sum of (count - wanted)² / wanted,
/// as in a chi-squared test. Then units move, and change places, while that helps.
/// </summary>
internal sealed class SplitAssignment
{
    // Trying all exchanges takes the square of the units; among more of them single moves come near enough.
    private const int MostUnitsToExchange = 1000;

    private const int LengthClasses = 3;

    private readonly SplitSide[] _sides;
    private readonly List<(int Category, int Count)>[] _content;
    private readonly double[,] _missing, _wanted;
    private readonly int[] _unitsOfSide;
    private readonly int[] _sideOf;

    /// <summary>The side of each row.</summary>
    public static SplitSide[] Deal(IReadOnlyList<Row> rows, List<List<int>> units, SplitOptions options)
    {
        int[] order = Enumerable.Range(0, units.Count).ToArray();
        new NamedRandom("split", options.Seed).Shuffle(order);
        order = order.OrderByDescending(u => units[u].Count).ToArray();
        var dealt = new SplitAssignment(rows, units, options);
        for (int i = 0; i < order.Length; i++) dealt.Place(order[i], order.Length - i);
        for (int pass = 0; pass < 20; pass++)
        {
            bool moved = dealt.Improve(order);
            if (!(order.Length <= MostUnitsToExchange && dealt.Exchange(order)) && !moved) break;
        }
        var result = new SplitSide[rows.Count];
        for (int u = 0; u < units.Count; u++)
            foreach (int row in units[u]) result[row] = dealt._sides[dealt._sideOf[u]];
        return result;
    }

    private SplitAssignment(IReadOnlyList<Row> rows, List<List<int>> units, SplitOptions options)
    {
        _sides = options.Sides;
        _unitsOfSide = new int[_sides.Length];
        _sideOf = new int[units.Count];
        int[][] categories = Categories(rows, options, out int count);
        _content = units.Select(unit => unit.SelectMany(i => categories[i]).GroupBy(c => c).Select(g => (g.Key, g.Count())).ToList()).ToArray();
        _missing = new double[count, _sides.Length];
        foreach (List<(int, int)> content in _content)
            foreach ((int category, int n) in content)
                for (int s = 0; s < _sides.Length; s++) _missing[category, s] += n * options.Share(_sides[s]);
        int[] sizes = Sizes(rows.Count, options);
        for (int s = 0; s < _sides.Length; s++) _missing[0, s] = sizes[s];
        _wanted = (double[,])_missing.Clone();
    }

    /// <summary>Whole numbers nearest to the shares that add up to the rows (largest remainders), none of them 0.</summary>
    internal static int[] Sizes(int rows, SplitOptions options)
    {
        double[] exact = options.Sides.Select(s => options.Share(s) * rows).ToArray();
        int[] sizes = exact.Select(x => (int)Math.Floor(x + 1e-9)).ToArray();
        int left = rows - sizes.Sum();
        foreach (int s in Enumerable.Range(0, sizes.Length).OrderByDescending(s => exact[s] - sizes[s]).Take(left).ToArray()) sizes[s]++;
        for (int s = 0; s < sizes.Length; s++)
        {
            if (sizes[s] > 0) continue;
            sizes[Array.IndexOf(sizes, sizes.Max())]--;
            sizes[s]++;
        }
        return sizes;
    }

    /// <summary>What each row counts towards: 0, the size of its side; its label, its language, and both together.</summary>
    private static int[][] Categories(IReadOnlyList<Row> rows, SplitOptions options, out int count)
    {
        var known = new Dictionary<(string?, string?), int>();
        int Number(string? label, string? language) => known.TryGetValue((label, language), out int n) ? n : known[(label, language)] = known.Count + 1;
        int[][] categories = rows.Select(row => (row.Label, row.Language) switch
        {
            _ when !options.Stratify => [0],
            (null, null) => [0],
            (null, _) or (_, null) => [0, Number(row.Label, row.Language)],
            _ => new[] { 0, Number(row.Label, null), Number(null, row.Language), Number(row.Label, row.Language) },
        }).ToArray();
        if (options.StratifyByLength) AddLengths(rows, categories, known.Count + 1);
        count = known.Count + 1 + (options.StratifyByLength ? LengthClasses : 0);
        return categories;
    }

    /// <summary>Short, middling and long answers, a third of the rows each.</summary>
    private static void AddLengths(IReadOnlyList<Row> rows, int[][] categories, int first)
    {
        int[] byLength = [.. Enumerable.Range(0, rows.Count).OrderBy(i => rows[i].Answer.Length)];
        for (int rank = 0; rank < byLength.Length; rank++)
            categories[byLength[rank]] = [.. categories[byLength[rank]], first + rank * LengthClasses / byLength.Length];
    }

    private void Place(int unit, int unitsLeft)
    {
        int empty = _unitsOfSide.Count(n => n == 0);
        int best = -1;
        for (int s = 0; s < _sides.Length; s++)
        {
            // The last units go to sides that still have none.
            if (unitsLeft <= empty && _unitsOfSide[s] > 0) continue;
            if (best < 0 || Gain(unit, s) > Gain(unit, best)) best = s;
        }
        Move(unit, best, 1);
    }

    private bool Improve(int[] order)
    {
        bool moved = false;
        foreach (int unit in order)
        {
            int from = _sideOf[unit];
            if (_unitsOfSide[from] == 1) continue;
            Move(unit, from, -1);
            int best = from;
            for (int s = 0; s < _sides.Length; s++)
                if (Gain(unit, s) > Gain(unit, best) + 1e-9) best = s;
            Move(unit, best, 1);
            moved |= best != from;
        }
        return moved;
    }

    private bool Exchange(int[] order)
    {
        bool exchanged = false;
        for (int i = 0; i < order.Length; i++)
        {
            for (int j = i + 1; j < order.Length; j++)
            {
                (int a, int b) = (_sideOf[order[i]], _sideOf[order[j]]);
                if (a != b) exchanged |= TryExchange(order[i], a, order[j], b);
            }
        }
        return exchanged;
    }

    private bool TryExchange(int first, int a, int second, int b)
    {
        Move(first, a, -1);
        Move(second, b, -1);
        double stay = Gain(first, a) + Gain(second, b);
        double change = Gain(first, b) + Gain(second, a);
        bool better = change > stay + 1e-9;
        Move(first, better ? b : a, 1);
        Move(second, better ? a : b, 1);
        return better;
    }

    /// <summary>By how much the distance falls when the unit joins a side: (m² - (m - n)²) / wanted, for each category.</summary>
    private double Gain(int unit, int side)
    {
        double gain = 0;
        foreach ((int category, int n) in _content[unit]) gain += n * (2 * _missing[category, side] - n) / _wanted[category, side];
        return gain;
    }

    private void Move(int unit, int side, int sign)
    {
        foreach ((int category, int n) in _content[unit]) _missing[category, side] -= sign * n;
        _unitsOfSide[side] += sign;
        _sideOf[unit] = side;
    }
}
