using System.Text;

namespace FineTuneKit.Lab.World;

/// <summary>
/// A sentence pattern: <c>{slot}</c> is filled, and <c>[one|two|]</c> is one of its alternatives (which may nest, and may be empty);
/// a pilcrow stands for a line break.
/// </summary>
public sealed class Frame
{
    private readonly string _text;
    private readonly Node[] _nodes;

    private Frame(string text)
    {
        _text = text;
        int at = 0;
        _nodes = Sequence(text, ref at, inChoice: false);
    }

    private abstract record Node;
    private sealed record Literal(string Text) : Node;
    private sealed record Slot(string Name) : Node;
    private sealed record Choice(Node[][] Alternatives) : Node;

    /// <summary>Reads one pattern.</summary>
    public static Frame Parse(string text) => new(text.Replace('¶', '\n'));

    /// <summary>Reads patterns, one a line; empty lines do not count.</summary>
    public static Frame[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>True where the pattern has this slot.</summary>
    public bool Uses(string slot) => _text.Contains($"{{{slot}}}", StringComparison.Ordinal);

    /// <summary>The pattern with its alternatives drawn and its slots filled.</summary>
    /// <exception cref="InvalidOperationException">A slot has no value.</exception>
    public string Fill(NamedRandom random, params ReadOnlySpan<(string Slot, string Value)> slots)
    {
        var text = new StringBuilder(64);
        Write(text, _nodes, random, slots);
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private void Write(StringBuilder text, Node[] nodes, NamedRandom random, ReadOnlySpan<(string Slot, string Value)> slots)
    {
        foreach (var node in nodes)
        {
            if (node is Literal literal) text.Append(literal.Text);
            else if (node is Choice choice) Write(text, random.Pick(choice.Alternatives), random, slots);
            else text.Append(Value(((Slot)node).Name, slots));
        }
    }

    private string Value(string name, ReadOnlySpan<(string Slot, string Value)> slots)
    {
        foreach (var (slot, value) in slots)
            if (slot == name) return value;
        throw new InvalidOperationException($"no value for {{{name}}} in \"{_text}\"");
    }

    private static Node[] Sequence(string text, ref int at, bool inChoice)
    {
        var nodes = new List<Node>();
        int start = at;
        while (at < text.Length && !(inChoice && text[at] is '|' or ']'))
        {
            if (text[at] is not ('[' or '{')) { at++; continue; }
            if (at > start) nodes.Add(new Literal(text[start..at]));
            nodes.Add(text[at] == '[' ? Alternatives(text, ref at) : Named(text, ref at));
            start = at;
        }
        if (at > start) nodes.Add(new Literal(text[start..at]));
        return [.. nodes];
    }

    private static Choice Alternatives(string text, ref int at)
    {
        var alternatives = new List<Node[]>();
        do
        {
            at++;
            alternatives.Add(Sequence(text, ref at, inChoice: true));
        }
        while (at < text.Length && text[at] == '|');
        if (at >= text.Length) throw new FormatException($"no closing ] in \"{text}\"");
        at++;
        return new Choice([.. alternatives]);
    }

    private static Slot Named(string text, ref int at)
    {
        int end = text.IndexOf('}', at);
        if (end < 0) throw new FormatException($"no closing }} in \"{text}\"");
        var slot = new Slot(text[(at + 1)..end]);
        at = end + 1;
        return slot;
    }
}
