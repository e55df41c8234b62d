namespace FineTuneKit.Training.Supervised;

/// <summary>
/// Puts rows together as TRL does, a thousand rows at a time. Best fit sorts stably by length and puts each row into the
/// fullest bin that has room, the oldest of equal ones (Ding et al. 2024, arXiv:2404.10830).
/// </summary>
internal static class RowPacking
{
    private const int RowsAtATime = 1000;

    public static List<SupervisedRow> Pack(IReadOnlyList<SupervisedRow> rows, Packing packing, int length) =>
        [.. rows.Chunk(RowsAtATime).SelectMany(chunk => packing == Packing.Wrapped ? Wrap(chunk, length) : BestFit(Fitting(chunk, packing, length), length))];

    private static IEnumerable<SupervisedRow> Fitting(SupervisedRow[] rows, Packing packing, int length) => rows.SelectMany(row =>
        packing == Packing.BestFitSplit ? Pieces(row, length) : [row.Ids.Length <= length ? row : row.Slice(..length)]);

    private static IEnumerable<SupervisedRow> Wrap(SupervisedRow[] rows, int length) => Pieces(Join(rows), length);

    private static IEnumerable<SupervisedRow> Pieces(SupervisedRow row, int length)
    {
        for (int at = 0; at < row.Ids.Length; at += length) yield return row.Slice(at..Math.Min(at + length, row.Ids.Length));
    }

    private static IEnumerable<SupervisedRow> BestFit(IEnumerable<SupervisedRow> rows, int length)
    {
        var bins = new List<List<SupervisedRow>>();
        var byRoom = new SortedDictionary<int, Queue<List<SupervisedRow>>>();
        // OrderByDescending is stable.
        foreach (SupervisedRow row in rows.OrderByDescending(row => row.Ids.Length))
        {
            int room = byRoom.Keys.FirstOrDefault(r => r >= row.Ids.Length, length);
            List<SupervisedRow> bin;
            if (byRoom.TryGetValue(room, out Queue<List<SupervisedRow>>? queue))
            {
                bin = queue.Dequeue();
                if (queue.Count == 0) byRoom.Remove(room);
            }
            else
            {
                bins.Add(bin = []);
            }
            bin.Add(row);
            int left = room - row.Ids.Length;
            if (left == 0) continue;
            if (!byRoom.TryGetValue(left, out queue)) byRoom[left] = queue = new();
            queue.Enqueue(bin);
        }
        return bins.Select(bin => Join(bin) with { Segments = [.. bin.Select(row => row.Ids.Length)] });
    }

    private static SupervisedRow Join(IReadOnlyList<SupervisedRow> rows) =>
        new([.. rows.SelectMany(r => r.Ids)], [.. rows.SelectMany(r => r.Learned)], rows.Count == 1 ? rows[0].Origin : $"{rows[0].Origin} and {rows.Count - 1} more");
}
