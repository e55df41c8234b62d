using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Directives;
using FineTuneKit.Notebooks.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Tags;

namespace FineTuneKit.Notebooks.Editing;

/// <summary>What an editor asks while code is written: completion, the meaning of a name, whether a cell is whole.</summary>
internal sealed class CodeEditing(ScriptSession session)
{
    private const int MostMatches = 500;

    private readonly SessionWorkspace _workspace = new(session);

    /// <summary>What can stand at the cursor.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">The cursor, in code points, as Jupyter counts.</param>
    public JsonObject Complete(string code, int cursor)
    {
        int position = CodePoints.ToIndex(code, cursor);
        if (DirectiveStart(code, position) is { } start) return Directives(code, start, position);
        Document document = _workspace.Document(code);
        CompletionList? list = CompletionService.GetService(document)?.GetCompletionsAsync(document, position).GetAwaiter().GetResult();
        if (list is null || list.ItemsList.Count == 0) return Reply([], [], cursor, cursor);
        string typed = code[list.Span.Start..position];
        List<CompletionItem> items = [.. list.ItemsList.Where(i => i.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).DistinctBy(i => i.DisplayText)
            .OrderByDescending(i => i.FilterText.StartsWith(typed, StringComparison.Ordinal)).ThenBy(i => i.SortText, StringComparer.OrdinalIgnoreCase).Take(MostMatches)];
        // The end stands at the cursor's place: what follows it in the word is replaced too.
        return Reply([.. items.Select(Text)], [.. items.Select(Kind)], CodePoints.FromIndex(code, list.Span.Start), CodePoints.FromIndex(code, Math.Max(position, list.Span.End)));
    }

    /// <summary>What the name at the cursor means, with its documentation.</summary>
    public JsonObject Inspect(string code, int cursor)
    {
        Document document = _workspace.Document(code);
        QuickInfoItem? info = null;
        // The cursor may stand behind the name, or behind the bracket that opens its call.
        for (int back = 0, position = CodePoints.ToIndex(code, cursor); info is null && back < 3 && position - back >= 0; back++)
            info = QuickInfoService.GetService(document)?.GetQuickInfoAsync(document, position - back).GetAwaiter().GetResult();
        string text = info is null ? "" : string.Join("\n\n", info.Sections.Select(s => s.Text).Where(t => t.Length > 0));
        return new JsonObject { ["found"] = text.Length > 0, ["text"] = text };
    }

    /// <summary>Whether a cell can run as it is, in Jupyter's words.</summary>
    public static JsonObject IsComplete(string code)
    {
        string script;
        try
        {
            script = string.Join('\n', CellDirectives.Cut(code).OfType<CodeSegment>().Select(s => s.Code));
        }
        catch (DirectiveException)
        {
            return new JsonObject { ["status"] = "invalid" };
        }
        SyntaxTree tree = CSharpSyntaxTree.ParseText(script, ScriptParsing.Options);
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return new JsonObject { ["status"] = "incomplete", ["indent"] = Indent(code) };
        bool wrong = tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error);
        return new JsonObject { ["status"] = wrong ? "invalid" : "complete" };
    }

    private static string Indent(string code)
    {
        string last = code.TrimEnd().Split('\n')[^1];
        return new string(' ', last.Length - last.TrimStart().Length + (last.TrimEnd().EndsWith('{') ? 4 : 0));
    }

    private static int? DirectiveStart(string code, int position)
    {
        int line = position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;
        return code[line..position].TrimStart().StartsWith("#!", StringComparison.Ordinal) && !code[line..position].Trim().Contains(' ') ? line + code[line..position].IndexOf('#') : null;
    }

    private static JsonObject Directives(string code, int start, int position)
    {
        string typed = code[start..position];
        string[] matches = [.. CellDirectives.Known.Keys.Select(k => k.Split(' ')[0]).Where(k => k.StartsWith(typed, StringComparison.OrdinalIgnoreCase))];
        return Reply(matches, [.. matches.Select(_ => "magic")], CodePoints.FromIndex(code, start), CodePoints.FromIndex(code, position));
    }

    private static string Text(CompletionItem item) => item.Properties.TryGetValue("InsertionText", out string? text) ? text : item.DisplayText;

    private static string Kind(CompletionItem item) => item.Tags.FirstOrDefault(t => t is WellKnownTags.Method or WellKnownTags.ExtensionMethod or WellKnownTags.Property or WellKnownTags.Field or WellKnownTags.Local
        or WellKnownTags.Class or WellKnownTags.Structure or WellKnownTags.Interface or WellKnownTags.Enum or WellKnownTags.Keyword or WellKnownTags.Namespace or WellKnownTags.Event)?.ToLowerInvariant() ?? "";

    private static JsonObject Reply(string[] matches, string[] kinds, int start, int end) => new()
    {
        ["matches"] = new JsonArray([.. matches.Select(m => (JsonNode)m)]),
        ["kinds"] = new JsonArray([.. kinds.Select(k => (JsonNode)k)]),
        ["start"] = start,
        ["end"] = end,
    };
}

/// <summary>Jupyter counts code points, .NET UTF-16 units.</summary>
internal static class CodePoints
{
    public static int ToIndex(string text, int codePoints)
    {
        int index = 0;
        for (int i = 0; i < codePoints && index < text.Length; i++) index += char.IsSurrogatePair(text, index) ? 2 : 1;
        return index;
    }

    public static int FromIndex(string text, int index)
    {
        int count = 0;
        for (int i = 0; i < index && i < text.Length; count++) i += char.IsSurrogatePair(text, i) ? 2 : 1;
        return count;
    }
}
