using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;

namespace FineTuneKit.Notebooks.Display;

/// <summary>Turns a value into what a front end shows: its own formatters first, then those it brings by convention, then tables and text.</summary>
public static class Formatter
{
    private static readonly ConcurrentDictionary<(Type Type, string MimeType), Func<object, string>> Registered = new();

    /// <summary>Default 20. Items of a sequence that are shown; the number of the others is said.</summary>
    public static int ListExpansionLimit { get; set; } = 20;

    /// <summary>Registers how values of a type, and of the types derived from it, are shown.</summary>
    public static void Register<T>(Func<T, string> formatter, string mimeType = MimeBundle.Text) =>
        Registered[(typeof(T), mimeType)] = value => formatter((T)value);

    /// <summary>The value's media types.</summary>
    /// <param name="value">Any value, also null.</param>
    /// <param name="mimeTypes">The media types wanted; none means all that fit.</param>
    public static MimeBundle Format(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        MimeBundle all = Everything(value);
        if (mimeTypes.Count == 0) return all;
        var wanted = new MimeBundle();
        foreach ((string type, string content) in all.Entries.Where(e => mimeTypes.Contains(e.Key))) wanted.Add(type, content);
        if (wanted.Entries.Count == 0) wanted.Add(mimeTypes.First(), all.PlainText);
        return wanted;
    }

    private static MimeBundle Everything(object? value)
    {
        if (value is null) return new MimeBundle(MimeBundle.Text, "<null>");
        if (FromRegistered(value) is { } registered) return registered;
        if (value is MimeBundle bundle) return bundle;
        if (ConventionFormatters.Format(value) is { } own) return own;
        if (ValueText.IsScalar(value)) return new MimeBundle(MimeBundle.Text, ValueText.Of(value));
        var result = new MimeBundle();
        if (ValueTable.Of(value) is { } table) result.Add(MimeBundle.Html, table.ToHtml());
        result.Add(MimeBundle.Text, ValueText.Of(value));
        return result;
    }

    private static MimeBundle? FromRegistered(object value)
    {
        var bundle = new MimeBundle();
        foreach (((Type type, string mimeType), Func<object, string> format) in Registered)
            if (type.IsInstanceOfType(value)) bundle.Add(mimeType, format(value));
        return bundle.Entries.Count > 0 ? bundle : null;
    }
}

/// <summary>A value as plain text.</summary>
internal static class ValueText
{
    private const int MaximumDepth = 3;

    public static bool IsScalar(object value) => value is string or IFormattable or bool or char or Type or Uri || value.GetType().IsEnum;

    public static string Of(object? value, int depth = 0) => value switch
    {
        null => "<null>",
        string text => text,
        bool truth => truth ? "True" : "False",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        Exception e => e.ToString(),
        IDictionary or IEnumerable when depth >= MaximumDepth => "[ ... ]",
        IEnumerable items => Sequence(items, depth),
        _ => value.ToString() ?? value.GetType().Name,
    };

    private static string Sequence(IEnumerable items, int depth)
    {
        var shown = new List<string>();
        int count = 0;
        foreach (object? item in items)
        {
            if (count++ < Formatter.ListExpansionLimit) shown.Add(item is string text ? text : Of(item, depth + 1));
            // An endless sequence must not hang the cell; one that is long is counted if it can be.
            else if (items is not ICollection) return $"[ {string.Join(", ", shown)}, ... (more) ]";
        }
        int hidden = count - shown.Count;
        return shown.Count == 0 ? "[ ]" : $"[ {string.Join(", ", shown)}{(hidden > 0 ? $", ... ({hidden} more)" : "")} ]";
    }
}
