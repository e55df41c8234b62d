using System.Globalization;
using System.Text;

namespace FineTuneKit.Charts;

/// <summary>Writes SVG elements. Text and lines take their colours from the page, so that a chart reads in light and dark.</summary>
internal sealed class SvgCanvas(double width, double height, string title, string description)
{
    /// <summary>Okabe and Ito's colours, told apart by all common kinds of colour blindness.</summary>
    public static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a8a8a"];

    private const string Ground =
        "<style>.finetunekit-chart{max-width:100%;height:auto;color:#1f2328;background:#fff}@media (prefers-color-scheme:dark){.finetunekit-chart{color:#e6e6e6;background:#1e1e1e}}</style>";

    private readonly StringBuilder _body = new();

    public double Width { get; } = width;

    public double Height { get; } = height;

    public static string Color(int number) => Palette[number % Palette.Length];

    public void Line(double x1, double y1, double x2, double y2, string stroke = "currentColor", double width = 1, double opacity = 1, string? dash = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{stroke}\" stroke-width=\"{width:0.##}\" stroke-opacity=\"{opacity:0.##}\"{Dash(dash)}/>");

    public void Rectangle(double x, double y, double width, double height, string fill, double opacity = 1, string? tooltip = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{Math.Max(0, width):0.#}\" height=\"{Math.Max(0, height):0.#}\" fill=\"{fill}\" fill-opacity=\"{opacity:0.##}\">{Tooltip(tooltip)}</rect>");

    public void Circle(double x, double y, double radius, string color, bool hollow = false, string? tooltip = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{radius:0.#}\" fill=\"{(hollow ? "none" : color)}\" stroke=\"{color}\" stroke-width=\"1.5\">{Tooltip(tooltip)}</circle>");

    public void Path(IEnumerable<(double X, double Y)> points, string stroke, double width = 2, string? dash = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width:0.##}\" stroke-linejoin=\"round\"{Dash(dash)} points=\"{Points(points)}\"/>");

    public void Area(IEnumerable<(double X, double Y)> points, string fill, double opacity) =>
        _body.Append(CultureInfo.InvariantCulture, $"<polygon fill=\"{fill}\" fill-opacity=\"{opacity:0.##}\" points=\"{Points(points)}\"/>");

    public void Text(double x, double y, string text, string anchor = "start", double size = 13, bool bold = false, string fill = "currentColor", double? rotate = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" font-size=\"{size:0.#}\" fill=\"{fill}\"{(bold ? " font-weight=\"600\"" : "")}{(rotate is { } angle ? string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate({angle:0.#} {x:0.#} {y:0.#})\"") : "")}>{Escape(text)}</text>");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width:0.#} {Height:0.#}\" {Open}");

    /// <summary>Puts another drawing in, scaled to a width.</summary>
    /// <returns>Its height there.</returns>
    public double Place(SvgCanvas inner, double x, double y, double innerWidth)
    {
        double innerHeight = inner.Height * innerWidth / inner.Width;
        _body.Append(CultureInfo.InvariantCulture, $"<svg x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{innerWidth:0.#}\" height=\"{innerHeight:0.#}\" viewBox=\"0 0 {inner.Width:0.#} {inner.Height:0.#}\" {inner.Open}");
        return innerHeight;
    }

    /// <summary>
    /// The drawing with a ground of its own, for where the page's colours are not known: dark on light, or light on dark
    /// where the reader's system asks for it.
    /// </summary>
    public string ToStringWithGround(double pixels) => string.Create(CultureInfo.InvariantCulture,
        $"<svg viewBox=\"0 0 {Width:0.#} {Height:0.#}\" width=\"{pixels:0}\" class=\"finetunekit-chart\" xmlns=\"http://www.w3.org/2000/svg\">{Ground}<svg {Open}</svg>");

    public static string Escape(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    /// <summary>An estimate of a text's width in pixels: half an em for Latin letters, one for the scripts of East Asia.</summary>
    public static double TextWidth(string text, double size = 13) => text.Sum(c => c > '⺀' ? 1.0 : 0.56) * size;

    /// <summary>The text in lines no wider than <paramref name="width"/>; between letters where there are no blanks.</summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        int lastBlank = -1;
        foreach (char c in text)
        {
            line.Append(c);
            if (c == ' ') lastBlank = line.Length;
            if (TextWidth(line.ToString(), size) <= width || line.Length < 2) continue;
            int cut = lastBlank > 0 && lastBlank < line.Length ? lastBlank : line.Length - 1;
            lines.Add(line.ToString(0, cut).TrimEnd());
            line.Remove(0, cut);
            lastBlank = -1;
        }
        if (line.Length > 0) lines.Add(line.ToString());
        return lines;
    }

    private string Open => $"xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" font-family=\"system-ui, sans-serif\"><title>{Escape(title)}</title><desc>{Escape(description)}</desc>{_body}</svg>";

    private static string Dash(string? dash) => dash is null ? "" : $" stroke-dasharray=\"{dash}\"";

    private static string Tooltip(string? text) => text is null ? "" : $"<title>{Escape(text)}</title>";

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")));
}
