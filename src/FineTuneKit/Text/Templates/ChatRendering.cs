namespace FineTuneKit.Text.Templates;

/// <summary>Renders conversations to text as transformers' <c>apply_chat_template</c> does.</summary>
public static class ChatRendering
{
    // transformers' own sentinel; templates trim its blank where they trim the message.
    private const string Sentinel = "CONTINUE_FINAL_MESSAGE_TAG ";

    private static readonly string[] ReasoningNames = ["reasoning_content", "reasoning", "thinking"];

    /// <summary>The text of a conversation and the assistant's parts of it.</summary>
    /// <param name="template">The template.</param>
    /// <param name="input">Messages, tools, documents and variables.</param>
    /// <param name="specialTokens">The tokenizer's special tokens by name, such as <c>bos_token</c>.</param>
    /// <param name="now">The clock; null for the machine's.</param>
    /// <exception cref="TemplateException">The template refuses the conversation, or cannot be rendered with it.</exception>
    public static RenderedTemplate Render(
        JinjaTemplate template, ChatTemplateInput input, IEnumerable<KeyValuePair<string, string>> specialTokens, Func<DateTime>? now = null)
    {
        List<object?> messages = [.. input.Messages.Select(JinjaTemplate.Value)];
        if (!input.KeepMessages) messages = [.. messages.Select(Prepared)];
        string? last = input.ContinueFinalMessage is { } field ? MarkLast(messages, field, template.Source) : null;
        var context = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, string token) in specialTokens) context[name] = token;
        context["messages"] = new ListValue(messages);
        context["tools"] = input.Tools;
        context["documents"] = input.Documents;
        context["add_generation_prompt"] = input.AddGenerationPrompt;
        foreach ((string name, object? value) in input.Variables) context[name] = value;
        RenderedTemplate rendered = template.Render(context, now: now);
        return last is null ? rendered : CutAtSentinel(rendered, last);
    }

    private static object? Prepared(object? message)
    {
        if (message is not DictValue fields) return message;
        var kept = new DictValue();
        foreach ((object? key, object? value) in fields) if (value is not null) kept[key] = value;
        object? reasoning = ReasoningNames.Select(name => kept.TryGet(name, out object? value) ? value : null).FirstOrDefault(value => value is not null);
        if (reasoning is null) return kept;
        foreach (string name in ReasoningNames) if (!kept.TryGet(name, out _)) kept[name] = reasoning;
        return kept;
    }

    /// <summary>Puts the sentinel behind the last message's text; gives that text.</summary>
    private static string MarkLast(List<object?> messages, string field, string source)
    {
        if (messages.Count == 0 || messages[^1] is not DictValue message || !message.TryGet(field, out object? text) || text is null)
            throw TemplateException.OfValue($"continue_final_message is set but the final message has no \"{field}\" to continue!");
        if (!source.Contains(field, StringComparison.Ordinal))
            throw TemplateException.OfValue($"continue_final_message is set to \"{field}\" but this is not an accepted field in the chat_template");
        DictValue marked = Globals.Copy(message);
        messages[^1] = marked;
        if (text is SequenceValue blocks)
        {
            List<object?> copies = [.. blocks.Items];
            int at = copies.FindLastIndex(block => block is DictValue part && part.TryGet("text", out _));
            if (at < 0) throw TemplateException.OfValue("continue_final_message is set but we could not find any text to continue in the final message!");
            DictValue copy = Globals.Copy((DictValue)copies[at]!);
            copy.TryGet("text", out text);
            copy["text"] = Marked(text);
            copies[at] = copy;
            marked[field] = new ListValue(copies);
        }
        else
        {
            marked[field] = Marked(text);
        }
        return (string)text!;
    }

    private static string Marked(object? text) => text is string given ? given + Sentinel
        : throw TemplateException.OfType($"unsupported operand type(s) for +: '{PythonType.Name(text)}' and 'str'");

    private static RenderedTemplate CutAtSentinel(RenderedTemplate rendered, string last)
    {
        string text = rendered.Text, mark = PythonSpace.Trim(Sentinel);
        int at = text.LastIndexOf(mark, StringComparison.Ordinal);
        if (at < 0 || !text.Contains(PythonSpace.Trim(last), StringComparison.Ordinal))
        {
            throw TemplateException.OfValue("continue_final_message is set but the final message does not appear in the chat after applying the chat template! "
                + "This can happen if the chat template deletes portions of the final message. Please verify the chat template and final message in your chat to ensure they are compatible.");
        }
        // A template that trims the message has trimmed the sentinel's blank too, and would have trimmed the message's.
        bool trimmed = string.CompareOrdinal(text, at, Sentinel, 0, Sentinel.Length) != 0;
        string cut = trimmed ? PythonSpace.TrimEnd(text[..at]) : text[..at];
        int length = CodePoints.Length(cut);
        return new RenderedTemplate(cut, [.. rendered.Spans.Select(s => s with { Start = Math.Min(s.Start, length), End = Math.Min(s.End, length) })]);
    }
}
