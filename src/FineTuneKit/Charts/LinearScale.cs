using System.Globalization;

namespace FineTuneKit.Charts;

/// <summary>Maps a data range to pixels and finds round tick values (Heckbert, "Nice numbers for graph labels", 1990).</summary>
internal sealed class LinearScale
{
    private readonly double _from, _to, _pixelFrom, _pixelTo;

    public LinearScale(IEnumerable<double> values, Axis axis, double pixelFrom, double pixelTo, int ticks)
    {
        List<double> finite = [.. values.Where(double.IsFinite)];
        double low = axis.Minimum ?? (finite.Count > 0 ? finite.Min() : 0);
        double high = axis.Maximum ?? (finite.Count > 0 ? finite.Max() : 1);
        if (high <= low) (low, high) = (low - 0.5, low + 0.5);
        double step = NiceStep((high - low) / ticks);
        _from = axis.Minimum ?? Math.Floor(low / step) * step;
        _to = axis.Maximum ?? Math.Ceiling(high / step) * step;
        (_pixelFrom, _pixelTo) = (pixelFrom, pixelTo);
        Step = step;
        double first = Math.Ceiling(_from / step - 1e-9) * step;
        for (int i = 0; first + i * step <= _to + step * 1e-6; i++) Ticks.Add(first + i * step);
    }

    public double Step { get; }

    public List<double> Ticks { get; } = [];

    public double this[double value] =>
        _pixelFrom + (Math.Clamp(value, _from, _to) - _from) / (_to - _from) * (_pixelTo - _pixelFrom);

    public string Format(double tick)
    {
        if (Math.Abs(tick) < Step * 1e-6) return "0";
        if (Math.Abs(tick) >= 10_000) return (tick / 1000).ToString("0.#", CultureInfo.InvariantCulture) + "k";
        int decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(Step) - 1e-9));
        return tick.ToString("F" + decimals, CultureInfo.InvariantCulture);
    }

    private static double NiceStep(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double fraction = raw / power;
        return power * (fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10);
    }
}
