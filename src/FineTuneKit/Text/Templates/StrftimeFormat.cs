using System.Globalization;
using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>C's strftime in the C locale, with the flags of glibc: <c>%-d</c> without padding, <c>%_d</c> with blanks, <c>%^a</c> in capitals.</summary>
internal static class StrftimeFormat
{
    public static string Format(string format, DateTime time)
    {
        var result = new StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 == format.Length)
            {
                result.Append(format[at]);
                continue;
            }
            int flags = at + 1;
            while (flags < format.Length && format[flags] is '-' or '_' or '0' or '^') flags++;
            if (flags == format.Length)
            {
                result.Append(format, at, flags - at);
                break;
            }
            result.Append(Directive(format[flags], time) is { } text ? Flagged(text, format.AsSpan(at + 1, flags - at - 1)) : format[at..(flags + 1)]);
            at = flags;
        }
        return result.ToString();
    }

    private static string? Directive(char letter, DateTime time) => letter switch
    {
        'a' => In(time, "ddd"),
        'A' => In(time, "dddd"),
        'b' or 'h' => In(time, "MMM"),
        'B' => In(time, "MMMM"),
        'c' => Format("%a %b %e %H:%M:%S %Y", time),
        'C' => Number(time.Year / 100, 2),
        'd' => Number(time.Day, 2),
        'D' or 'x' => Format("%m/%d/%y", time),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'f' => Number((int)(time.Ticks / 10 % 1_000_000), 6),
        'F' => Format("%Y-%m-%d", time),
        'g' => Number(ISOWeek.GetYear(time) % 100, 2),
        'G' => Number(ISOWeek.GetYear(time), 1),
        'H' => Number(time.Hour, 2),
        'I' => Number(((time.Hour + 11) % 12) + 1, 2),
        'j' => Number(time.DayOfYear, 3),
        'k' => time.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'l' => (((time.Hour + 11) % 12) + 1).ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'm' => Number(time.Month, 2),
        'M' => Number(time.Minute, 2),
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Format("%I:%M:%S %p", time),
        'R' => Format("%H:%M", time),
        's' => new DateTimeOffset(time).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Number(time.Second, 2),
        't' => "\t",
        'T' or 'X' => Format("%H:%M:%S", time),
        'u' => Number(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
        'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        'V' => Number(ISOWeek.GetWeekOfYear(time), 2),
        'w' => Number((int)time.DayOfWeek, 1),
        'W' => Number((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
        'y' => Number(time.Year % 100, 2),
        'Y' => Number(time.Year, 1),
        // Python's own clock carries no zone here, so it prints nothing.
        'z' or 'Z' => "",
        '%' => "%",
        _ => null,
    };

    private static string Flagged(string text, ReadOnlySpan<char> flags)
    {
        foreach (char flag in flags)
        {
            string trimmed = text.TrimStart('0', ' ');
            if (trimmed.Length == 0 && text.Length > 0) trimmed = "0";
            text = flag switch
            {
                '-' => trimmed,
                '_' => trimmed.PadLeft(text.Length),
                '0' => trimmed.PadLeft(text.Length, '0'),
                _ => text.ToUpperInvariant(),
            };
        }
        return text;
    }

    private static string In(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Number(int value, int digits) => value.ToString("D" + digits, CultureInfo.InvariantCulture);
}
