using System.Globalization;
using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>Filters that make texts.</summary>
internal static class TextFilters
{
    public static IEnumerable<(string Names, string Parameters, FilterBody Body)> All { get; } =
    [
        ("upper", "s", (e, a) => Soft(e, a[0], PythonCase.Upper)),
        ("lower", "s", (e, a) => Soft(e, a[0], PythonCase.Lower)),
        ("capitalize", "s", (e, a) => Soft(e, a[0], PythonCase.Capitalize)),
        ("title", "s", (e, a) => Soft(e, a[0], Title)),
        ("trim", "value, chars=None", (e, a) => Soft(e, a[0], text => StringMethods.Strip(text, a[1], start: true, end: true))),
        ("string", "object", (e, a) => a[0] is MarkupValue ? a[0] : PythonText.Str(a[0], e.Budget)),
        ("replace", "s, old, new, count=None", (e, a) => Soft(e, a[0], text => StringMethods.Replace(
            e.Budget, text, Required(a[1], "replace() argument 1"), Required(a[2], "replace() argument 2"), a[3] is null ? -1 : PythonNumber.Index(a[3])))),
        ("center", "value, width=80", (e, a) => Soft(e, a[0], text => StringMethods.Center(e.Budget, text, PythonNumber.Index(a[1]), " ", (1, 1)))),
        ("indent", "s, width=4, first=False, blank=False", Indent),
        ("truncate", "s, length=255, killwords=False, end='...', leeway=None", Truncate),
        ("wordwrap", "s, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True", (e, a) => WordWrap.Wrap(
            PythonText.Str(a[0]), PythonNumber.Index(a[1]), Sequences.IsTrue(a[2]), a[3] is null ? "\n" : PythonText.Str(a[3]), Sequences.IsTrue(a[4]), e.Budget)),
        ("striptags", "value", (e, a) => StripTags(PythonText.Str(a[0], e.Budget))),
        ("urlencode", "value", (e, a) => UrlEncode(e, a[0])),
        ("filesizeformat", "value, binary=False", (_, a) => FileSize(a[0], Sequences.IsTrue(a[1]))),
        ("e escape", "value", (e, a) => a[0] is MarkupValue ? a[0] : new MarkupValue(MarkupValue.Escape(PythonText.Str(a[0], e.Budget)))),
        ("forceescape", "value", (e, a) => new MarkupValue(MarkupValue.Escape(PythonText.Str(a[0], e.Budget)))),
        ("safe", "value", (e, a) => a[0] is MarkupValue ? a[0] : new MarkupValue(PythonText.Str(a[0], e.Budget))),
        ("pprint", "value", (e, a) => PythonText.Repr(a[0], e.Budget)),
        ("xmlattr", "d, autospace=True", (e, a) => XmlAttributes(e, a[0], Sequences.IsTrue(a[1]))),
        ("tojson", "x, ensure_ascii=False, indent=None, separators=None, sort_keys=False", (e, a) => JsonText.Write(
            a[0], Sequences.IsTrue(a[1]), a[2], a[3], Sequences.IsTrue(a[4]), e.Budget)),
        ("urlize", "value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None", (_, _) => throw Refused("urlize makes links for web pages")),
    ];

    public static object? Format(Evaluator evaluator, Arguments arguments)
    {
        string format = PythonText.Str(arguments.Positional[0], evaluator.Budget);
        Arguments values = arguments.Skip(1);
        if (values.Positional.Count > 0 && values.Named.Count > 0)
            throw new TemplateException(TemplateErrorKind.FilterArgument, "can't handle positional and keyword arguments at the same time");
        if (values.Named.Count == 0) return PercentFormat.Format(format, new TupleValue(values.Positional), evaluator.Budget);
        var named = new DictValue();
        foreach ((string name, object? value) in values.Named) named[name] = value;
        return PercentFormat.Format(format, named, evaluator.Budget);
    }

