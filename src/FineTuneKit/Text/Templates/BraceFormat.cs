using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>Python's <c>text.format(...)</c>; attributes and elements in fields are looked up as the sandbox does.</summary>
internal sealed class BraceFormat(Evaluator evaluator, Arguments arguments)
{
    private int _next;

    public string Format(string format, int depth = 0)
    {
        if (depth > 2) throw TemplateException.OfValue("Max string recursion exceeded");
        var result = new StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            char c = format[at];
            if (c is not ('{' or '}')) result.Append(c);
            else if (at + 1 < format.Length && format[at + 1] == c)
            {
                result.Append(c);
                at++;
            }
            else if (c == '}') throw TemplateException.OfValue("Single '}' encountered in format string");
            else
            {
                int close = Close(format, at);
                string text = Field(format[(at + 1)..close], depth);
                evaluator.Budget.Text(text.Length);
                result.Append(text);
                at = close;
            }
        }
        evaluator.Budget.Text(result.Length);
        return result.ToString();
    }

    private static int Close(string format, int open)
    {
        int depth = 0;
        for (int at = open; at < format.Length; at++)
        {
            if (format[at] == '{') depth++;
            else if (format[at] == '}' && --depth == 0) return at;
        }
        throw TemplateException.OfValue(open + 1 == format.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
    }

    private string Field(string field, int depth)
    {
        int colon = field.IndexOf(':', StringComparison.Ordinal);
        string spec = colon < 0 ? "" : field[(colon + 1)..], name = colon < 0 ? field : field[..colon];
        char? conversion = name.Length > 1 && name[^2] == '!' ? name[^1] : null;
        if (conversion is not null) name = name[..^2];
        object? value = Lookup(name);
        value = conversion switch
        {
            null => value,
            's' => PythonText.Str(value, evaluator.Budget),
            'r' or 'a' => PythonText.Repr(value, evaluator.Budget),
            _ => throw TemplateException.OfValue($"Unknown conversion specifier '{conversion}'"),
        };
        if (spec.Length == 0) return PythonText.Str(value, evaluator.Budget);
        return FormatSpec.Parse(Format(spec, depth + 1)).Apply(value);
    }

    private object? Lookup(string name)
    {
        int end = name.AsSpan().IndexOfAny('.', '[');
        string first = end < 0 ? name : name[..end];
        object? value = First(first);
        while (end >= 0 && end < name.Length)
        {
            int start = end + 1;
            if (name[end] == '[')
            {
                int close = name.IndexOf(']', start);
                if (close < 0) throw TemplateException.OfValue("Missing ']' in format string");
                string key = name[start..close];
                value = Members.Element(evaluator, value, long.TryParse(key, out long index) ? index : key);
                end = close + 1;
            }
            else
            {
                end = name.AsSpan(start).IndexOfAny('.', '[') is >= 0 and var next ? start + next : name.Length;
                value = Members.Attribute(evaluator, value, name[start..end]);
            }
        }
        return value;
    }

    private object? First(string name)
    {
        int index = name.Length == 0 ? _next++ : int.TryParse(name, out int given) ? given : -1;
        if (index >= 0)
        {
            return index < arguments.Positional.Count ? arguments.Positional[index]
                : throw new TemplateException(TemplateErrorKind.Lookup, $"Replacement index {index} out of range for positional args tuple");
        }
        foreach ((string key, object? value) in arguments.Named) if (key == name) return value;
        throw new TemplateException(TemplateErrorKind.Lookup, PythonText.Quote(name));
    }
}
