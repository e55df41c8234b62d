using FineTuneKit.Records;

namespace Benchmarks;

/// <summary>Our speed over a yardstick's; null where the yardstick is not on this machine.</summary>
internal sealed record Ratio(string Name, double? Value, double Target, string Yardstick, string Settings)
{
    public override string ToString()
    {
        string value = Value is { } ratio ? $"{ratio,6:F2}" : "     -";
        return $"{Name,-28} {value}   target {Target:F2}   {Yardstick}: {Settings}";
    }

    /// <summary>Writes {"ratios": [{"name", "ratio", "target", "yardstick", "settings"}]}.</summary>
    public static void Save(string file, IEnumerable<Ratio> ratios)
    {
        var rows = ratios.Select(r => new { name = r.Name, ratio = r.Value, target = r.Target, yardstick = r.Yardstick, settings = r.Settings });
        AtomicFile.WriteJson(file, new { ratios = rows });
    }
}
