using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// The shapes in which a row may come, each told by its keys: <c>messages</c> (OpenAI, TRL), <c>prompt</c> with
/// <c>completion</c> (TRL) or <c>answer</c>, <c>instruction</c> and <c>input</c> with <c>output</c> (Alpaca),
/// <c>question</c> and <c>context</c> with <c>answer</c>, <c>text</c> with <c>label</c>. Beside them <c>system</c>,
/// <c>group</c>, <c>label</c> and <c>language</c> are read where they stand; other keys are no part of a row.
/// </summary>
public static class RowShape
{
    private static readonly string[][] Shapes =
    [
        ["messages"], ["prompt", "completion"], ["prompt", "answer"], ["instruction", "output"], ["question", "answer"], ["text", "label"],
    ];

    /// <summary>The accepted shapes in words, for messages.</summary>
    public static string Accepted { get; } = string.Join(" | ", Shapes.Select(keys => string.Join(" + ", keys)));

    /// <summary>The row that a JSON object holds.</summary>
    /// <exception cref="InputException">Keys are missing, of the wrong kind, or of two shapes; no answer to learn.</exception>
    internal static Row Read(JsonElement json, RowOrigin origin)
    {
        var fields = new RowFields(json, origin);
        List<ChatMessage> messages = Detect(fields) switch
        {
            ["messages"] => fields.Turns("messages", "user"),
            ["instruction", "output"] => Instruction(fields),
            ["question", "answer"] => Question(fields),
            ["text", "label"] => [.. System(fields), new("user", fields.Text("text")), new("assistant", fields.Scalar("label") ?? throw fields.Error("\"label\" is null; a value is required"))],
            string[] keys => [.. System(fields), .. fields.Turns(keys[0], "user"), .. fields.Turns(keys[1], "assistant")],
        };
        RequireAnswer(messages, fields);
        return new Row
        {
            Origin = origin,
            Messages = messages,
            Group = fields.Scalar("group"),
            Label = fields.Scalar("label"),
            Language = fields.Scalar("language"),
        };
    }

    private static string[] Detect(RowFields fields)
    {
        // A row with "messages" may carry the same text once more in other columns.
        if (fields.Has("messages")) return Shapes[0];
        string[][] fitting = Shapes.Where(keys => keys.All(fields.Has)).ToArray();
        return fitting.Length switch
        {
            1 => fitting[0],
            0 => throw fields.Error($"found the keys {fields.Keys}; a row needs {Accepted}"),
            _ => throw fields.Error($"found the keys {fields.Keys}, which fit {string.Join(" and ", fitting.Select(keys => string.Join(" + ", keys)))}; keep one of them"),
        };
    }

    private static List<ChatMessage> Instruction(RowFields fields)
    {
        List<ChatMessage> messages = [.. System(fields)];
        foreach ((string question, string answer) in fields.History())
            messages.AddRange([new("user", question), new("assistant", answer)]);
        string prompt = fields.Text("instruction");
        if (fields.Optional("input") is { Length: > 0 } input) prompt += "\n\n" + input;
        return [.. messages, new("user", prompt), new("assistant", fields.Text("output"))];
    }

    private static List<ChatMessage> Question(RowFields fields)
    {
        string prompt = fields.Text("question");
        if (fields.Optional("context") is { Length: > 0 } context) prompt = context + "\n\n" + prompt;
        return [.. System(fields), new("user", prompt), new("assistant", fields.Text("answer"))];
    }

    private static IEnumerable<ChatMessage> System(RowFields fields) =>
        fields.Optional("system") is { Length: > 0 } text ? [new ChatMessage("system", text)] : [];

    private static void RequireAnswer(List<ChatMessage> messages, RowFields fields)
    {
        if (messages.All(m => m.Role != "assistant"))
            throw fields.Error($"{messages.Count} messages and none of the assistant; the last one has to be the assistant's, for it is what is learned");
        if (messages[^1].Role != "assistant")
            throw fields.Error($"the last of {messages.Count} messages is of the role \"{messages[^1].Role}\"; it has to be the assistant's, for it is what is learned");
    }
}
