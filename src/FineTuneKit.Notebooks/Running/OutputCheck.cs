using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Documents;

namespace FineTuneKit.Notebooks.Running;

/// <summary>Compares what a cell gave with what the file holds.</summary>
internal static class OutputCheck
{
    /// <summary>The tag of cells whose outputs change from run to run; nbval's is known too.</summary>
    public const string ChangingTag = "changing", NbvalTag = "nbval-ignore-output";

    private const int Shown = 160;

    /// <summary>The first difference in words; null where there is none.</summary>
    public static string? Difference(JsonArray committed, JsonArray now)
    {
        List<(string Name, string Text)> before = Parts(committed), after = Parts(now);
        for (int i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            if (i >= before.Count) return $"output {i + 1} is new: {Short(after[i])}";
            if (i >= after.Count) return $"output {i + 1} is missing: {Short(before[i])}";
            if (before[i] != after[i]) return Line(before[i], after[i]);
        }
        return null;
    }

    public static bool IsExempt(NotebookCell cell) => cell.Tags.Contains(ChangingTag) || cell.Tags.Contains(NbvalTag);

    private static List<(string, string)> Parts(JsonArray outputs)
    {
        var parts = new List<(string, string)>();
        foreach (JsonNode? output in outputs)
        {
            string type = (string?)output![OutputJson.TypeKey] ?? "";
            if (type == OutputJson.StreamType) parts.Add(((string?)output[OutputJson.NameKey] ?? "", NotebookCell.Text(output[OutputJson.TextKey])));
            else if (type == "error") parts.Add((type, $"{(string?)output["ename"]}: {(string?)output["evalue"]}"));
            else
                foreach ((string mime, JsonNode? content) in (output[OutputJson.DataKey] as JsonObject ?? []).OrderBy(p => p.Key, StringComparer.Ordinal))
                    parts.Add((mime, content is JsonObject or null ? Canonical(content) : NotebookCell.Text(content)));
        }
        return parts;
    }

    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject entries => "{" + string.Join(',', entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => JsonSerializer.Serialize(e.Key) + ":" + Canonical(e.Value))) + "}",
        JsonArray items => "[" + string.Join(',', items.Select(Canonical)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };

    private static string Line((string Name, string Text) before, (string Name, string Text) after)
    {
        if (before.Name != after.Name) return $"{before.Name} was committed, now it is {after.Name}: {Short(after)}";
        string[] old = before.Text.Split('\n'), now = after.Text.Split('\n');
        int line = 0;
        while (line < old.Length && line < now.Length && old[line] == now[line]) line++;
        string was = line < old.Length ? old[line] : "(no more lines)", became = line < now.Length ? now[line] : "(no more lines)";
        int from = Math.Max(0, Enumerable.Range(0, Math.Min(was.Length, became.Length)).FirstOrDefault(i => was[i] != became[i]) - Shown / 2);
        return $"{before.Name}, line {line + 1}: committed is \"{Cut(was, from)}\", now it is \"{Cut(became, from)}\"";
    }

    private static string Short((string Name, string Text) part) => $"{part.Name} \"{Cut(part.Text, 0)}\"";

    private static string Cut(string text, int from) => text.Length - from > Shown ? text.Substring(Math.Min(from, text.Length), Shown) + "…" : text[Math.Min(from, text.Length)..];
}
