using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>Filters on anything that has items.</summary>
internal static class ListFilters
{
    public static IEnumerable<(string Names, string Parameters, FilterBody Body)> All { get; } =
    [
        ("default d", "value, default_value='', boolean=False", (_, a) => a[0] is UndefinedValue || (Sequences.IsTrue(a[2]) && !Sequences.IsTrue(a[0])) ? a[1] : a[0]),
        ("list", "value", (e, a) => new ListValue(Sequences.ToList(a[0], e.Budget))),
        ("first", "seq", (e, a) => First(Sequences.Iterate(a[0], e.Budget), "No first item, sequence was empty.")),
        ("last", "seq", (e, a) => Last(e, a[0])),
        ("random", "seq", (_, _) => throw TextFilters.Refused("random would render differently each time")),
        ("join", "value, d='', attribute=None", Join),
        ("items", "value", (_, a) => a[0] switch
        {
            UndefinedValue => new IteratorValue([]),
            DictValue dict => new IteratorValue(new DictView(dict, "items").Items),
            _ => throw TemplateException.OfType("Can only get item pairs from a mapping."),
        }),
        ("dictsort", "value, case_sensitive=False, by='key', reverse=False", DictSort),
        ("sort", "value, reverse=False, case_sensitive=False, attribute=None", Sort),
        ("unique", "value, case_sensitive=False, attribute=None", Unique),
        ("min", "value, case_sensitive=False, attribute=None", (e, a) => Extreme(e, a, sign: "<")),
        ("max", "value, case_sensitive=False, attribute=None", (e, a) => Extreme(e, a, sign: ">")),
        ("reverse", "value", Reverse),
        ("batch", "value, linecount, fill_with=None", (e, a) => new IteratorValue(Batch(e, a[0], PythonNumber.Index(a[1]), a[2]))),
        ("slice", "value, slices, fill_with=None", (e, a) => new IteratorValue(Slice(e, a[0], PythonNumber.Index(a[1]), a[2]), "generator")),
        ("groupby", "value, attribute, default=None, case_sensitive=False", GroupBy),
        ("attr", "obj, name", (e, a) => Members.OnlyAttribute(e, a[0], PythonText.Str(a[1]))),
    ];

    /// <summary>A stable sort by Python's order.</summary>
    public static List<T> Sorted<T>(IReadOnlyList<T> items, Func<T, object?> key, bool reverse, TemplateBudget budget)
    {
        (object? Key, T Item)[] keyed = [.. items.Select(item => (key(item), item))];
        budget.Items(keyed.Length);
        MergeSort(keyed, (a, b) => Less(a.Key, b.Key, budget), reverse);
        return [.. keyed.Select(k => k.Item)];
    }

    public static object? Map(Evaluator evaluator, Arguments arguments)
    {
        object? value = arguments.Positional[0];
        return new IteratorValue(Sequences.IsTrue(value) ? Mapped(evaluator, value, arguments.Skip(1)) : []);
    }

    public static object? Select(Evaluator evaluator, Arguments arguments, bool keep, bool byAttribute)
    {
        object? value = arguments.Positional[0];
        return new IteratorValue(Sequences.IsTrue(value) ? Selected(evaluator, value, arguments.Skip(1), keep, byAttribute) : []);
    }

    private static IEnumerable<object?> Mapped(Evaluator evaluator, object? value, Arguments arguments)
    {
        Func<object?, object?> change = Change(evaluator, arguments);
        foreach (object? item in Sequences.Iterate(value, evaluator.Budget)) yield return change(item);
    }

    private static Func<object?, object?> Change(Evaluator evaluator, Arguments arguments)
    {
        int place = arguments.Named.ToList().FindIndex(n => n.Key == "attribute");
        if (arguments.Positional.Count == 0 && place >= 0)
        {
            object? otherwise = arguments.Named.FirstOrDefault(n => n.Key == "default").Value;
            string? unknown = arguments.Named.Select(n => n.Key).FirstOrDefault(n => n is not ("attribute" or "default"));
            if (unknown is not null) throw new TemplateException(TemplateErrorKind.FilterArgument, $"Unexpected keyword argument '{unknown}'");
            return item => Members.Path(evaluator, item, arguments.Named[place].Value, otherwise);
        }
        if (arguments.Positional.Count == 0) throw new TemplateException(TemplateErrorKind.FilterArgument, "map requires a filter argument");
        string name = PythonText.Str(arguments.Positional[0]);
        Arguments rest = arguments.Skip(1);
        return item => Filters.Apply(evaluator, name, item, rest);
    }

