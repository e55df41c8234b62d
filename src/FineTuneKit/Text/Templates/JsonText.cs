using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace FineTuneKit.Text.Templates;

/// <summary>JSON in and out as Python's json module does it: integers and floats stay apart.</summary>
internal static class JsonText
{
    /// <summary>The value that a JSON element stands for.</summary>
    public static object? Read(JsonElement json)
    {
        TemplateBudget.RequireStack();
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var dict = new DictValue();
                foreach (JsonProperty property in json.EnumerateObject()) dict[property.Name] = Read(property.Value);
                return dict;
            case JsonValueKind.Array: return new ListValue([.. json.EnumerateArray().Select(Read)]);
            case JsonValueKind.String: return json.GetString();
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Number:
                string text = json.GetRawText();
                if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return json.GetDouble();
                return json.TryGetInt64(out long number) ? number : PythonNumber.Of(BigInteger.Parse(text, CultureInfo.InvariantCulture));
            default: return null;
        }
    }

    /// <summary>transformers' filter <c>tojson</c>, which is json.dumps.</summary>
    public static string Write(object? value, bool ascii, object? indent, object? separators, bool sortKeys, TemplateBudget budget)
    {
        string? step = indent switch
        {
            null => null,
            string text => text,
            _ => new string(' ', Math.Clamp(PythonNumber.Index(indent), 0, 1000)),
        };
        (string between, string colon) = separators is null ? (step is null ? ", " : ",", ": ") : Separators(separators, budget);
        var writer = new Writer(ascii, step, between, colon, sortKeys, budget);
        writer.Value(value, 0);
        return writer.ToString();
    }

    private static (string, string) Separators(object separators, TemplateBudget budget)
    {
        List<object?> pair = Sequences.ToList(separators, budget);
        if (pair.Count != 2) throw TemplateException.OfValue(pair.Count > 2 ? "too many values to unpack (expected 2)" : $"not enough values to unpack (expected 2, got {pair.Count})");
        return (PythonText.Str(pair[0]), PythonText.Str(pair[1]));
    }

    private sealed class Writer(bool ascii, string? indent, string between, string colon, bool sortKeys, TemplateBudget budget)
    {
        private readonly StringBuilder _text = new();

        public override string ToString() => _text.ToString();

        public void Value(object? value, int depth)
        {
            TemplateBudget.RequireStack();
            budget.Step();
            switch (value)
            {
                case string text: Quoted(text); break;
                case MarkupValue markup: Quoted(markup.Text); break;
                case null: Raw("null"); break;
                case bool flag: Raw(flag ? "true" : "false"); break;
                case double real: Raw(Float(real)); break;
                case long or BigInteger: Raw(PythonText.Repr(value)); break;
                case SequenceValue list:
                    Block('[', ']', depth, list.Items, item => Value(item, depth + 1));
                    break;
                case DictValue dict:
                    Block('{', '}', depth, Entries(dict), entry =>
                    {
                        Quoted(Key(entry.Key));
                        Raw(colon);
                        Value(entry.Value, depth + 1);
                    });
                    break;
                default: throw TemplateException.OfType($"Object of type {PythonType.Name(value)} is not JSON serializable");
            }
        }

        private void Block<T>(char open, char close, int depth, IReadOnlyCollection<T> items, Action<T> write)
        {
            _text.Append(open);
            bool first = true;
            foreach (T item in items)
            {
                if (!first) Raw(between);
                first = false;
                NewLine(depth + 1);
                write(item);
            }
            if (!first) NewLine(depth);
            _text.Append(close);
        }

        private void NewLine(int depth)
        {
            if (indent is null) return;
            Raw("\n");
            for (int i = 0; i < depth; i++) Raw(indent);
        }

        private IReadOnlyCollection<KeyValuePair<object?, object?>> Entries(DictValue dict)
        {
            List<KeyValuePair<object?, object?>> entries = [.. dict];
            return sortKeys ? ListFilters.Sorted(entries, e => e.Key, reverse: false, budget) : entries;
        }

        private static string Key(object? key) => key switch
        {
            string text => text,
            MarkupValue markup => markup.Text,
            null => "null",
            bool flag => flag ? "true" : "false",
            double real => Float(real),
            long or BigInteger => PythonText.Repr(key),
            _ => throw TemplateException.OfType($"keys must be str, int, float, bool or None, not {PythonType.Name(key)}"),
        };

        private static string Float(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? (value > 0 ? "Infinity" : "-Infinity") : PythonNumber.Format(value);

        private void Raw(string text)
        {
            budget.Text(text.Length);
            _text.Append(text);
        }

        private void Quoted(string text)
        {
            budget.Text(text.Length + 2);
            _text.Append('"');
            foreach (char c in text)
            {
                switch (c)
                {
                    case '"': _text.Append("\\\""); break;
                    case '\\': _text.Append("\\\\"); break;
                    case '\n': _text.Append("\\n"); break;
                    case '\r': _text.Append("\\r"); break;
                    case '\t': _text.Append("\\t"); break;
                    case '\b': _text.Append("\\b"); break;
                    case '\f': _text.Append("\\f"); break;
                    default:
                        if (c < ' ' || (ascii && c > '~')) _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                        else _text.Append(c);
                        break;
                }
            }
            _text.Append('"');
        }
    }
}
