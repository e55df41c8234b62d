using System.Globalization;
using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>The methods of Python's str. Places count code points.</summary>
internal static class StringMethods
{
    private delegate object? Method(Evaluator evaluator, string self, object?[] arguments);

    private static readonly Dictionary<string, (Signature Signature, Method Body)> Table = Make(
        ("upper()", (_, s, _) => PythonCase.Upper(s)),
        ("lower()", (_, s, _) => PythonCase.Lower(s)),
        ("casefold()", (_, s, _) => PythonCase.Lower(PythonCase.Upper(s))),
        ("title()", (_, s, _) => PythonCase.TitleWords(s)),
        ("capitalize()", (_, s, _) => PythonCase.Capitalize(s)),
        ("swapcase()", (_, s, _) => PythonCase.Swap(s)),
        ("strip(chars=None)", (_, s, a) => Strip(s, a[0], start: true, end: true)),
        ("lstrip(chars=None)", (_, s, a) => Strip(s, a[0], start: true, end: false)),
        ("rstrip(chars=None)", (_, s, a) => Strip(s, a[0], start: false, end: true)),
        ("split(sep=None, maxsplit=-1)", (e, s, a) => Split(e, s, a[0], a[1], fromRight: false)),
        ("rsplit(sep=None, maxsplit=-1)", (e, s, a) => Split(e, s, a[0], a[1], fromRight: true)),
        ("splitlines(keepends=False)", (e, s, a) => TextOf(e, Lines(s, Sequences.IsTrue(a[0])))),
        ("join(iterable)", (e, s, a) => Join(e, s, a[0])),
        ("replace(old, new, count=-1)", (e, s, a) => Replace(e.Budget, s, Text(a[0], "replace() argument 1"), Text(a[1], "replace() argument 2"), PythonNumber.Index(a[2]))),
        ("startswith(prefix, start=None, end=None)", (_, s, a) => Affix(s, a, "startswith", (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        ("endswith(suffix, start=None, end=None)", (_, s, a) => Affix(s, a, "endswith", (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
        ("find(sub, start=None, end=None)", (_, s, a) => Find(s, a, last: false)),
        ("rfind(sub, start=None, end=None)", (_, s, a) => Find(s, a, last: true)),
        ("index(sub, start=None, end=None)", (_, s, a) => Found(Find(s, a, last: false))),
        ("rindex(sub, start=None, end=None)", (_, s, a) => Found(Find(s, a, last: true))),
        ("count(sub, start=None, end=None)", (_, s, a) => Count(s, a)),
        ("partition(sep)", (_, s, a) => Partition(s, a[0], last: false)),
        ("rpartition(sep)", (_, s, a) => Partition(s, a[0], last: true)),
        ("removeprefix(prefix)", (_, s, a) => Text(a[0], "removeprefix() argument") is var part && s.StartsWith(part, StringComparison.Ordinal) ? s[part.Length..] : s),
        ("removesuffix(suffix)", (_, s, a) => Text(a[0], "removesuffix() argument") is var part && part.Length > 0 && s.EndsWith(part, StringComparison.Ordinal) ? s[..^part.Length] : s),
        ("ljust(width, fillchar=' ')", (e, s, a) => Padded(e, s, a[0], a[1], (0, 1))),
        ("rjust(width, fillchar=' ')", (e, s, a) => Padded(e, s, a[0], a[1], (1, 0))),
        ("center(width, fillchar=' ')", (e, s, a) => Padded(e, s, a[0], a[1], (1, 1))),
        ("zfill(width)", (e, s, a) => ZeroFilled(e, s, a[0])),
        ("expandtabs(tabsize=8)", (e, s, a) => ExpandTabs(e, s, PythonNumber.Index(a[0]))),
        ("isdigit()", (_, s, _) => All(s, r => Rune.IsDigit(r) || IsDigitLike(r))),
        ("isdecimal()", (_, s, _) => All(s, Rune.IsDigit)),
        ("isnumeric()", (_, s, _) => All(s, Rune.IsNumber)),
        ("isalpha()", (_, s, _) => All(s, Rune.IsLetter)),
        ("isalnum()", (_, s, _) => All(s, r => Rune.IsLetter(r) || Rune.IsNumber(r))),
        ("isspace()", (_, s, _) => s.Length > 0 && s.AsSpan().IndexOfAnyExcept(PythonSpace.All) < 0),
        ("isupper()", (_, s, _) => IsUpper(s)),
        ("islower()", (_, s, _) => IsLower(s)),
        ("istitle()", (_, s, _) => s.EnumerateRunes().Any(PythonCase.IsCased) && PythonCase.TitleWords(s) == s),
        ("isascii()", (_, s, _) => Ascii.IsValid(s)),
        ("isprintable()", (_, s, _) => s.EnumerateRunes().All(PythonText.IsPrintable)),
        ("isidentifier()", (_, s, _) => s.Length > 0 && !char.IsAsciiDigit(s[0]) && s.EnumerateRunes().All(r => Rune.IsLetterOrDigit(r) || r.Value == '_')));

    /// <summary>A method bound to its text, or null where there is none of that name.</summary>
    public static object? Get(object owner, string name)
    {
        if (name is "format" or "format_map") return new MethodValue(owner, name, Format);
        if (!Table.TryGetValue(name, out (Signature Signature, Method Body) method)) return null;
        return new MethodValue(owner, name, (evaluator, self, arguments) => Call(evaluator, self!, method.Signature, method.Body, arguments));
    }

    /// <summary>Whether all letters are large and there is one.</summary>
    public static bool IsUpper(string text) => text.EnumerateRunes().Any(Rune.IsUpper) && !text.EnumerateRunes().Any(Rune.IsLower);

    /// <summary>Whether all letters are small and there is one.</summary>
    public static bool IsLower(string text) => text.EnumerateRunes().Any(Rune.IsLower) && !text.EnumerateRunes().Any(Rune.IsUpper);

    public static string Replace(TemplateBudget budget, string text, string old, string by, int count)
    {
        if (count < 0) count = int.MaxValue;
        if (old.Length == 0) return Interleave(budget, text, by, count);
        var result = new StringBuilder();
        int at = 0;
        for (int next; count > 0 && (next = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; count--)
        {
            budget.Text(next - at + by.Length + 1);
            result.Append(text, at, next - at).Append(by);
            at = next + old.Length;
        }
        budget.Text(text.Length - at);
        return at == 0 ? text : result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The lines of a text; Python knows more line ends than .NET.</summary>
    public static List<string> Lines(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            int end = text.AsSpan(at).IndexOfAny("\n\r\v\f\u001C\u001D\u001E\u0085\u2028\u2029");
            if (end < 0)
            {
                lines.Add(text[at..]);
                break;
            }
            end += at;
            int next = text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            lines.Add(text[at..(keepEnds ? next : end)]);
            at = next;
        }
        return lines;
    }

    public static string Center(TemplateBudget budget, string text, int width, string fill, (int Left, int Right) shares)
    {
        int missing = width - CodePoints.Length(text);
        if (missing <= 0) return text;
        budget.Text((long)width * fill.Length);
        // Python puts the odd blank left where both the gap and the width are odd.
        int left = shares is (1, 1) ? (missing / 2) + (missing & width & 1) : missing * shares.Left;
        return string.Concat(Enumerable.Repeat(fill, left)) + text + string.Concat(Enumerable.Repeat(fill, missing - left));
    }

    private static object? Call(Evaluator evaluator, object self, Signature signature, Method body, Arguments arguments)
    {
        if (self is string text) return body(evaluator, text, signature.Bind(arguments));
        // Markup escapes what comes from outside and stays markup.
        object?[] bound = [.. signature.Bind(arguments).Select(a => a is string given ? MarkupValue.Escape(given) : a)];
        object? result = body(evaluator, ((MarkupValue)self).Text, bound);
        return result is string made ? new MarkupValue(made) : result;
    }

    private static object? Format(Evaluator evaluator, object? self, Arguments arguments)
    {
        string result = new BraceFormat(evaluator, arguments).Format(PythonEquality.Text(self)!);
        return self is string ? result : new MarkupValue(result);
    }

    private static string Text(object? value, string what) => PythonEquality.Text(value) ?? (value is UndefinedValue missing && what.Length == 0
        ? throw missing.Error() : throw TemplateException.OfType($"{what} must be str, not {PythonType.Name(value)}"));

    public static string Strip(string text, object? chars, bool start, bool end)
    {
        if (chars is null) return start && end ? PythonSpace.Trim(text) : start ? PythonSpace.TrimStart(text) : PythonSpace.TrimEnd(text);
        if (PythonEquality.Text(chars) is not { } set) throw TemplateException.OfType($"{(start && end ? "" : start ? "l" : "r")}strip arg must be None or str");
        HashSet<Rune> runes = [.. set.EnumerateRunes()];
        int first = 0, last = text.Length;
        while (start && first < last && Rune.TryGetRuneAt(text, first, out Rune rune) && runes.Contains(rune)) first += rune.Utf16SequenceLength;
        while (end && last > first && Rune.DecodeLastFromUtf16(text.AsSpan(first, last - first), out Rune rune, out int length) == System.Buffers.OperationStatus.Done && runes.Contains(rune)) last -= length;
        return text[first..last];
    }

    private static ListValue Split(Evaluator evaluator, string text, object? separator, object? most, bool fromRight)
    {
        int limit = PythonNumber.Index(most);
        if (limit < 0) limit = int.MaxValue;
        List<string> parts = separator is null ? BySpace(text, limit, fromRight) : ByText(text, Text(separator, "sep"), limit, fromRight);
        return TextOf(evaluator, parts);
    }

    private static List<string> BySpace(string text, int limit, bool fromRight)
    {
        if (fromRight) return [.. BySpace(CodePoints.Reverse(text), limit, fromRight: false).Select(CodePoints.Reverse).Reverse()];
        var parts = new List<string>();
        string rest = PythonSpace.TrimStart(text);
        while (rest.Length > 0 && parts.Count < limit)
        {
            int end = rest.AsSpan().IndexOfAny(PythonSpace.All);
            if (end < 0) break;
            parts.Add(rest[..end]);
            rest = PythonSpace.TrimStart(rest[end..]);
        }
        if (rest.Length > 0) parts.Add(parts.Count < limit ? rest : PythonSpace.TrimEnd(rest));
        return parts;
    }

    private static List<string> ByText(string text, string separator, int limit, bool fromRight)
    {
        if (separator.Length == 0) throw TemplateException.OfValue("empty separator");
        var parts = new List<string>();
        string rest = text;
        while (parts.Count < limit)
        {
            int at = fromRight ? rest.LastIndexOf(separator, StringComparison.Ordinal) : rest.IndexOf(separator, StringComparison.Ordinal);
            if (at < 0) break;
            parts.Add(fromRight ? rest[(at + separator.Length)..] : rest[..at]);
            rest = fromRight ? rest[..at] : rest[(at + separator.Length)..];
        }
        parts.Add(rest);
        if (fromRight) parts.Reverse();
        return parts;
    }

    private static ListValue TextOf(Evaluator evaluator, List<string> parts)
    {
        evaluator.Budget.Items(parts.Count);
        evaluator.Budget.Text(parts.Sum(p => (long)p.Length));
        return new ListValue([.. parts]);
    }

    private static string Join(Evaluator evaluator, string separator, object? items)
    {
        if (!Sequences.IsIterable(items)) throw TemplateException.OfType("can only join an iterable");
        var result = new StringBuilder();
        int index = 0;
        foreach (object? item in Sequences.Iterate(items, evaluator.Budget))
        {
            if (PythonEquality.Text(item) is not { } text) throw TemplateException.OfType($"sequence item {index}: expected str instance, {PythonType.Name(item)} found");
            evaluator.Budget.Text((long)text.Length + separator.Length);
            if (index++ > 0) result.Append(separator);
            result.Append(text);
        }
        return result.ToString();
    }

    private static string Interleave(TemplateBudget budget, string text, string by, int count)
    {
        var result = new StringBuilder();
        foreach (string point in CodePoints.Split(text).Append(""))
        {
            if (count-- > 0)
            {
                budget.Text(by.Length + 1);
                result.Append(by);
            }
            result.Append(point);
        }
        return result.ToString();
    }

    private static object Affix(string text, object?[] arguments, string name, Func<string, string, bool> has)
    {
        (int start, int end) = Range(text, arguments[1], arguments[2]);
        if (start > end) return false;
        string part = CodePoints.Slice(text, start, end);
        if (arguments[0] is TupleValue several) return several.Items.Any(item => has(part, Text(item, $"tuple for {name}")));
        return PythonEquality.Text(arguments[0]) is { } affix ? has(part, affix)
            : throw TemplateException.OfType($"{name} first arg must be str or a tuple of str, not {PythonType.Name(arguments[0])}");
    }

    private static object Find(string text, object?[] arguments, bool last)
    {
        if (PythonEquality.Text(arguments[0]) is not { } part) throw TemplateException.OfType($"must be str, not {PythonType.Name(arguments[0])}");
        (int start, int end) = Range(text, arguments[1], arguments[2]);
        if (start > end) return -1L;
        string within = CodePoints.Slice(text, start, end);
        int at = last ? within.LastIndexOf(part, StringComparison.Ordinal) : within.IndexOf(part, StringComparison.Ordinal);
        if (last && part.Length == 0) at = within.Length;
        return at < 0 ? -1L : (long)start + CodePoints.Length(within.AsSpan(0, at));
    }

    private static object Found(object place) => place is -1L ? throw TemplateException.OfValue("substring not found") : place;

    private static object Count(string text, object?[] arguments)
    {
        if (PythonEquality.Text(arguments[0]) is not { } part) throw TemplateException.OfType($"must be str, not {PythonType.Name(arguments[0])}");
        (int start, int end) = Range(text, arguments[1], arguments[2]);
        if (start > end) return 0L;
        string within = CodePoints.Slice(text, start, end);
        if (part.Length == 0) return (long)CodePoints.Length(within) + 1;
        return (long)within.AsSpan().Count(part);
    }

    private static (int Start, int End) Range(string text, object? start, object? end)
    {
        int length = CodePoints.Length(text);
        int Bound(object? given, int otherwise)
        {
            if (given is null) return otherwise;
            int at = PythonNumber.Index(given);
            return at < 0 ? Math.Max(0, at + length) : at;
        }
        return (Bound(start, 0), Math.Min(length, Bound(end, length)));
    }

    private static TupleValue Partition(string text, object? separator, bool last)
    {
        string part = Text(separator, "sep");
        if (part.Length == 0) throw TemplateException.OfValue("empty separator");
        int at = last ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        if (at < 0) return last ? new TupleValue(["", "", text]) : new TupleValue([text, "", ""]);
        return new TupleValue([text[..at], part, text[(at + part.Length)..]]);
    }

    private static string Padded(Evaluator evaluator, string text, object? width, object? fill, (int, int) shares)
    {
        string by = PythonEquality.Text(fill) is { } given && CodePoints.Length(given) == 1 ? given
            : throw TemplateException.OfType("The fill character must be exactly one character long");
        return Center(evaluator.Budget, text, PythonNumber.Index(width), by, shares);
    }

    private static string ZeroFilled(Evaluator evaluator, string text, object? width)
    {
        string sign = text.Length > 0 && text[0] is '+' or '-' ? text[..1] : "";
        return sign + Center(evaluator.Budget, text[sign.Length..], PythonNumber.Index(width) - sign.Length, "0", (1, 0));
    }

    private static string ExpandTabs(Evaluator evaluator, string text, int size)
    {
        var result = new StringBuilder();
        int column = 0;
        foreach (char c in text)
        {
            if (c == '\t')
            {
                int blanks = size > 0 ? size - (column % size) : 0;
                evaluator.Budget.Text(blanks);
                result.Append(' ', blanks);
                column += blanks;
                continue;
            }
            result.Append(c);
            column = c is '\n' or '\r' ? 0 : column + (char.IsLowSurrogate(c) ? 0 : 1);
        }
        return result.ToString();
    }

    private static bool All(string text, Func<Rune, bool> holds) => text.Length > 0 && text.EnumerateRunes().All(holds);

    /// <summary>Superscripts, circled digits and the like, which are digits but not decimals.</summary>
    private static bool IsDigitLike(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNumber
        && Rune.GetNumericValue(rune) is var value and >= 0 and <= 9 && double.IsInteger(value) && rune.Value is not (>= 0x3192 and <= 0x3229);

    private static Dictionary<string, (Signature, Method)> Make(params ReadOnlySpan<(string Signature, Method Body)> methods)
    {
        var table = new Dictionary<string, (Signature, Method)>(StringComparer.Ordinal);
        foreach ((string text, Method body) in methods)
        {
            var signature = new Signature(text);
            table[signature.Name] = (signature, body);
        }
        return table;
    }
}
