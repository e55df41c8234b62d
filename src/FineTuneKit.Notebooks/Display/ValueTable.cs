using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using FineTuneKit.Charts;

namespace FineTuneKit.Notebooks.Display;

/// <summary>The table in which a sequence, a dictionary or an object with properties is shown.</summary>
internal static class ValueTable
{
    private const int MaximumColumns = 20;

    /// <summary>Null where the value is neither.</summary>
    public static ResultTable? Of(object value) => value switch
    {
        IDictionary entries => OfPairs(entries),
        IEnumerable items => OfItems(items),
        Exception => null,
        _ when Readable(value.GetType()) is { Length: > 0 } properties && !HasTextOfItsOwn(value.GetType()) => OfProperties(value, properties),
        _ => null,
    };

    private static ResultTable OfPairs(IDictionary entries)
    {
        var rows = new List<IReadOnlyList<object?>>();
        foreach (DictionaryEntry entry in entries)
        {
            if (rows.Count == Formatter.ListExpansionLimit) break;
            rows.Add([ValueText.Of(entry.Key), Cell(entry.Value)]);
        }
        return new ResultTable { Columns = [new TableColumn("key"), new TableColumn("value")], Rows = rows, Omitted = entries.Count - rows.Count };
    }

    private static ResultTable OfProperties(object value, PropertyInfo[] properties) => new()
    {
        Columns = [new TableColumn("property"), new TableColumn("value")],
        Rows = [.. properties.Select(p => (IReadOnlyList<object?>)[p.Name, Cell(Read(p, value))])],
    };

    private static ResultTable? OfItems(IEnumerable items)
    {
        var shown = new List<object?>();
        int? count = (items as ICollection)?.Count;
        foreach (object? item in items)
        {
            if (shown.Count == Formatter.ListExpansionLimit)
            {
                count ??= -1;
                break;
            }
            shown.Add(item);
        }
        // Plain values read better as a line of text.
        if (shown.Count == 0 || shown.TrueForAll(i => i is null || ValueText.IsScalar(i) || i is IEnumerable)) return null;
        PropertyInfo[] columns = [.. shown.OfType<object>().SelectMany(i => Readable(i.GetType())).DistinctBy(p => p.Name).Take(MaximumColumns)];
        if (columns.Length == 0) return null;
        return new ResultTable
        {
            Columns = [.. columns.Select(c => new TableColumn(c.Name))],
            Rows = [.. shown.Select(i => (IReadOnlyList<object?>)[.. columns.Select(c => Cell(i is null ? null : Read(i.GetType().GetProperty(c.Name), i)))])],
            Omitted = count is { } all ? all < 0 ? null : all - shown.Count : 0,
        };
    }

    private static object? Cell(object? value) => value is null or string || !ValueText.IsScalar(value) ? (value is null ? "" : ValueText.Of(value, depth: 2)) : value;

    private static object? Read(PropertyInfo? property, object target)
    {
        try
        {
            return property?.GetValue(target);
        }
        catch (TargetInvocationException e)
        {
            return $"({e.InnerException?.GetType().Name}: {e.InnerException?.Message})";
        }
    }

    private static PropertyInfo[] Readable(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRefLike)];

    // A record's text is made by the compiler: its table says the same and reads better.
    private static bool HasTextOfItsOwn(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes) is { } text && text.DeclaringType != typeof(object) && text.DeclaringType != typeof(ValueType)
            && !text.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
