namespace FineTuneKit.Text.Templates;

/// <summary>
/// The assistant's parts of a conversation whose template does not mark them: an answer is what stands between the
/// text up to the prompt for it and the text up to and with it. That holds only where each of these texts begins the
/// whole, so a template that changes earlier turns, as those that drop old reasoning do, is refused.
/// </summary>
internal static class AnswerSpans
{
    /// <summary>Spans of the wanted answers, end tokens and what the template writes after them included.</summary>
    /// <param name="whole">The text of the whole conversation.</param>
    /// <param name="messageCount">Its messages.</param>
    /// <param name="answers">Places of the wanted answers among the messages, rising.</param>
    /// <param name="render">The text of the first so many messages, with or without a prompt for the next answer.</param>
    /// <exception cref="InputException">The text of the beginning is no beginning of the text.</exception>
    public static List<GenerationSpan> Of(string whole, int messageCount, IReadOnlyList<int> answers, Func<int, bool, string> render)
    {
        var spans = new List<GenerationSpan>();
        foreach (int answer in answers)
        {
            string prompt = render(answer, true), through = answer + 1 == messageCount ? whole : render(answer + 1, false);
            if (!through.StartsWith(prompt, StringComparison.Ordinal) || !whole.StartsWith(through, StringComparison.Ordinal))
            {
                throw new InputException($"message {answer + 1}: the chat template does not mark what the assistant says with {{% generation %}}, and the text up to this answer "
                    + "is no beginning of the whole text, so its place is not known; a template with {% generation %} is required");
            }
            spans.Add(new GenerationSpan(CodePoints.Length(prompt), CodePoints.Length(through), IsPlaced: true));
        }
        return spans;
    }
}
