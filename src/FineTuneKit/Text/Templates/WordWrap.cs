using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>The filter <c>wordwrap</c>: Python's textwrap, line by line.</summary>
internal static class WordWrap
{
    public static string Wrap(string text, int width, bool breakLong, string newLine, bool breakHyphens, TemplateBudget budget)
    {
        if (width <= 0) throw TemplateException.OfValue($"invalid width {width} (must be > 0)");
        budget.Step(text.Length);
        budget.Text(text.Length * 2L + (text.Length / width * (long)newLine.Length));
        return string.Join(newLine, StringMethods.Lines(text).Select(line => string.Join(newLine, Paragraph(line, width, breakLong, breakHyphens))));
    }

    private static List<string> Paragraph(string line, int width, bool breakLong, bool breakHyphens)
    {
        var lines = new List<string>();
        var chunks = new Stack<string>(Enumerable.Reverse(Chunks(line, breakHyphens)));
        while (chunks.Count > 0)
        {
            var current = new List<string>();
            int length = 0;
            // White space that begins a line goes, but not that of the first.
            if (lines.Count > 0 && IsBlank(chunks.Peek())) chunks.Pop();
            while (chunks.Count > 0 && length + CodePoints.Length(chunks.Peek()) <= width)
            {
                length += CodePoints.Length(chunks.Peek());
                current.Add(chunks.Pop());
            }
            if (chunks.Count > 0 && CodePoints.Length(chunks.Peek()) > width) BreakLong(chunks, current, width - length, breakLong);
            if (current.Count > 0 && IsBlank(current[^1])) current.RemoveAt(current.Count - 1);
            if (current.Count > 0) lines.Add(string.Concat(current));
        }
        return lines;
    }

    private static void BreakLong(Stack<string> chunks, List<string> current, int room, bool breakLong)
    {
        if (breakLong)
        {
            string chunk = chunks.Pop();
            int count = Math.Max(1, room);
            current.Add(CodePoints.Slice(chunk, 0, count));
            chunks.Push(CodePoints.Slice(chunk, count, int.MaxValue));
        }
        else if (current.Count == 0)
        {
            current.Add(chunks.Pop());
        }
    }

    /// <summary>Words and the white space between them; words with hyphens in parts that end with one.</summary>
    private static List<string> Chunks(string line, bool breakHyphens)
    {
        var chunks = new List<string>();
        var chunk = new StringBuilder();
        for (int at = 0; at < line.Length; at++)
        {
            bool blank = IsBlank(line[at]);
            if (chunk.Length > 0 && blank != IsBlank(chunk[^1])) Flush();
            chunk.Append(line[at]);
            bool hyphen = breakHyphens && line[at] == '-' && chunk.Length > 1 && char.IsLetter(chunk[^2]) && at + 1 < line.Length && char.IsLetter(line[at + 1]);
            if (hyphen) Flush();
        }
        Flush();
        return chunks;

        void Flush()
        {
            if (chunk.Length > 0) chunks.Add(chunk.ToString());
            chunk.Clear();
        }
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\v' or '\f' or '\r';

    private static bool IsBlank(string text) => text.All(IsBlank);
}
