namespace FineTuneKit.Text.Templates;

/// <summary>What Python does with anything that has items: walk, count, index, cut, look for.</summary>
internal static class Sequences
{
    public const int LargestRange = 100_000;

    /// <summary>The items of a value; each counts as a step.</summary>
    /// <exception cref="TemplateException">The value has none.</exception>
    public static IEnumerable<object?> Iterate(object? value, TemplateBudget budget)
    {
        IEnumerable<object?> items = Items(value) ?? throw TemplateException.OfType($"'{PythonType.Name(value)}' object is not iterable");
        return Counted(items, budget);
    }

    /// <summary>The items of a value as a list.</summary>
    public static List<object?> ToList(object? value, TemplateBudget budget)
    {
        List<object?> items = [.. Iterate(value, budget)];
        budget.Items(items.Count);
        return items;
    }

    public static bool IsIterable(object? value) => value is UndefinedValue || Items(value) is not null;

    /// <summary>The number of items; null for what has no length.</summary>
    public static int? Length(object? value) => value switch
    {
        string text => CodePoints.Length(text),
        MarkupValue markup => CodePoints.Length(markup.Text),
        SequenceValue list => list.Items.Count,
        DictValue dict => dict.Count,
        DictView view => view.Dict.Count,
        RangeValue range => (int)range.Count,
        UndefinedValue => 0,
        LoopValue loop => loop.Length,
        _ => null,
    };

    public static bool IsTrue(object? value) => value switch
    {
        null or UndefinedValue => false,
        bool flag => flag,
        string text => text.Length > 0,
        long number => number != 0,
        double real => real != 0,
        MarkupValue markup => markup.Text.Length > 0,
        _ => Length(value) is not 0,
    };

    /// <summary>Python's <c>in</c>.</summary>
    public static bool Contains(object? container, object? item, TemplateBudget budget)
    {
        if (PythonEquality.Text(container) is { } text)
        {
            if (item is UndefinedValue missing) throw TemplateException.OfType($"'in <string>' requires string as left operand, not {PythonType.Name(missing)}");
            budget.Step(1 + (text.Length / 64));
            return PythonEquality.Text(item) is { } part ? text.Contains(part, StringComparison.Ordinal)
                : throw TemplateException.OfType($"'in <string>' requires string as left operand, not {PythonType.Name(item)}");
        }
        if (container is DictValue dict) return dict.TryGet(item, out _);
        if (container is DictView { Kind: "keys" } keys) return keys.Dict.TryGet(item, out _);
        if (container is not UndefinedValue && Items(container) is null) throw TemplateException.OfType($"argument of type '{PythonType.Name(container)}' is not iterable");
        return Iterate(container, budget).Any(other => PythonEquality.AreEqual(other, item, budget));
    }

    /// <summary>The item at a place, counted from the end where negative; false where there is none.</summary>
    public static bool TryAt(object? value, object? index, out object? item)
    {
        item = null;
        if (!PythonNumber.IsInteger(index) || value is not (string or MarkupValue or SequenceValue or RangeValue)) return false;
        int at = PythonNumber.Index(index), length = Length(value)!.Value;
        if (at < 0) at += length;
        if (at < 0 || at >= length) return false;
        item = value switch
        {
            string text => CodePoints.Slice(text, at, at + 1),
            MarkupValue markup => new MarkupValue(CodePoints.Slice(markup.Text, at, at + 1)),
            SequenceValue list => list.Items[at],
            _ => ((RangeValue)value).At(at),
        };
        return true;
    }

    /// <summary>The part from start to stop by steps, any of them None; null where the value cannot be cut.</summary>
    /// <exception cref="TemplateException">The step is 0.</exception>
    public static object? Slice(object? value, object? start, object? stop, object? step, TemplateBudget budget)
    {
        if (value is not (string or MarkupValue or SequenceValue or RangeValue)) return null;
        int by = step is null ? 1 : PythonNumber.Index(step), length = Length(value)!.Value;
        if (by == 0) throw TemplateException.OfValue("slice step cannot be zero");
        int first = Bound(start, by > 0 ? 0 : length - 1, length, by), last = Bound(stop, by > 0 ? length : -1, length, by);
        if (by == 1 && PythonEquality.Text(value) is { } text)
        {
            budget.Text(Math.Max(0, last - first));
            string cut = CodePoints.Slice(text, first, last);
            return value is string ? cut : new MarkupValue(cut);
        }
        var places = new List<int>();
        for (long at = first; by > 0 ? at < last : at > last; at += by) places.Add((int)at);
        budget.Items(places.Count);
        switch (value)
        {
            case SequenceValue list:
                object?[] items = [.. places.Select(at => list.Items[at])];
                return value is ListValue ? new ListValue(items) : new TupleValue(items);
            case RangeValue range:
                return new RangeValue(range.At(first), range.At(last), range.Step * by);
            default:
                string[] points = [.. CodePoints.Split(PythonEquality.Text(value)!)];
                string picked = string.Concat(places.Select(at => points[at]));
                return value is string ? picked : new MarkupValue(picked);
        }
    }

    private static int Bound(object? given, int otherwise, int length, int step)
    {
        if (given is null) return otherwise;
        if (given is not UndefinedValue && !PythonNumber.IsInteger(given))
            throw TemplateException.OfType("slice indices must be integers or None or have an __index__ method");
        long at = PythonNumber.Index(given);
        if (at < 0) at += length;
        return (int)Math.Clamp(at, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
    }

    private static IEnumerable<object?>? Items(object? value) => value switch
    {
        string text => CodePoints.Split(text),
        MarkupValue markup => CodePoints.Split(markup.Text).Select(c => (object)new MarkupValue(c)),
        SequenceValue list => list.Items,
        DictValue dict => dict.Keys,
        DictView view => view.Items,
        RangeValue range => Enumerable.Range(0, (int)range.Count).Select(i => (object)range.At(i)),
        UndefinedValue => [],
        IteratorValue iterator => Rest(iterator),
        _ => null,
    };

    private static IEnumerable<object?> Rest(IteratorValue iterator)
    {
        while (iterator.Next(out object? value)) yield return value;
    }

    private static IEnumerable<object?> Counted(IEnumerable<object?> items, TemplateBudget budget)
    {
        foreach (object? item in items)
        {
            budget.Step();
            yield return item;
        }
    }
}
