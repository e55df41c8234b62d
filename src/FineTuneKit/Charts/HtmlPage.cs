using System.Globalization;
using System.Text;

namespace FineTuneKit.Charts;

/// <summary>
/// Pages of one file: no script, font or network; they read in light and dark, on a phone and on a screen.
/// </summary>
internal static class HtmlPage
{
    /// <summary>What all pages look like.</summary>
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #00795a; --bad: #b8430a; }
        @media (prefers-color-scheme: dark) { :root { --good: #3fc79a; --bad: #ff9a5c; } }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 16px; max-width: 1100px; background: Canvas; color: CanvasText; }
        h1 { font-size: 1.6em; line-height: 1.2; } h2 { font-size: 1.25em; margin-top: 2em; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 28px; }
        figure { margin: 0; min-width: 0; } figure h3 { margin: 0 0 4px; font-size: 1.05em; } figure svg { width: 100%; height: auto; display: block; }
        figcaption { font-size: .95em; margin-top: 4px; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .93em; }
        th, td { text-align: left; padding: 5px 9px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
        td.n, th.n { text-align: right; white-space: nowrap; overflow-wrap: normal; }
        .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } .small { font-size: .88em; opacity: .8; overflow-wrap: anywhere; }
        """;

    /// <summary>The beginning of a page, up to its body.</summary>
    public static StringBuilder Begin(string title, string style = "")
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Escape(title)}</title><style>{Style}\n{style}</style></head><body>\n");
        return html;
    }

    /// <summary>The whole page.</summary>
    public static string End(StringBuilder html) => html.Append("</body></html>\n").ToString();

    /// <summary>
    /// The beginning of a part of somebody else's page, up to its contents: the style holds inside of it alone, or every
    /// table of a notebook would look like the kit's.
    /// </summary>
    public static StringBuilder BeginFragment(string style = "")
    {
        string own = Style.Replace(":root {", "& {", StringComparison.Ordinal).Replace("body {", "& {", StringComparison.Ordinal);
        return new StringBuilder($"<style>.finetunekit {{\n{own}\n{style}\n}}</style><div class=\"finetunekit\">\n");
    }

    /// <summary>The whole fragment.</summary>
    public static string EndFragment(StringBuilder html) => html.Append("</div>\n").ToString();

    /// <summary>A chart with its title above and its reading below.</summary>
    public static void Figure(StringBuilder html, Chart chart) =>
        html.Append(CultureInfo.InvariantCulture, $"<figure><h3>{Escape(chart.Title)}</h3>{SvgRenderer.Render(chart)}<figcaption>{Escape(chart.Reading)}</figcaption></figure>\n");

    /// <summary>A table of texts that scrolls by itself where it is too wide.</summary>
    public static void Table(StringBuilder html, IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        html.Append("<div class=\"scroll\"><table><tr>");
        foreach (string head in heads) html.Append(CultureInfo.InvariantCulture, $"<th>{Escape(head)}</th>");
        html.Append("</tr>\n");
        foreach (IEnumerable<string> row in rows)
        {
            html.Append("<tr>");
            foreach (string cell in row) html.Append(CultureInfo.InvariantCulture, $"<td>{Escape(cell)}</td>");
            html.Append("</tr>\n");
        }
        html.Append("</table></div>\n");
    }

    /// <summary>A text as it is shown, whatever it holds.</summary>
    public static string Escape(string text) => SvgCanvas.Escape(text);
}