    private static IEnumerable<object?> Selected(Evaluator evaluator, object? value, Arguments arguments, bool keep, bool byAttribute)
    {
        if (byAttribute && arguments.Positional.Count == 0) throw new TemplateException(TemplateErrorKind.FilterArgument, "Missing parameter for attribute name");
        object? attribute = byAttribute ? arguments.Positional[0] : null;
        Arguments rest = byAttribute ? arguments.Skip(1) : arguments;
        foreach (object? item in Sequences.Iterate(value, evaluator.Budget))
        {
            object? looked = byAttribute ? Members.Path(evaluator, item, attribute) : item;
            bool holds = rest.Positional.Count == 0 ? Sequences.IsTrue(looked)
                : Tests.Apply(evaluator, PythonText.Str(rest.Positional[0]), looked, rest.Skip(1));
            if (holds == keep) yield return item;
        }
    }

    private static object? First(IEnumerable<object?> items, string otherwise)
    {
        foreach (object? item in items) return item;
        return new UndefinedValue(otherwise);
    }

    private static object? Last(Evaluator evaluator, object? value)
    {
        if (value is IteratorValue) throw TemplateException.OfType("'generator' object is not reversible");
        List<object?> items = Sequences.ToList(value, evaluator.Budget);
        return items.Count > 0 ? items[^1] : new UndefinedValue("No last item, sequence was empty.");
    }

    private static string Join(Evaluator evaluator, object?[] a)
    {
        string between = PythonText.Str(a[1], evaluator.Budget);
        var result = new StringBuilder();
        bool first = true;
        foreach (object? item in Sequences.Iterate(a[0], evaluator.Budget))
        {
            if (!first) result.Append(between);
            first = false;
            string text = PythonText.Str(a[2] is null ? item : Members.Path(evaluator, item, a[2]), evaluator.Budget);
            evaluator.Budget.Text((long)text.Length + between.Length);
            result.Append(text);
        }
        return result.ToString();
    }

    private static ListValue DictSort(Evaluator evaluator, object?[] a)
    {
        if (a[0] is not DictValue dict) throw a[0] is UndefinedValue missing ? missing.Error() : TemplateException.OfType($"'{PythonType.Name(a[0])}' object has no attribute 'items'");
        string by = PythonText.Str(a[2]);
        if (by is not ("key" or "value")) throw new TemplateException(TemplateErrorKind.FilterArgument, "You can only sort by either \"key\" or \"value\"");
        bool exact = Sequences.IsTrue(a[1]);
        List<KeyValuePair<object?, object?>> sorted = Sorted([.. dict], e => Folded(by == "key" ? e.Key : e.Value, exact), Sequences.IsTrue(a[3]), evaluator.Budget);
        return new ListValue([.. sorted.Select(e => new TupleValue([e.Key, e.Value]))]);
    }

    private static ListValue Sort(Evaluator evaluator, object?[] a)
    {
        bool exact = Sequences.IsTrue(a[2]);
        string[] paths = a[3] is string several ? several.Split(',') : [];
        object? Key(object? item) => a[3] switch
        {
            null => Folded(item, exact),
            string when paths.Length > 1 => new ListValue([.. paths.Select(p => Folded(Members.Path(evaluator, item, p), exact))]),
            _ => Folded(Members.Path(evaluator, item, a[3]), exact),
        };
        return new ListValue(Sorted(Sequences.ToList(a[0], evaluator.Budget), Key, Sequences.IsTrue(a[1]), evaluator.Budget));
    }

    private static IteratorValue Unique(Evaluator evaluator, object?[] a)
    {
        var seen = new DictValue();
        bool exact = Sequences.IsTrue(a[1]);
        IEnumerable<object?> Items()
        {
            foreach (object? item in Sequences.Iterate(a[0], evaluator.Budget))
            {
                object? key = Folded(a[2] is null ? item : Members.Path(evaluator, item, a[2]), exact);
                if (seen.TryGet(key, out _)) continue;
                seen[key] = true;
                yield return item;
            }
        }
        return new IteratorValue(Items());
    }

    private static object? Extreme(Evaluator evaluator, object?[] a, string sign)
    {
        bool exact = Sequences.IsTrue(a[1]);
        object? best = null, bestKey = null;
        bool any = false;
        foreach (object? item in Sequences.Iterate(a[0], evaluator.Budget))
        {
            object? key = Folded(a[2] is null ? item : Members.Path(evaluator, item, a[2]), exact);
            if (!any || (PythonEquality.Order(key, bestKey, sign, evaluator.Budget) is { } order && (sign == "<" ? order < 0 : order > 0))) (best, bestKey) = (item, key);
            any = true;
        }
        return any ? best : new UndefinedValue("No aggregated item, sequence was empty.");
    }

