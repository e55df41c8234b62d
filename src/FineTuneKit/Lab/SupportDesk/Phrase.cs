using System.Text;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>How politely a customer writes.</summary>
internal enum Politeness
{
    Casual,
    Polite,
    Formal,
}

/// <summary>
/// Expands a phrase of the grammar: <c>[a|b]</c> is one of its parts by chance, <c>&lt;a/b/c&gt;</c> the part for
/// casual, polite or formal writing, and <c>{name}</c> what the slot of this name gives. All three nest.
/// </summary>
internal sealed class Phrase(NamedRandom random, Politeness politeness, Func<string, string> slot)
{
    public string Expand(string template)
    {
        var text = new StringBuilder();
        for (int at = 0; at < template.Length;)
        {
            switch (template[at])
            {
                case '[':
                    text.Append(Expand(random.Pick(Parts(template, ref at, '|'))));
                    break;
                case '<':
                    List<string> degrees = Parts(template, ref at, '/');
                    if (degrees.Count != 3) throw Malformed(template, $"{degrees.Count} parts for 3 degrees of politeness");
                    text.Append(Expand(degrees[(int)politeness]));
                    break;
                case '{':
                    int close = template.IndexOf('}', at);
                    if (close < 0) throw Malformed(template, "'}' is missing");
                    text.Append(slot(template[(at + 1)..close]));
                    at = close + 1;
                    break;
                default:
                    text.Append(template[at++]);
                    break;
            }
        }
        return text.ToString();
    }

    // The unexpanded parts of the bracket that opens at `at`, which moves behind its end.
    private static List<string> Parts(string template, ref int at, char separator)
    {
        List<string> parts = [];
        int depth = 0, start = at + 1;
        for (int i = at; i < template.Length; i++)
        {
            char c = template[i];
            if (c is '[' or '<') depth++;
            if (c is ']' or '>') depth--;
            if (depth > 1 || (depth == 1 && c != separator)) continue;
            parts.Add(template[start..i]);
            start = i + 1;
            if (depth > 0) continue;
            at = i + 1;
            return parts;
        }
        throw Malformed(template, $"the bracket at {at} does not close");
    }

    private static InvalidOperationException Malformed(string template, string what) => new($"phrase \"{template}\": {what}");
}
