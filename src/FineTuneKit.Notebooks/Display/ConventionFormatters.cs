using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace FineTuneKit.Notebooks.Display;

/// <summary>
/// Formatters that a type brings with it by .NET Interactive's convention: an attribute named
/// <c>TypeFormatterSourceAttribute</c>, found by its name, so that neither side references the other.
/// </summary>
internal static class ConventionFormatters
{
    private const string AttributeName = "TypeFormatterSourceAttribute", DefaultType = MimeBundle.Html;

    private static readonly ConcurrentDictionary<Type, Found?> Cache = new();

    /// <summary>The value in the media types that its type prefers; null where the type brings no formatter.</summary>
    public static MimeBundle? Format(object value)
    {
        if (Cache.GetOrAdd(value.GetType(), Find) is not { } found) return null;
        var bundle = new MimeBundle();
        foreach (string type in found.PreferredMimeTypes)
        {
            foreach (Formatter formatter in found.Formatters.Where(f => f.MimeType == type))
            {
                using var writer = new StringWriter(CultureInfo.InvariantCulture);
                if (!formatter.Write(value, writer)) continue;
                bundle.Add(type, writer.ToString());
                break;
            }
        }
        return bundle.Entries.Count > 0 ? bundle : null;
    }

    private static Found? Find(Type type)
    {
        if (type.GetCustomAttributes(inherit: true).FirstOrDefault(a => a.GetType().Name == AttributeName) is not { } attribute) return null;
        if (Property(attribute, "FormatterSourceType") is not Type sourceType) return null;
        object source = Activator.CreateInstance(sourceType)!;
        if (sourceType.GetMethod("CreateTypeFormatters", Type.EmptyTypes)?.Invoke(source, null) is not IEnumerable<object> formatters) return null;
        Formatter[] all = [.. formatters.Select(Formatter.Of).OfType<Formatter>()];
        return new Found(Property(attribute, "PreferredMimeTypes") as string[] ?? [DefaultType], all);
    }

    private static object? Property(object target, string name) => target.GetType().GetProperty(name)?.GetValue(target);

    private sealed record Found(string[] PreferredMimeTypes, Formatter[] Formatters);

    private sealed record Formatter(string MimeType, Func<object, TextWriter, bool> Write)
    {
        public static Formatter? Of(object formatter)
        {
            MethodInfo? format = formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)]);
            return Property(formatter, "MimeType") is string type && format is not null
                ? new Formatter(type, format.CreateDelegate<Func<object, TextWriter, bool>>(formatter)) : null;
        }
    }
}