    public static long WordCount(string text)
    {
        long count = 0;
        bool inside = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isWord = Rune.IsLetterOrDigit(rune) || rune.Value == '_';
            if (isWord && !inside) count++;
            inside = isWord;
        }
        return count;
    }

    internal static TemplateException Refused(string why) => new(TemplateErrorKind.Security, $"{why}; a chat template cannot use it here");

    /// <summary>The text of any value through a function; markup stays markup.</summary>
    private static object Soft(Evaluator evaluator, object? value, Func<string, string> change)
    {
        string text = PythonText.Str(value, evaluator.Budget);
        evaluator.Budget.Text(text.Length);
        string changed = change(text);
        return value is MarkupValue ? new MarkupValue(changed) : changed;
    }

    private static string Required(object? value, string what) =>
        PythonEquality.Text(value) ?? throw TemplateException.OfType($"{what} must be str, not {PythonType.Name(value)}");

    /// <summary>Words begin after white space, hyphens and opening brackets only, unlike those of <c>str.title</c>.</summary>
    private static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        bool starts = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool separates = rune.IsBmp && (PythonSpace.Is((char)rune.Value) || rune.Value is '-' or '(' or '{' or '[' or '<');
            string one = rune.ToString();
            result.Append(starts && !separates ? PythonCase.Upper(one) : PythonCase.Lower(one));
            starts = separates;
        }
        return result.ToString();
    }

    private static object Indent(Evaluator evaluator, object?[] a)
    {
        if (PythonEquality.Text(a[0]) is not { } text) throw a[0] is UndefinedValue missing ? missing.Error() : TemplateException.OfType($"unsupported operand type(s) for +=: '{PythonType.Name(a[0])}' and 'str'");
        int width = a[1] is string ? 0 : PythonNumber.Index(a[1]);
        evaluator.Budget.Text(Math.Max(0, width));
        string by = a[1] as string ?? new string(' ', Math.Max(0, width));
        bool first = Sequences.IsTrue(a[2]), blank = Sequences.IsTrue(a[3]);
        List<string> lines = StringMethods.Lines(text + "\n");
        evaluator.Budget.Text(text.Length + ((long)by.Length * lines.Count));
        string result = lines[0] + string.Concat(lines.Skip(1).Select(line => "\n" + (blank || line.Length > 0 ? by + line : line)));
        if (first) result = by + result;
        return a[0] is MarkupValue ? new MarkupValue(result) : result;
    }

    private static object? Truncate(Evaluator evaluator, object?[] a)
    {
        if (Sequences.Length(a[0]) is not { } count) throw TemplateException.OfType($"object of type '{PythonType.Name(a[0])}' has no len()");
        int length = PythonNumber.Index(a[1]), leeway = a[4] is null ? 5 : PythonNumber.Index(a[4]);
        string end = PythonText.Str(a[3]);
        int endLength = CodePoints.Length(end);
        if (length < endLength) throw new TemplateException(TemplateErrorKind.Value, $"expected length >= {endLength}, got {length}");
        if (leeway < 0) throw new TemplateException(TemplateErrorKind.Value, $"expected leeway >= 0, got {leeway}");
        if (count <= (long)length + leeway) return a[0];
        string cut = CodePoints.Slice(PythonText.Str(a[0], evaluator.Budget), 0, length - endLength);
        if (Sequences.IsTrue(a[2])) return cut + end;
        int blank = cut.LastIndexOf(' ');
        return (blank < 0 ? cut : cut[..blank]) + end;
    }

    private static string StripTags(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            bool comment = string.CompareOrdinal(text, at, "<!--", 0, 4) == 0;
            int close = text[at] != '<' ? -1 : comment ? text.IndexOf("-->", at, StringComparison.Ordinal) : text.IndexOf('>', at);
            if (close < 0) result.Append(text[at++]);
            else at = close + (comment ? 3 : 1);
        }
        return string.Join(' ', result.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&#34;", "\"", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&#39;", "'", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    private static string UrlEncode(Evaluator evaluator, object? value)
    {
        if (value is string or MarkupValue || !Sequences.IsIterable(value)) return Quote(PythonText.Str(value, evaluator.Budget), "/");
        IEnumerable<(object? Key, object? Value)> pairs = value is DictValue dict ? dict.Select(e => (e.Key, e.Value))
            : Sequences.Iterate(value, evaluator.Budget).Select(item => Sequences.ToList(item, evaluator.Budget) is [var key, var text] ? (key, text) : throw TemplateException.OfValue("pairs are required"));
        return string.Join('&', pairs.Select(p => Quote(PythonText.Str(p.Key), "").Replace("%20", "+", StringComparison.Ordinal) + "=" + Quote(PythonText.Str(p.Value), "").Replace("%20", "+", StringComparison.Ordinal)));
    }

    private static string Quote(string text, string safe)
    {
        var result = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || "_.-~".Contains(c, StringComparison.Ordinal) || safe.Contains(c, StringComparison.Ordinal)) result.Append(c);
            else result.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return result.ToString();
    }

    private static string FileSize(object? value, bool binary)
    {
        double bytes = PythonNumber.IsNumber(value) ? PythonNumber.Double(value!)
            : PythonEquality.Text(value) is { } text && PythonNumber.ParseFloat(text) is { } parsed ? parsed : throw TemplateException.OfValue("could not convert to a number of bytes");
        double size = binary ? 1024 : 1000;
        if (bytes == 1) return "1 Byte";
        if (bytes < size) return string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(bytes)} Bytes");
        int power = 1;
        while (power < 8 && bytes >= Math.Pow(size, power + 1)) power++;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / Math.Pow(size, power):F1} {"kMGTPEZY"[power - 1].ToString().ToUpperInvariant() switch { "K" when !binary => "k", var unit => unit }}{(binary ? "iB" : "B")}");
    }

    private static string XmlAttributes(Evaluator evaluator, object? value, bool autospace)
    {
        if (value is not DictValue dict) throw TemplateException.OfType($"'{PythonType.Name(value)}' object has no attributes to write");
        IEnumerable<string> parts = dict.Where(e => e.Value is not (null or UndefinedValue))
            .Select(e => $"{MarkupValue.Escape(PythonText.Str(e.Key))}=\"{(e.Value is MarkupValue markup ? markup.Text : MarkupValue.Escape(PythonText.Str(e.Value, evaluator.Budget)))}\"");
        string text = string.Join(' ', parts);
        return autospace && text.Length > 0 ? " " + text : text;
    }
}
