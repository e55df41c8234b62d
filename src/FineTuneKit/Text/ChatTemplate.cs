using System.Security.Cryptography;
using System.Text;
using FineTuneKit.Data;
using FineTuneKit.Records;

namespace FineTuneKit.Text;

/// <summary>A conversation as tokens: <paramref name="Mask"/> is true where a token is to be learned.</summary>
public sealed record RenderedChat(int[] Ids, bool[] Mask);

/// <summary>
/// Turns conversations into tokens and the mask of what is learned, span by span: the texts between control tokens are
/// tokenised one by one, so no merge crosses a border, and control tokens that a user writes stay plain characters.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>The file name in a model's folder.</summary>
    public const string FileName = "chat_template.jinja";

    private const string End = "<|end|>";

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
    private readonly Dictionary<string, int> _roles;
    private readonly int _endId;

    private ChatTemplate(Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _roles = new(StringComparer.Ordinal)
        {
            ["system"] = Required("<|system|>"),
            ["user"] = Required("<|user|>"),
            ["assistant"] = Required("<|assistant|>"),
        };
        _endId = Required(End);
    }

    /// <summary>The template's text.</summary>
    public string Source => KitSource;

    /// <summary>SHA-256 of the template's text in hexadecimal; an adapter keeps it to be sure of its template.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KitSource)));

    /// <summary>Ids after which an answer is complete.</summary>
    public IReadOnlyList<int> StopIds => [_endId];

    /// <summary>The kit's own template: <c>&lt;|system|&gt;S&lt;|user|&gt;U&lt;|assistant|&gt;A&lt;|end|&gt;</c>, the system message optional.</summary>
    /// <exception cref="InputException">The tokeniser lacks one of the control tokens.</exception>
    public static ChatTemplate ForKit(Tokenizer tokenizer) => new(tokenizer);

    /// <summary>Reads the template of a model: <c>chat_template.jinja</c>, else the key in <c>tokenizer_config.json</c>.</summary>
    /// <exception cref="InputException">There is none, or it is not one that the kit can render.</exception>
    public static ChatTemplate Load(string modelFolder, Tokenizer tokenizer)
    {
        string file = Path.Combine(modelFolder, FileName);
        string? source = null;
        if (File.Exists(file))
        {
            source = File.ReadAllText(file);
        }
        else
        {
            file = Path.Combine(modelFolder, Tokenizer.ConfigFileName);
            source = tokenizer.Config.ChatTemplate;
        }
        if (source is null)
            throw new InputException($"{modelFolder}: no chat template; {FileName}, or chat_template in {Tokenizer.ConfigFileName}, is required");
        if (source.ReplaceLineEndings("\n").TrimEnd('\n') != KitSource)
            throw new InputException($"{file}: this chat template cannot be rendered; only the kit's own is supported, which ftk pretrain writes");
        return new(tokenizer);
    }

    /// <summary>Writes <c>chat_template.jinja</c> into a model's folder.</summary>
    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), KitSource);

    /// <summary>
    /// The tokens of a conversation. Without <paramref name="addGenerationPrompt"/> it must end with an answer and the
    /// mask covers every answer with its end token; with it, it ends where the next answer is to begin.
    /// </summary>
    /// <exception cref="InputException">The conversation is empty, has a role that the template does not know or at a place
    /// where it cannot stand, has an empty answer, or does not end with an answer where one is to be learned.</exception>
    public RenderedChat Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false)
    {
        if (messages.Count == 0) throw new InputException("the conversation is empty; at least one message is required");
        if (!addGenerationPrompt && messages[^1].Role != "assistant")
            throw new InputException($"the conversation ends with a message of role '{messages[^1].Role}'; it must end with the assistant's answer, which is learned");
        for (int i = 0; i < messages.Count; i++) Check(messages[i], i);
        return RenderTokens([.. messages.Select(m => (m.Role, _tokenizer.EncodePlain(m.Content)))], addGenerationPrompt);
    }

    /// <summary>The tokens of a conversation whose texts are tokens already; the roles count as checked.</summary>
    internal RenderedChat RenderTokens(IReadOnlyList<(string Role, int[] Content)> messages, bool addGenerationPrompt = false)
    {
        var ids = new List<int>();
        var mask = new List<bool>();
        foreach ((string role, int[] content) in messages)
        {
            Add(_roles[role], learned: false);
            bool isAnswer = role == "assistant";
            foreach (int id in content) Add(id, isAnswer);
            if (isAnswer) Add(_endId, learned: true);
        }
        if (addGenerationPrompt) Add(_roles["assistant"], learned: false);
        return new([.. ids], [.. mask]);

        void Add(int id, bool learned)
        {
            ids.Add(id);
            mask.Add(learned);
        }
    }

    private void Check(ChatMessage message, int index)
    {
        if (!_roles.ContainsKey(message.Role))
            throw new InputException($"message {index + 1} has the role '{message.Role}'; the template knows {string.Join(", ", _roles.Keys)}");
        if (message.Role == "system" && index > 0)
            throw new InputException($"message {index + 1} is a system message; only the first may be one");
        if (message.Role == "assistant" && string.IsNullOrWhiteSpace(message.Content))
            throw new InputException($"message {index + 1} is an empty answer: there is nothing to learn");
    }

    private int Required(string token) => _tokenizer.TokenToId(token)
        ?? throw new InputException($"the tokenizer has no token '{token}'; the kit's chat template needs <|system|>, <|user|>, <|assistant|> and {End}");
}
