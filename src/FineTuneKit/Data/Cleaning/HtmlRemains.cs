using System.Net;
using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>Tags and entities of HTML that a scraper left in a text. Only names of HTML count, so generics and comparisons stay.</summary>
internal static partial class HtmlRemains
{
    public static string Remove(string text)
    {
        if (text.Contains('<'))
        {
            text = Invisible().Replace(text, "");
            text = LineBreak().Replace(text, "\n");
            text = Tag().Replace(text, "");
        }
        return text.Contains('&') ? Entity().Replace(text, m => WebUtility.HtmlDecode(m.Value)) : text;
    }

    [GeneratedRegex(@"<(script|style)\b[^>]*>[\s\S]*?</\1\s*>|<!--[\s\S]*?-->", RegexOptions.IgnoreCase)]
    private static partial Regex Invisible();

    [GeneratedRegex(@"<br\s*/?>|</(?:p|div|li|tr|h[1-6])\s*>", RegexOptions.IgnoreCase)]
    private static partial Regex LineBreak();

    [GeneratedRegex(@"</?(?:a|abbr|article|b|blockquote|body|button|center|code|dd|div|dl|dt|em|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|meta|nav|ol|option|p|pre|s|section|select|small|span|strike|strong|sub|sup|table|tbody|td|textarea|th|thead|title|tr|tt|u|ul|video)(?:\s[^<>]*)?/?>", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    [GeneratedRegex(@"&(?:amp|lt|gt|quot|apos|nbsp|copy|reg|trade|hellip|mdash|ndash|lsquo|rsquo|ldquo|rdquo|laquo|raquo|bull|middot|deg|euro|pound|yen|times|eacute|egrave|uuml|ouml|auml|szlig|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});", RegexOptions.IgnoreCase)]
    private static partial Regex Entity();
}
