namespace FineTuneKit.Charts;

/// <summary>What shows itself as HTML, and as text where there is none.</summary>
internal interface IDocument
{
    /// <summary>A fragment of HTML; it takes its colours from the page.</summary>
    string ToHtml();

    /// <summary>The same as text.</summary>
    string ToText();
}

/// <summary>The media types in which the kit's charts and tables go to a notebook; see <see cref="TypeFormatterSourceAttribute"/>.</summary>
public sealed class NotebookFormatters
{
    internal const string Plotly = "application/vnd.plotly.v1+json", Svg = "image/svg+xml", Html = "text/html", Text = "text/plain";

    /// <summary>One formatter for each media type.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new MimeFormatter(Plotly, value => value is Chart chart ? PlotlyRenderer.Render(chart) : null),
        new MimeFormatter(Svg, value => value is Chart chart ? SvgRenderer.RenderAlone(chart) : null),
        new MimeFormatter(Html, value => (value as IDocument)?.ToHtml()),
        new MimeFormatter(Text, value => value is Chart chart ? TextRenderer.Render(chart) : (value as IDocument)?.ToText()),
    ];
}

/// <summary>Writes a value in one media type.</summary>
/// <param name="mimeType">The media type.</param>
/// <param name="write">The text, or null for a value that is none of the kit's.</param>
public sealed class MimeFormatter(string mimeType, Func<object, string?> write)
{
    /// <summary>The media type.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes the value.</summary>
    /// <returns>False where this formatter does not know the value.</returns>
    public bool Format(object instance, TextWriter writer)
    {
        if (write(instance) is not { } text) return false;
        writer.Write(text);
        return true;
    }
}
