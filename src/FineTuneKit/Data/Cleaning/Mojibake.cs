using System.Text;
using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>UTF-8 that was read as Windows-1252 ("Ã©" for "é") or as Shift-JIS ("縺ゅ" for "あ"), read as it was meant.</summary>
internal static partial class Mojibake
{
    private static readonly Encoding Windows1252, ShiftJis;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A text that is Japanese by itself has few of the characters that UTF-8's lead bytes become.
    private const double LeastShareOfLeads = 0.2;

    static Mojibake()
    {
        EncodingProvider pages = CodePagesEncodingProvider.Instance;
        Windows1252 = pages.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
        ShiftJis = pages.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
    }

    public static string Mend(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0080', '\uFFFF')) return text;
        string mended = Western().Replace(text, m => Decode(m.Value, Windows1252) ?? m.Value);
        return IsBroken(mended) ? Decode(mended, ShiftJis) ?? mended : mended;
    }

    /// <summary>Whether a text looks like UTF-8 that was read as Shift-JIS; after mending, characters were lost.</summary>
    public static bool IsBroken(string text) => Japanese().Count(text) >= Math.Max(2, LeastShareOfLeads * text.Length);

    private static string? Decode(string text, Encoding wrong)
    {
        try
        {
            byte[] bytes = new byte[text.Length * 2];
            int count = 0;
            foreach (char c in text)
            {
                // The five bytes that Windows-1252 leaves out are read as C1 controls.
                if (wrong.CodePage == 1252 && c is >= '\u0080' and <= '\u009F') bytes[count++] = (byte)c;
                else count += wrong.GetBytes([c], bytes.AsSpan(count));
            }
            return Strict.GetString(bytes, 0, count);
        }
        catch (ArgumentException)
        {
            // Not UTF-8, so nothing was read wrongly.
            return null;
        }
    }

    // A lead byte of UTF-8 with as many bytes after it as it announces, all seen through Windows-1252.
    [GeneratedRegex(@"(?:[\u00C2-\u00DF][\u0080-\u00BF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013-\u203A\u20AC\u2122]|[\u00E0-\u00EF][\u0080-\u00BF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013-\u203A\u20AC\u2122]{2}|[\u00F0-\u00F4][\u0080-\u00BF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013-\u203A\u20AC\u2122]{3})+")]
    private static partial Regex Western();

    [GeneratedRegex(@"[縺繧繝荳莉莠蜿譁蟄譚驛]")]
    private static partial Regex Japanese();
}
