using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FineTuneKit.Data;

/// <summary>
/// Each row's side by the hash of its group, else of its text, in the order of the rows; a near-duplicate or a row of
/// the same group goes where the earlier one stands. So rows that are added at the end move none, and rows whose sides
/// are given keep them wherever rows are added. A row that belongs to two sides stands on none.
/// </summary>
internal static class HashSplit
{
    public static IReadOnlyList<SplitPlace> Assign(IReadOnlyList<Row> rows, SimilarityIndex index, SplitOptions options)
    {
        var near = new NearDuplicates(index);
        var places = new SplitPlace?[rows.Count];
        var sideOfGroup = new Dictionary<string, SplitSide>(StringComparer.Ordinal);
        // Rows whose side is given come first, whatever stands before them in the file.
        for (int i = 0; i < rows.Count && options.Keep is not null; i++)
        {
            if (!options.Keep.TryGetValue(RowIdentity.Of(rows[i]), out SplitSide side)) continue;
            places[i] = new SplitPlace(side, null);
            if (rows[i].Group is { } group) sideOfGroup.TryAdd(group, side);
        }
        for (int i = 0; i < rows.Count; i++)
        {
            if (places[i] is not null) continue;
            SplitPlace place = Place(i, rows, near, places, sideOfGroup, options);
            places[i] = place;
            if (place.Excluded is null && rows[i].Group is { } group) sideOfGroup.TryAdd(group, place.Side);
        }
        return [.. places.Select(p => p!.Value)];
    }

    private static SplitPlace Place(
        int row, IReadOnlyList<Row> rows, NearDuplicates near, SplitPlace?[] places, Dictionary<string, SplitSide> sideOfGroup, SplitOptions options)
    {
        var wanted = new Dictionary<SplitSide, string>();
        if (rows[row].Group is { } group && sideOfGroup.TryGetValue(group, out SplitSide ofGroup)) wanted[ofGroup] = $"its group {group}";
        foreach (int other in near.Of(row))
        {
            if (places[other] is { Excluded: null } place) wanted.TryAdd(place.Side, $"{rows[other].Origin}, which is nearly the same,");
        }
        return wanted.Count switch
        {
            0 => new SplitPlace(ByHash(rows[row], options), null),
            1 => new SplitPlace(wanted.Keys.First(), null),
            _ => new SplitPlace(default, string.Join(" and ", wanted.Select(w => $"{w.Value} stands in {w.Key.ToString().ToLowerInvariant()}"))),
        };
    }

    private static SplitSide ByHash(Row row, SplitOptions options)
    {
        string key = $"{options.Seed}/{row.Group ?? Shingles.Fold(RowText.Of(row, options.CompareBy))}";
        ulong hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        double at = (hash >> 11) * (1.0 / (1UL << 53));
        foreach (SplitSide side in options.Sides)
        {
            at -= options.Share(side);
            if (at < 0) return side;
        }
        return options.Sides[^1];
    }
}
