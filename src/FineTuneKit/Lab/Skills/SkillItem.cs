using FineTuneKit.Data;

namespace FineTuneKit.Lab.Skills;

/// <summary>A question of a general skill with its one right answer.</summary>
/// <param name="Skill">The skill's name.</param>
/// <param name="Messages">The prompt: an optional system line, earlier turns with their answers, and the last user message.</param>
/// <param name="Answer">The one right answer to the last message.</param>
/// <param name="Language"><c>en</c> or <c>ja</c>: the language of the instruction.</param>
public sealed record SkillItem(string Skill, IReadOnlyList<ChatMessage> Messages, string Answer, string Language)
{
    /// <summary>Prompt and answer: what is trained.</summary>
    public IReadOnlyList<ChatMessage> Conversation => [.. Messages, new ChatMessage("assistant", Answer)];

    /// <summary>The whole prompt as one string; items of equal prompts are the same question.</summary>
    public string PromptText => string.Join('\n', Messages.Select(m => $"{m.Role}: {m.Content}"));
}
