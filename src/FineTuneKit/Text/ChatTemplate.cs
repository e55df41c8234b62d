using System.Security.Cryptography;
using System.Text;
using FineTuneKit.Data;
using FineTuneKit.Records;
using FineTuneKit.Text.Templates;

namespace FineTuneKit.Text;

/// <summary>A conversation as tokens: <paramref name="Mask"/> is true where a token is to be learned.</summary>
public sealed record RenderedChat(int[] Ids, bool[] Mask);

/// <summary>
/// A model's chat template with its tokenizer: turns conversations into tokens and the mask of what is learned, in one
/// go. Control tokens that stand in a message stay plain characters.
/// </summary>
/// <remarks>
/// What is learned is what the template marks with <c>{% generation %}</c>. Where it marks nothing, an answer is the text
/// between the prompt for it and the prompt for the next turn (see <see cref="Render(ChatTemplateInput)"/>).
/// </remarks>
public sealed class ChatTemplate
{
    /// <summary>The file name in a model's folder.</summary>
    public const string FileName = "chat_template.jinja";

    /// <summary>The folder beside it that holds further templates by name, such as <c>tool_use.jinja</c>.</summary>
    internal const string FurtherTemplates = "additional_chat_templates";
    private const string Default = "default", ForTools = "tool_use", Assistant = "assistant";

    /// <summary>The kit's template for programs that read Jinja; what the generation block covers is learned.</summary>
    private const string KitSource = """
        {%- for message in messages %}
        {%- if message['role'] == 'system' and loop.first %}{{ '<|system|>' + message['content'] }}
        {%- elif message['role'] == 'user' %}{{ '<|user|>' + message['content'] }}
        {%- elif message['role'] == 'assistant' %}{{ '<|assistant|>' }}{% generation %}{{ message['content'] + '<|end|>' }}{% endgeneration %}
        {%- else %}{{ raise_exception('a message of role ' + message['role'] + ' cannot stand here') }}
        {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}
        """;

    private readonly Tokenizer _tokenizer;
    private readonly JinjaTemplate _template;
    private readonly JinjaTemplate _withTools;
    private readonly KeyValuePair<string, string>[] _specialTokens;
    private readonly string[] _controlTokens;
    private readonly Lazy<IReadOnlyList<int>> _stopIds;

