using System.Text.Json;
using FineTuneKit.Text;
using FineTuneKit.Text.Templates;

namespace FineTuneKit.Training.Supervised;

/// <summary>One JSON row as tokens and what of them is learned.</summary>
internal sealed class SupervisedRowReader(Tokenizer tokenizer, ChatTemplate? template, SupervisedOptions options)
{
    private static readonly string[] RoleNames = ["role", "from"], ContentNames = ["content", "value"];

    private readonly string? _end = options.EndToken ?? tokenizer.Config.EndToken;

    public SupervisedRow Read(JsonElement row, string origin)
    {
        try
        {
            return ReadShape(row, origin);
        }
        catch (InputException e) when (!e.Message.StartsWith(origin, StringComparison.Ordinal))
        {
            throw new InputException($"{origin}: {e.Message}", e);
        }
    }

    private SupervisedRow ReadShape(JsonElement row, string origin)
    {
        if (row.ValueKind != JsonValueKind.Object) throw new InputException($"the row is {row.ValueKind}; an object is required");
        if (row.TryGetProperty("input_ids", out JsonElement ids)) return Tokenized(row, ids, origin);
        if (row.TryGetProperty("messages", out JsonElement messages) || row.TryGetProperty("conversations", out messages)) return Conversation(row, messages, origin);
        if (row.TryGetProperty("prompt", out JsonElement prompt) && row.TryGetProperty("completion", out JsonElement completion))
            return prompt.ValueKind == JsonValueKind.Array ? ChatPair(row, prompt, completion, origin) : TextPair(Text(prompt, "prompt"), Text(completion, "completion"), origin);
        if (row.TryGetProperty(options.TextField, out JsonElement text)) return Plain(Text(text, options.TextField), origin);
        throw new InputException($"found the keys {string.Join(", ", row.EnumerateObject().Select(p => $"\"{p.Name}\""))}; {options.TextField}, messages, prompt + completion or input_ids are required");
    }

    private SupervisedRow Plain(string text, string origin)
    {
        RequireChat(false);
        int[] ids = Encode(Ended(text));
        return new(ids, All(ids), origin);
    }

    private SupervisedRow TextPair(string prompt, string completion, string origin)
    {
        RequireChat(false);
        int[] ids = Encode(prompt + Ended(completion));
        return new(ids, options.CompletionOnly == false ? All(ids) : After(Encode(prompt), ids), origin);
    }

    private SupervisedRow ChatPair(JsonElement row, JsonElement prompt, JsonElement completion, string origin)
    {
        ChatTemplateInput input = Input(row, prompt.EnumerateArray().Concat(completion.EnumerateArray()));
        (int[] ids, bool[] learned) = Chat(input);
        if (options.CompletionOnly == false) return new(ids, learned, origin);
        (RenderedTemplate rendered, IReadOnlyList<(int, int)> plain) = Render(Input(row, prompt.EnumerateArray()) with { AddGenerationPrompt = true });
        bool[] completed = After(tokenizer.EncodeRendered(rendered.Text, plain).IdList, ids);
        return new(ids, [.. learned.Zip(completed, (a, b) => a && b)], origin);
    }

    private SupervisedRow Conversation(JsonElement row, JsonElement messages, string origin)
    {
        if (messages.ValueKind != JsonValueKind.Array) throw new InputException($"the messages are {messages.ValueKind}; an array is required");
        (int[] ids, bool[] learned) = Chat(Input(row, messages.EnumerateArray()));
        return new(ids, learned, origin);
    }

    private SupervisedRow Tokenized(JsonElement row, JsonElement ids, string origin)
    {
        int[] tokens = [.. ids.EnumerateArray().Select(id => id.GetInt32())];
        bool[] learned = All(tokens);
        void And(string name, Func<int, bool> holds)
        {
            if (!row.TryGetProperty(name, out JsonElement values)) return;
            if (values.GetArrayLength() != tokens.Length) throw new InputException($"\"{name}\" has {values.GetArrayLength()} entries for {tokens.Length} tokens");
            int at = 0;
            foreach (JsonElement value in values.EnumerateArray()) learned[at++] &= holds(value.GetInt32());
        }
        And("labels", label => label != SupervisedBatch.Ignored);
        And("assistant_masks", mask => mask != 0);
        if (options.CompletionOnly == true) And("completion_mask", mask => mask != 0);
        return new(tokens, learned, origin);
    }

    /// <summary>A conversation's tokens; all are learned, or what the assistant says.</summary>
    private (int[] Ids, bool[] Learned) Chat(ChatTemplateInput input)
    {
        RequireChat(true);
        if (!options.AssistantOnly)
        {
            (RenderedTemplate whole, IReadOnlyList<(int, int)> outside) = Render(input);
            int[] all = [.. tokenizer.EncodeRendered(whole.Text, outside).IdList];
            return (all, All(all));
        }
        if (!options.AsTrl)
        {
            RenderedChat chat = template!.Render(input);
            return (chat.Ids, chat.Mask);
        }
        if (!template!.MarksAnswers) throw new InputException("the chat template does not mark what the assistant says with {% generation %}, which is required to learn that alone");
        RenderedTemplate rendered = template.RenderText(input);
        EncodedText encoded = tokenizer.EncodeRendered(rendered.Text, [], trimOffsets: true);
        bool[] mask = AssistantMask.AsTrl(encoded, rendered.Spans);
        return mask.Contains(true) ? ([.. encoded.IdList], mask)
            : throw new InputException("nothing to learn: the chat template marks no part of this conversation as the assistant's");
    }

    private (RenderedTemplate Rendered, IReadOnlyList<(int Start, int End)> Plain) Render(ChatTemplateInput input)
    {
        RequireChat(true);
        return options.AsTrl ? (template!.RenderText(input), []) : template!.RenderGuarded(input);
    }

    private static ChatTemplateInput Input(JsonElement row, IEnumerable<JsonElement> messages) => new()
    {
        Messages = [.. messages.Select(Message)],
        Tools = Tools(row),
        Variables = row.TryGetProperty("chat_template_kwargs", out JsonElement variables) && variables.ValueKind == JsonValueKind.Object
            ? variables.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value, StringComparer.Ordinal) : new Dictionary<string, object?>(StringComparer.Ordinal),
    };

    /// <summary>A message; the names of ShareGPT become those of OpenAI.</summary>
    private static object Message(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new InputException($"a message is {message.ValueKind}; an object with \"role\" and \"content\" is required");
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (JsonProperty field in message.EnumerateObject())
            fields[field.Name == RoleNames[1] ? RoleNames[0] : field.Name == ContentNames[1] ? ContentNames[0] : field.Name] = field.Value;
        return fields;
    }

    /// <summary>Tools as a list, or as JSON in a text, which is how columns of tables hold them.</summary>
    private static List<object?>? Tools(JsonElement row)
    {
        if (!row.TryGetProperty("tools", out JsonElement tools) || tools.ValueKind == JsonValueKind.Null) return null;
        if (tools.ValueKind == JsonValueKind.String)
        {
            using JsonDocument parsed = JsonDocument.Parse(tools.GetString()!);
            tools = parsed.RootElement.Clone();
        }
        return [.. tools.EnumerateArray().Select(tool => (object?)tool)];
    }

    private void RequireChat(bool isChat)
    {
        if (isChat && template is null) throw new InputException("the row is a chat; a chat template is required");
        if (!isChat && options.AssistantOnly) throw new InputException("only what the assistant says is to be learned, but the row is no chat");
    }

    private string Ended(string text) => _end is null || text.EndsWith(_end, StringComparison.Ordinal) ? text : text + _end;

    private int[] Encode(string text) => [.. tokenizer.EncodeText(text).IdList];

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new InputException($"\"{name}\" is {value.ValueKind}; a text is required");

    private static bool[] All(int[] ids) => [.. Enumerable.Repeat(true, ids.Length)];

    /// <summary>
    /// The completion begins where the tokens of the whole leave those of the prompt: a prompt that ends in a blank, or a
    /// merge across the border, moves that place into the prompt.
    /// </summary>
    private static bool[] After(IReadOnlyList<int> prompt, int[] whole)
    {
        int start = 0;
        while (start < prompt.Count && start < whole.Length && prompt[start] == whole[start]) start++;
        return [.. whole.Select((_, i) => i >= start)];
    }
}
