using System.Text;
using System.Text.RegularExpressions;

namespace FineTuneKit.Text.Templates;

/// <summary>
/// Keeps control tokens that stand in messages apart from those that the template writes: while the template runs,
/// each is a character of a private plane, and afterwards it is written out again with its place noted, so that it is
/// tokenised as plain characters. Otherwise a user could end the assistant's turn by typing its end token.
/// </summary>
internal sealed class ControlTokenGuard
{
    // The last two planes hold no characters of anybody.
    private static readonly int[] Planes = [0xF0000, 0x100000];

    private readonly IReadOnlyList<string> _tokens;
    private readonly int _plane;

    private ControlTokenGuard(IReadOnlyList<string> tokens, int plane) => (_tokens, _plane) = (tokens, plane);

    /// <summary>The guard that these messages need; null where no text in them holds a control token.</summary>
    public static ControlTokenGuard? For(ChatTemplateInput input, IReadOnlyList<string> controlTokens)
    {
        List<string> texts = [];
        foreach (object? value in Guarded(input)) Collect(JinjaTemplate.Value(value), texts);
        if (!texts.Exists(text => controlTokens.Any(token => text.Contains(token, StringComparison.Ordinal)))) return null;
        int plane = Array.Find(Planes, p => !texts.Exists(text => text.Contains(char.ConvertFromUtf32(p)[0], StringComparison.Ordinal)));
        if (plane == 0) throw new InputException("the messages hold control tokens and private characters of both planes, which cannot be told apart");
        // The longest first, as one can be part of another.
        return new([.. controlTokens.OrderByDescending(token => token.Length)], plane);
    }

    /// <summary>The input with control tokens put aside.</summary>
    public ChatTemplateInput Cover(ChatTemplateInput input) => input with
    {
        Messages = [.. input.Messages.Select(m => Cover(JinjaTemplate.Value(m)))],
        Tools = input.Tools is null ? null : [.. input.Tools.Select(t => Cover(JinjaTemplate.Value(t)))],
        Documents = input.Documents is null ? null : [.. input.Documents.Select(d => Cover(JinjaTemplate.Value(d)))],
    };

    /// <summary>The text with control tokens written out, the spans moved accordingly, and the places of what was put aside.</summary>
    public (RenderedTemplate Rendered, IReadOnlyList<(int Start, int End)> Plain) Uncover(RenderedTemplate rendered)
    {
        var text = new StringBuilder();
        var plain = new List<(int Start, int End)>();
        var moves = new List<(int At, int By)>();
        int before = 0, after = 0, unit = 0;
        foreach ((int start, int length, int token) in Covers(rendered.Text))
        {
            string between = rendered.Text[unit..start];
            int skipped = CodePoints.Length(between), written = CodePoints.Length(_tokens[token]), replaced = CodePoints.Length(rendered.Text.AsSpan(start, length));
            text.Append(between).Append(_tokens[token]);
            before += skipped + replaced;
            after += skipped;
            plain.Add((after, after + written));
            after += written;
            moves.Add((before, after - before));
            unit = start + length;
        }
        text.Append(rendered.Text, unit, rendered.Text.Length - unit);
        int Moved(int place) => place + moves.LastOrDefault(m => m.At <= place).By;
        return (new RenderedTemplate(text.ToString(), [.. rendered.Spans.Select(s => s with { Start = Moved(s.Start), End = Moved(s.End) })]), plain);
    }

    /// <summary>Where covers stand: as they are, or as JSON or Python write a private character.</summary>
    private IEnumerable<(int Start, int Length, int Token)> Covers(string text)
    {
        string high = char.ConvertFromUtf32(_plane)[..1];
        var pattern = new Regex($@"{high}[\uDC00-\uDFFF]|\\u{(int)high[0]:x4}\\ud[c-f][0-9a-f]{{2}}|\\U{_plane >> 16:x4}[0-9a-f]{{4}}", RegexOptions.NonBacktracking);
        foreach (System.Text.RegularExpressions.Match match in pattern.Matches(text))
        {
            string found = match.Value;
            int value = found[0] == high[0] ? char.ConvertToUtf32(found, 0)
                : found[1] == 'U' ? Convert.ToInt32(found[2..], 16) : char.ConvertToUtf32(high[0], (char)Convert.ToInt32(found[^4..], 16));
            if (value - _plane < _tokens.Count) yield return (match.Index, match.Length, value - _plane);
        }
    }

    private object? Cover(object? value) => value switch
    {
        string text => Cover(text),
        ListValue list => new ListValue([.. list.Items.Select(Cover)]),
        DictValue dict => CoverValues(dict),
        _ => value,
    };

    private string Cover(string text)
    {
        for (int i = 0; i < _tokens.Count; i++)
            if (text.Contains(_tokens[i], StringComparison.Ordinal)) text = text.Replace(_tokens[i], char.ConvertFromUtf32(_plane + i), StringComparison.Ordinal);
        return text;
    }

    private DictValue CoverValues(DictValue dict)
    {
        var covered = new DictValue();
        foreach ((object? key, object? value) in dict) covered[key] = Cover(value);
        return covered;
    }

    private static IEnumerable<object?> Guarded(ChatTemplateInput input) => [.. input.Messages, .. input.Tools ?? [], .. input.Documents ?? []];

    private static void Collect(object? value, List<string> texts)
    {
        switch (value)
        {
            case string text: texts.Add(text); break;
            case ListValue list:
                foreach (object? item in list.Items) Collect(item, texts);
                break;
            case DictValue dict:
                foreach (object? item in dict.Values) Collect(item, texts);
                break;
        }
    }
}