    private ChatTemplate(JinjaTemplate template, JinjaTemplate? withTools, Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _template = template;
        _withTools = withTools ?? template;
        _specialTokens = [.. SpecialTokens(tokenizer.Config)];
        _controlTokens = [.. tokenizer.AddedTokens.Values.Where(t => t.Special).Select(t => t.Content)];
        _stopIds = new Lazy<IReadOnlyList<int>>(FindStopIds);
        string sources = withTools is null ? template.Source : template.Source + "\0" + withTools.Source;
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sources)));
    }

    /// <summary>The template's text.</summary>
    public string Source => _template.Source;

    /// <summary>SHA-256 of the template's text in hexadecimal; an adapter keeps it to be sure of its template.</summary>
    public string Hash { get; }

    /// <summary>Ids after which an answer is complete: the one that the template writes after an answer, and the tokenizer's end token.</summary>
    public IReadOnlyList<int> StopIds => _stopIds.Value;

    /// <summary>Whether the template marks the assistant's parts itself.</summary>
    public bool MarksAnswers => _template.HasGeneration;

    /// <summary>The id of the token that begins a text, or null where the tokenizer names none.</summary>
    public int? BeginId => _tokenizer.BeginId;

    /// <summary>The kit's own template: <c>&lt;|system|&gt;S&lt;|user|&gt;U&lt;|assistant|&gt;A&lt;|end|&gt;</c>, the system message optional.</summary>
    /// <exception cref="InputException">The tokeniser lacks one of the control tokens.</exception>
    public static ChatTemplate ForKit(Tokenizer tokenizer)
    {
        string[] needed = ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"];
        foreach (string token in needed)
        {
            if (tokenizer.TokenToId(token) is null)
                throw new InputException($"the tokenizer has no token '{token}'; the kit's chat template needs {string.Join(", ", needed)}");
        }
        return Of(KitSource, tokenizer);
    }

    /// <summary>A template by its text.</summary>
    /// <exception cref="InputException">The text is no template.</exception>
    public static ChatTemplate Of(string source, Tokenizer tokenizer) => new(Parse(source, "the chat template"), null, tokenizer);

    /// <summary>
    /// Reads the template of a model: <c>chat_template.jinja</c> with those of <c>additional_chat_templates</c>, else the
    /// one or the named ones of <c>tokenizer_config.json</c>. Of several, <c>default</c> is used, and <c>tool_use</c> where
    /// there are tools.
    /// </summary>
    /// <param name="modelFolder">The folder.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="name">The template to use, of several; null for the above.</param>
    /// <exception cref="InputException">There is none, none of that name, or it is no template.</exception>
    public static ChatTemplate Load(string modelFolder, Tokenizer tokenizer, string? name = null)
    {
        Dictionary<string, (string File, string Source)> templates = Find(modelFolder, tokenizer);
        if (templates.Count == 0)
            throw new InputException($"{modelFolder}: no chat template; {FileName}, or chat_template in {Tokenizer.ConfigFileName}, is required");
        if (!templates.TryGetValue(name ?? Default, out (string File, string Source) found))
            throw new InputException($"{modelFolder}: no chat template named '{name ?? Default}'; there are {string.Join(", ", templates.Keys)}");
        JinjaTemplate? withTools = name is null && templates.TryGetValue(ForTools, out (string File, string Source) tools) ? Parse(tools.Source, tools.File) : null;
        return new(Parse(found.Source, found.File), withTools, tokenizer);
    }

    /// <summary>Writes <c>chat_template.jinja</c> into a model's folder.</summary>
    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), Source);

    /// <summary>
    /// The tokens of a conversation. Without <paramref name="addGenerationPrompt"/> it must end with an answer and the
    /// mask covers every answer with its end token; with it, it ends where the next answer is to begin.
    /// </summary>
    /// <exception cref="InputException">The conversation is empty, has an empty answer, does not end with an answer where one
    /// is to be learned, or is refused by the template.</exception>
    public RenderedChat Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false) =>
        Render(ChatTemplateInput.Of(messages) with { AddGenerationPrompt = addGenerationPrompt });

    /// <summary>
    /// The tokens of a conversation with all that a template can be given. With a generation prompt or a message to be
    /// continued nothing is masked; otherwise the mask covers the answers: what the template marks with
    /// <c>{% generation %}</c>, or, where it marks nothing, what stands between the text of the messages before an answer
    /// with a prompt for it, and the text with the answer, up to the last control token there. A message of the assistant
    /// with <c>weight</c> 0 is not learned (OpenAI's format).
    /// </summary>
    /// <exception cref="InputException">As above, or the place of an answer in the text cannot be known.</exception>
    public RenderedChat Render(ChatTemplateInput input)
    {
        if (input.Messages.Count == 0) throw new InputException("the conversation is empty; at least one message is required");
        bool learns = !input.AddGenerationPrompt && input.ContinueFinalMessage is null;
        if (learns) CheckAnswers(input);
        (RenderedTemplate rendered, IReadOnlyList<(int Start, int End)> plain) = RenderGuarded(input);
        EncodedText encoded = _tokenizer.EncodeRendered(rendered.Text, plain);
        return new RenderedChat([.. encoded.IdList], learns ? AssistantMask.Of(encoded, Learned(input, rendered)) : new bool[encoded.TokenCount]);
    }

    /// <summary>The text of a conversation, as the model is given it.</summary>
    /// <exception cref="InputException">The template refuses the conversation.</exception>
    public RenderedTemplate RenderText(ChatTemplateInput input)
    {
        try
        {
            return ChatRendering.Render(input.Tools is null ? _template : _withTools, input, _specialTokens);
        }
        catch (TemplateException e)
        {
            throw new InputException($"the chat template cannot render this conversation: {e.Message}{(e.Line > 0 ? $" (line {e.Line} of the template)" : "")}", e);
        }
    }

    /// <summary>The tokens of a conversation whose texts are tokens already.</summary>
    internal RenderedChat RenderTokens(IReadOnlyList<(string Role, int[] Content)> messages)
    {
        // Each content is rendered as a private character, for which its tokens are put in.
        const int First = 0xF0000;
        RenderedTemplate rendered = RenderText(ChatTemplateInput.Of(messages.Select((m, i) => new ChatMessage(m.Role, char.ConvertFromUtf32(First + i)))));
        var ids = new List<int>();
        var mask = new List<bool>();
        int place = 0;
        string rest = rendered.Text;
        for (int i = 0; i < messages.Count; i++)
        {
            int at = rest.IndexOf(char.ConvertFromUtf32(First + i), StringComparison.Ordinal);
            if (at < 0) throw new InputException($"message {i + 1} does not stand in the rendered text");
            AddText(rest[..at]);
            bool learned = IsLearned(place);
            ids.AddRange(messages[i].Content);
            mask.AddRange(Enumerable.Repeat(learned, messages[i].Content.Length));
            place++;
            rest = rest[(at + 2)..];
        }
        AddText(rest);
        return new([.. ids], [.. mask]);

        bool IsLearned(int codePoint) => rendered.Spans.Any(s => s.Start <= codePoint && codePoint < s.End);

        void AddText(string text)
        {
            EncodedText encoded = _tokenizer.EncodeRendered(text, []);
            ids.AddRange(encoded.IdList);
            mask.AddRange(encoded.OffsetList.Select(o => IsLearned(place + o.Start)));
            place += CodePoints.Length(text);
        }
    }

    /// <summary>The text with what came from outside told apart from what the template wrote.</summary>
    internal (RenderedTemplate Rendered, IReadOnlyList<(int Start, int End)> Plain) RenderGuarded(ChatTemplateInput input) =>
        ControlTokenGuard.For(input, _controlTokens) is not { } guard ? (RenderText(input), []) : guard.Uncover(RenderText(guard.Cover(input)));

    private static Dictionary<string, (string File, string Source)> Find(string folder, Tokenizer tokenizer)
    {
        var templates = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        string file = Path.Combine(folder, FileName), further = Path.Combine(folder, FurtherTemplates), config = Path.Combine(folder, Tokenizer.ConfigFileName);
        if (File.Exists(file)) templates[Default] = (file, File.ReadAllText(file));
        if (Directory.Exists(further))
        {
            foreach (string path in Directory.GetFiles(further, "*.jinja").Order(StringComparer.Ordinal))
                templates[Path.GetFileNameWithoutExtension(path)] = (path, File.ReadAllText(path));
        }
        if (templates.Count > 0) return templates;
        if (tokenizer.Config.ChatTemplate is { } source) templates[Default] = (config, source);
        foreach ((string name, string text) in tokenizer.Config.NamedChatTemplates) templates[name] = (config, text);
        return templates;
    }

    private static JinjaTemplate Parse(string source, string file)
    {
        try
        {
            return JinjaTemplate.Parse(source);
        }
        catch (TemplateException e)
        {
            throw new InputException($"{file}: line {e.Line}: this is no chat template: {e.Message}", e);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> SpecialTokens(TokenizerConfig config) =>
        new[] { ("bos_token", config.BeginToken), ("eos_token", config.EndToken), ("unk_token", config.UnknownToken), ("pad_token", config.PadToken) }
            .Where(t => t.Item2 is not null).Select(t => KeyValuePair.Create(t.Item1, t.Item2!));

    private static void CheckAnswers(ChatTemplateInput input)
    {
        for (int i = 0; i < input.Messages.Count; i++)
        {
            DictValue? message = JinjaTemplate.Value(input.Messages[i]) as DictValue;
            object? role = Field(message, "role"), content = Field(message, "content");
            bool last = i + 1 == input.Messages.Count;
            if (last && role is not Assistant)
                throw new InputException($"the conversation ends with a message of role '{PythonText.Str(role)}'; it must end with the assistant's answer, which is learned");
            if (role is Assistant && content is string text && string.IsNullOrWhiteSpace(text) && Field(message, "tool_calls") is null)
                throw new InputException($"message {i + 1} is an empty answer: there is nothing to learn");
        }
    }

    private static object? Field(DictValue? message, string name) => message is not null && message.TryGet(name, out object? value) ? value : null;

    /// <summary>The spans that are learned.</summary>
    private List<GenerationSpan> Learned(ChatTemplateInput input, RenderedTemplate rendered)
    {
        List<DictValue?> messages = [.. input.Messages.Select(m => JinjaTemplate.Value(m) as DictValue)];
        List<int> answers = [.. Enumerable.Range(0, messages.Count).Where(i => Field(messages[i], "role") is Assistant)];
        bool weighted = answers.Exists(i => Field(messages[i], "weight") is not null);
        HashSet<int> wanted = [.. answers.Where(i => Weight(messages[i], i) && (input.Learned == LearnedTurns.All || i == answers[^1]))];
        if (!(input.Tools is null ? _template : _withTools).HasGeneration)
        {
            List<GenerationSpan> found = AnswerSpans.Of(rendered.Text, messages.Count, [.. wanted.Order()], (count, prompt) =>
                RenderGuarded(input with { Messages = [.. input.Messages.Take(count)], AddGenerationPrompt = prompt }).Rendered.Text);
            return [.. found.Select(s => UpToControlToken(rendered.Text, s))];
        }
        RequirePlaced(rendered);
        if (wanted.Count == answers.Count) return [.. rendered.Spans];
        if (!weighted && rendered.Spans.Count > 0) return [rendered.Spans[^1]];
        if (rendered.Spans.Count != answers.Count)
        {
            throw new InputException($"the chat template marks {rendered.Spans.Count} parts of a conversation with {answers.Count} answers, "
                + "so they cannot be told apart; weights of messages need one part for each answer");
        }
        return [.. rendered.Spans.Where((_, i) => wanted.Contains(answers[i]))];
    }

    private static bool Weight(DictValue? message, int index) => Field(message, "weight") switch
    {
        null or 1L or 1.0 => true,
        0L or 0.0 => false,
        object other => throw new InputException($"message {index + 1} has the weight {PythonText.Str(other)}; 0 or 1 is required"),
    };

    private static void RequirePlaced(RenderedTemplate rendered)
    {
        if (rendered.Spans.Any(s => !s.IsPlaced))
            throw new InputException("the chat template has {% generation %} within a macro, a call, a filter or a set block, so the place of an answer in the text is not known; it is required in the template itself");
    }

    /// <summary>Without what the template writes after an answer's end token, such as a newline.</summary>
    private GenerationSpan UpToControlToken(string text, GenerationSpan span)
    {
        int start = CodePoints.UnitOf(text, span.Start), end = CodePoints.UnitOf(text, span.End);
        int last = start;
        foreach (string token in _controlTokens)
        {
            int at = text.LastIndexOf(token, end - 1, end - start, StringComparison.Ordinal);
            if (at >= 0) last = Math.Max(last, at + token.Length);
        }
        return last == start || !string.IsNullOrWhiteSpace(text[last..end]) ? span : span with { End = span.Start + CodePoints.Length(text.AsSpan(start, last - start)) };
    }

    private List<int> FindStopIds()
    {
        var ids = new List<int>();
        const string Answer = "ANSWER";
        try
        {
            string text = RenderText(ChatTemplateInput.Of([new("user", "QUESTION"), new(Assistant, Answer)])).Text;
            int after = text.LastIndexOf(Answer, StringComparison.Ordinal) + Answer.Length;
            List<int> following = after > Answer.Length ? _tokenizer.EncodeRendered(text[after..], []).IdList : [];
            int end = following.FindIndex(id => _tokenizer.AddedTokens.TryGetValue(id, out AddedToken? token) && token.Special);
            if (end >= 0) ids.Add(following[end]);
        }
        catch (InputException)
        {
            // A template that takes no plain question has no end to show; the tokenizer's own remains.
        }
        if (_tokenizer.EndId is { } endId && !ids.Contains(endId)) ids.Add(endId);
        return ids;
    }
}