    private static object? Reverse(Evaluator evaluator, object?[] a)
    {
        if (PythonEquality.Text(a[0]) is { } text)
        {
            evaluator.Budget.Text(text.Length);
            return a[0] is string ? CodePoints.Reverse(text) : new MarkupValue(CodePoints.Reverse(text));
        }
        if (!Sequences.IsIterable(a[0])) throw new TemplateException(TemplateErrorKind.FilterArgument, "argument must be iterable");
        List<object?> items = Sequences.ToList(a[0], evaluator.Budget);
        items.Reverse();
        return a[0] is IteratorValue ? new ListValue(items) : new IteratorValue(items, "list_reverseiterator");
    }

    private static IEnumerable<object?> Batch(Evaluator evaluator, object? value, int size, object? fill)
    {
        var batch = new List<object?>();
        foreach (object? item in Sequences.Iterate(value, evaluator.Budget))
        {
            if (batch.Count == size)
            {
                yield return new ListValue(batch);
                batch = [];
            }
            batch.Add(item);
        }
        if (batch.Count == 0) yield break;
        if (fill is not null && batch.Count < size)
        {
            evaluator.Budget.Items(size - batch.Count);
            batch.AddRange(Enumerable.Repeat(fill, size - batch.Count));
        }
        yield return new ListValue(batch);
    }

    private static IEnumerable<object?> Slice(Evaluator evaluator, object? value, int slices, object? fill)
    {
        List<object?> items = Sequences.ToList(value, evaluator.Budget);
        if (slices == 0) throw new TemplateException(TemplateErrorKind.ZeroDivision, "integer division or modulo by zero");
        int size = items.Count / Math.Max(slices, 1), longer = items.Count % Math.Max(slices, 1), start = 0;
        for (int i = 0; i < slices; i++)
        {
            evaluator.Budget.Step();
            int count = size + (i < longer ? 1 : 0);
            List<object?> part = items.GetRange(start, count);
            start += count;
            if (fill is not null && i >= longer) part.Add(fill);
            yield return new ListValue(part);
        }
    }

    private static ListValue GroupBy(Evaluator evaluator, object?[] a)
    {
        bool exact = Sequences.IsTrue(a[3]);
        object? Key(object? item) => Folded(Members.Path(evaluator, item, a[1], a[2]), exact);
        var groups = new List<(object? Key, List<object?> Items)>();
        foreach (object? item in Sorted(Sequences.ToList(a[0], evaluator.Budget), Key, reverse: false, evaluator.Budget))
        {
            object? key = Key(item);
            if (groups.Count == 0 || !PythonEquality.AreEqual(groups[^1].Key, key, evaluator.Budget)) groups.Add((key, []));
            groups[^1].Items.Add(item);
        }
        return new ListValue([.. groups.Select(g => new GroupValue(exact ? g.Key : Members.Path(evaluator, g.Items[0], a[1], a[2]), new ListValue(g.Items)))]);
    }

    private static object? Folded(object? value, bool exact) => !exact && PythonEquality.Text(value) is { } text ? PythonCase.Lower(text) : value;

    private static bool Less(object? a, object? b, TemplateBudget budget)
    {
        budget.Step();
        return PythonEquality.Order(a, b, "<", budget) < 0;
    }

    // .NET's own sorts are not stable, or fail on an order that contradicts itself, as NaN makes it.
    private static void MergeSort<T>(T[] items, Func<T, T, bool> less, bool reverse)
    {
        if (reverse) Array.Reverse(items);
        var buffer = new T[items.Length];
        for (int width = 1; width < items.Length; width *= 2)
        {
            for (int start = 0; start < items.Length; start += 2 * width)
                Merge(items, buffer, start, Math.Min(start + width, items.Length), Math.Min(start + (2 * width), items.Length), less);
            Array.Copy(buffer, items, items.Length);
        }
        if (reverse) Array.Reverse(items);
    }

    private static void Merge<T>(T[] from, T[] to, int start, int middle, int end, Func<T, T, bool> less)
    {
        int left = start, right = middle;
        for (int at = start; at < end; at++)
            to[at] = left < middle && (right >= end || !less(from[right], from[left])) ? from[left++] : from[right++];
    }
}
