using System.Globalization;
using System.Numerics;
using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>How Python writes values: <c>str</c> and <c>repr</c>.</summary>
internal static class PythonText
{
    /// <summary>The text of a value as a template prints it.</summary>
    public static string Str(object? value, TemplateBudget? budget = null) => value switch
    {
        string text => text,
        MarkupValue markup => markup.Text,
        UndefinedValue => "",
        _ => Repr(value, budget),
    };

    /// <summary>The text of a value inside a list.</summary>
    public static string Repr(object? value, TemplateBudget? budget = null)
    {
        if (value is long or bool or null or double) return Scalar(value);
        var result = new StringBuilder();
        Write(value, result, budget);
        budget?.Text(result.Length);
        return result.ToString();
    }

    /// <summary>A text in quotes: single ones, but double where it holds single ones only.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2);
        WriteQuoted(text, result);
        return result.ToString();
    }

    private static string Scalar(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        double real => PythonNumber.Format(real),
        _ => ((long)value).ToString(CultureInfo.InvariantCulture),
    };

    private static void Write(object? value, StringBuilder to, TemplateBudget? budget)
    {
        TemplateBudget.RequireStack();
        // Values can hold one another many times over, so the text may be far longer than what was made to hold it.
        budget?.Text(1);
        switch (value)
        {
            case null or bool or long or double: to.Append(Scalar(value)); break;
            case BigInteger big: to.Append(PythonNumber.Format(big)); break;
            case string text: WriteString(text, to, budget); break;
            case MarkupValue markup:
                to.Append("Markup(");
                WriteString(markup.Text, to, budget);
                to.Append(')');
                break;
            case ListValue list: WriteItems('[', list.Items, ']', to, budget); break;
            case TupleValue tuple: WriteItems('(', tuple.Items, ')', to, budget); break;
            case DictValue dict: WriteDict(dict, to, budget); break;
            case DictView view:
                to.Append(CultureInfo.InvariantCulture, $"dict_{view.Kind}(");
                WriteItems('[', [.. view.Items], ']', to, budget);
                to.Append(')');
                break;
            case RangeValue range:
                to.Append(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop}{(range.Step == 1 ? "" : $", {range.Step}")})");
                break;
            case UndefinedValue: to.Append("Undefined"); break;
            case NamespaceValue names:
                var members = new DictValue();
                foreach ((string name, object? member) in names.Members) members[name] = member;
                to.Append("<Namespace ");
                WriteDict(members, to, budget);
                to.Append('>');
                break;
            case LoopValue loop: to.Append(CultureInfo.InvariantCulture, $"<LoopContext {loop.Index}/{loop.Length}>"); break;
            case CallableValue callable: to.Append(callable.Text); break;
            default: to.Append(CultureInfo.InvariantCulture, $"<{PythonType.Name(value)} object>"); break;
        }
    }

    private static void WriteItems(char open, IReadOnlyList<object?> items, char close, StringBuilder to, TemplateBudget? budget)
    {
        to.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) to.Append(", ");
            Write(items[i], to, budget);
        }
        if (items.Count == 1 && open == '(') to.Append(',');
        to.Append(close);
    }

    private static void WriteDict(DictValue dict, StringBuilder to, TemplateBudget? budget)
    {
        to.Append('{');
        bool first = true;
        foreach ((object? key, object? value) in dict)
        {
            if (!first) to.Append(", ");
            first = false;
            Write(key, to, budget);
            to.Append(": ");
            Write(value, to, budget);
        }
        to.Append('}');
    }

    private static void WriteString(string text, StringBuilder to, TemplateBudget? budget)
    {
        budget?.Text(text.Length);
        WriteQuoted(text, to);
    }

    private static void WriteQuoted(string text, StringBuilder to)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        to.Append(quote);
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c == quote || c == '\\') to.Append('\\').Append(c);
            else if (c is >= ' ' and < '\u007F') to.Append(c);
            else if (c is '\n' or '\r' or '\t') to.Append(c switch { '\n' => "\\n", '\r' => "\\r", _ => "\\t" });
            else if (char.IsSurrogatePair(text, at))
            {
                WriteRune(new Rune(c, text[++at]), to);
            }
            else if (char.IsSurrogate(c)) to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else WriteRune(new Rune(c), to);
        }
        to.Append(quote);
    }

    private static void WriteRune(Rune rune, StringBuilder to)
    {
        if (IsPrintable(rune)) to.Append(rune);
        else to.Append(CultureInfo.InvariantCulture, $"\\{(rune.Value < 0x100 ? $"x{rune.Value:x2}" : rune.IsBmp ? $"u{rune.Value:x4}" : $"U{rune.Value:x8}")}");
    }

    /// <summary>Python's <c>isprintable</c>: neither separator (but the blank), nor control, format, private or unassigned.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
