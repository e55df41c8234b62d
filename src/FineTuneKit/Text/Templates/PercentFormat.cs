using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>Python's <c>text % values</c>, after C's printf.</summary>
internal static class PercentFormat
{
    public static string Format(string format, object? values, TemplateBudget budget, Func<string, string>? escape = null)
    {
        var result = new StringBuilder();
        IReadOnlyList<object?> list = values is TupleValue tuple ? tuple.Items : [values];
        int next = 0;
        bool named = false;
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                result.Append(format[at]);
                continue;
            }
            at++;
            object? item = null;
            bool picked = false;
            if (at < format.Length && format[at] == '(')
            {
                item = Named(format, ref at, values);
                picked = named = true;
            }
            FormatSpec spec = Spec(format, ref at, () => Next(list, ref next));
            if (at >= format.Length) throw TemplateException.OfValue("incomplete format");
            if (format[at] == '%')
            {
                result.Append('%');
                continue;
            }
            if (!picked) item = Next(list, ref next);
            string text = One(spec, format[at], item, budget, at, escape);
            budget.Text(text.Length);
            result.Append(text);
        }
        if (!named && next < list.Count && values is not (DictValue or UndefinedValue))
            throw TemplateException.OfType("not all arguments converted during string formatting");
        budget.Text(result.Length);
        return result.ToString();
    }

    private static object? Next(IReadOnlyList<object?> list, ref int next) =>
        next < list.Count ? list[next++] : throw TemplateException.OfType("not enough arguments for format string");

    private static object? Named(string format, ref int at, object? values)
    {
        int close = format.IndexOf(')', at);
        if (close < 0) throw TemplateException.OfValue("incomplete format key");
        if (values is not DictValue dict) throw TemplateException.OfType("format requires a mapping");
        string key = format[(at + 1)..close];
        at = close + 1;
        return dict.TryGet(key, out object? value) ? value : throw new TemplateException(TemplateErrorKind.Lookup, PythonText.Quote(key));
    }

    private static FormatSpec Spec(string format, ref int at, Func<object?> star)
    {
        var spec = new FormatSpec { Align = '>' };
        bool left = false;
        for (; at < format.Length && "#0- +".Contains(format[at], StringComparison.Ordinal); at++)
        {
            spec = format[at] switch
            {
                '#' => spec with { Alternate = true },
                '0' when !left => spec with { Fill = "0", Align = '=' },
                '-' => spec with { Fill = " ", Align = '<' },
                '+' => spec with { Sign = '+' },
                ' ' when spec.Sign == '-' => spec with { Sign = ' ' },
                _ => spec,
            };
            left |= format[at] == '-';
        }
        spec = spec with { Width = Number(format, ref at, star) ?? 0 };
        if (spec.Width < 0) spec = spec with { Width = -spec.Width, Align = '<', Fill = " " };
        if (at < format.Length && format[at] == '.')
        {
            at++;
            spec = spec with { Precision = Math.Max(0, Number(format, ref at, star) ?? 0) };
        }
        while (at < format.Length && format[at] is 'h' or 'l' or 'L') at++;
        return spec;
    }

    private static int? Number(string format, ref int at, Func<object?> star)
    {
        if (at >= format.Length || format[at] != '*') return FormatSpec.Number(format, ref at);
        at++;
        return star() is { } given && PythonNumber.IsInteger(given) ? PythonNumber.Index(given) : throw TemplateException.OfType("* wants int");
    }

    private static string One(FormatSpec spec, char type, object? item, TemplateBudget budget, int at, Func<string, string>? escape)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                string text = type == 's' ? PythonText.Str(item, budget) : PythonText.Repr(item, budget);
                if (escape is not null && item is not MarkupValue) text = escape(text);
                return (spec with { Type = 's', Fill = " ", Align = spec.Align == '=' ? '>' : spec.Align }).Apply(text);
            case 'd' or 'i' or 'u':
                if (item is UndefinedValue missing) throw missing.Error();
                if (!PythonNumber.IsNumber(item)) throw TemplateException.OfType($"%{type} format: a real number is required, not {PythonType.Name(item)}");
                object whole = item is double real ? NumberFilters.Truncate(real) : PythonNumber.Of(PythonNumber.Big(item!));
                return (spec with { Type = 'd', Precision = null }).Apply(whole);
            case 'o' or 'x' or 'X':
                if (!PythonNumber.IsInteger(item)) throw TemplateException.OfType($"%{type} format: an integer is required, not {PythonType.Name(item)}");
                return (spec with { Type = type, Precision = null }).Apply(PythonNumber.Of(PythonNumber.Big(item!)));
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                if (item is UndefinedValue none) throw none.Error();
                if (!PythonNumber.IsNumber(item)) throw TemplateException.OfType($"must be real number, not {PythonType.Name(item)}");
                return (spec with { Type = type }).Apply(PythonNumber.Double(item!));
            case 'c':
                return (spec with { Type = 's', Precision = null }).Apply(item is string letter && CodePoints.Length(letter) == 1 ? letter
                    : PythonNumber.IsInteger(item) ? (new FormatSpec { Type = 'c' }).Apply(item) : throw TemplateException.OfType("%c requires int or char"));
            default:
                throw TemplateException.OfValue($"unsupported format character '{type}' (0x{(int)type:x}) at index {at}");
        }
    }
}
