using System.Globalization;
using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// The oldest rows train, the newest test, rows of one time on one side. A row that has a near-duplicate, or its group,
/// on an earlier side would test what was learned, so it stands on none.
/// </summary>
internal static class TimeSplit
{
    public static IReadOnlyList<SplitPlace> Assign(IReadOnlyList<Row> rows, SimilarityIndex index, SplitOptions options)
    {
        double[] times = [.. rows.Select(r => Time(r, options.TimeKey!))];
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(i => times[i])];
        SplitSide[] sides = Cut(order, times, options);
        var near = new NearDuplicates(index);
        var earliest = new Dictionary<string, SplitSide>(StringComparer.Ordinal);
        for (int i = 0; i < rows.Count; i++)
            if (rows[i].Group is { } group && (!earliest.TryGetValue(group, out SplitSide known) || sides[i] < known)) earliest[group] = sides[i];
        var sideOfText = new Dictionary<int, SplitSide>();
        for (int i = 0; i < rows.Count; i++)
            sideOfText[index.Representative[i]] = sideOfText.TryGetValue(index.Representative[i], out SplitSide side) && side < sides[i] ? side : sides[i];
        return [.. Enumerable.Range(0, rows.Count).Select(i => Place(i))];

        SplitPlace Place(int i)
        {
            if (rows[i].Group is { } group && earliest[group] < sides[i]) return new(default, $"its group {group} begins on an earlier side");
            bool copied = near.Of(i).Append(i).Any(j => sideOfText[index.Representative[j]] < sides[i]);
            return new(sides[i], copied ? "an older row on an earlier side is nearly the same" : null);
        }
    }

    /// <summary>The side of each row by the wanted sizes; a border moves on until the time changes.</summary>
    private static SplitSide[] Cut(int[] order, double[] times, SplitOptions options)
    {
        var sides = new SplitSide[order.Length];
        int[] sizes = SplitAssignment.Sizes(order.Length, options);
        int at = 0, end = 0;
        for (int s = 0; s < sizes.Length; s++)
        {
            end = Math.Max(at, end + sizes[s]);
            while (at < order.Length && (at < end || s == sizes.Length - 1 || (at > 0 && times[order[at]] == times[order[at - 1]]))) sides[order[at++]] = options.Sides[s];
        }
        return sides;
    }

    private static double Time(Row row, string key)
    {
        string? raw = row.Extra.FirstOrDefault(e => e.Key == key).Value;
        if (raw is null) throw new InputException($"{row.Origin}: the key \"{key}\" is missing; it is required for a split by time");
        using var json = JsonDocument.Parse(raw);
        string text = json.RootElement.ValueKind == JsonValueKind.String ? json.RootElement.GetString()! : raw;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && double.IsFinite(seconds)) return seconds;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time.ToUnixTimeMilliseconds() / 1000.0
            : throw new InputException($"{row.Origin}: \"{key}\" is {raw}; a date, a time of ISO 8601 or seconds since 1970 is required");
    }
}
