using System.Globalization;
using System.Text;

namespace FineTuneKit.Charts;

/// <summary>A column of a table.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Unit">The unit, shown with the heading; null where there is none.</param>
public sealed record TableColumn(string Name, string? Unit = null)
{
    /// <summary>How numbers are written, a .NET format; null: whole numbers in full, others up to <see cref="Digits"/> significant digits.</summary>
    public string? Format { get; init; }

    /// <summary>Default 6. Significant digits of numbers that are not whole.</summary>
    public int Digits { get; init; } = 6;

    /// <summary>The heading with its unit.</summary>
    public string Title => Unit is null ? Name : $"{Name} ({Unit})";
}

/// <summary>
/// A table for notebooks and reports: HTML with text beside it. Numbers stand to the right, an <see cref="Evaluation.Estimate"/>
/// shows its interval.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Html, NotebookFormatters.Text])]
public sealed record ResultTable : IDocument
{
    private const int WidestTextColumn = 60;

    /// <summary>The title, or null.</summary>
    public string? Title { get; init; }

    /// <summary>The columns.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>The rows, each with as many values as there are columns.</summary>
    public required IReadOnlyList<IReadOnlyList<object?>> Rows { get; init; }

    /// <summary>Rows that there are beyond those given; null: more, their number unknown.</summary>
    public long? Omitted { get; init; } = 0;

    /// <summary>The table as HTML; it takes its colours from the page.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<table style=\"border-collapse:collapse\">");
        if (Title is not null) html.Append("<caption style=\"text-align:left;font-weight:600\">").Append(SvgCanvas.Escape(Title)).Append("</caption>");
        html.Append("<thead><tr>");
        for (int c = 0; c < Columns.Count; c++) Cell(html, "th", Columns[c].Title, IsNumeric(c));
        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<object?> row in Rows)
        {
            html.Append("<tr>");
            for (int c = 0; c < Columns.Count; c++) Cell(html, "td", Write(row, c), IsNumeric(c));
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        if (Rest is { } rest) html.Append("<p>").Append(rest).Append("</p>");
        return html.ToString();
    }

    /// <summary>The table as text, columns aligned.</summary>
    public string ToText()
    {
        List<string[]> cells = [[.. Columns.Select(c => c.Title)], .. Rows.Select(row => Columns.Select((_, c) => OneLine(Write(row, c))).ToArray())];
        int[] widths = [.. Columns.Select((_, c) => cells.Max(row => Width(row[c])))];
        var text = new StringBuilder();
        if (Title is not null) text.Append(Title).Append('\n');
        foreach (string[] row in cells)
            text.Append(string.Join("  ", row.Select((cell, c) => IsNumeric(c) ? new string(' ', widths[c] - Width(cell)) + cell : cell + new string(' ', widths[c] - Width(cell)))).TrimEnd()).Append('\n');
        if (Rest is { } rest) text.Append(rest).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    private string? Rest => Omitted switch { null => "... and more rows", 0 => null, var n => string.Create(CultureInfo.InvariantCulture, $"... and {n:N0} more rows") };

    private static void Cell(StringBuilder html, string tag, string text, bool right) =>
        html.Append('<').Append(tag).Append(right ? " style=\"text-align:right\">" : " style=\"text-align:left\">").Append(SvgCanvas.Escape(text).Replace("\n", "<br>")).Append("</").Append(tag).Append('>');

    private bool IsNumeric(int column) => Rows.Count > 0 && Rows.All(row => row[column] is null or "" || IsNumber(row[column]));

    private static bool IsNumber(object? value) =>
        value is Evaluation.Estimate or Evaluation.Significance.PValue or double or float or Half or decimal or int or long or short or sbyte or byte or ushort or uint or ulong;

    private string Write(IReadOnlyList<object?> row, int column) => Write(row[column], Columns[column]);

    private static string Write(object? value, TableColumn column) => value switch
    {
        null => "",
        Evaluation.Estimate e when e.Low < e.High => $"{Number(e.Value, column)} [{Number(e.Low, column)}, {Number(e.High, column)}]",
        Evaluation.Estimate e => Number(e.Value, column),
        double or float or Half => Number(Convert.ToDouble(value, CultureInfo.InvariantCulture), column),
        IFormattable other => other.ToString(column.Format, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Number(double value, TableColumn column) =>
        column.Format is { } format ? value.ToString(format, CultureInfo.InvariantCulture) : SignificantDigits.Text(value, column.Digits);

    private static string OneLine(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.Length <= WidestTextColumn ? text : text[..(WidestTextColumn - 1)] + "…";
    }

    // The scripts of East Asia take two columns of a terminal.
    private static int Width(string text) => text.Sum(c => c > '\u2E80' ? 2 : 1);
}
