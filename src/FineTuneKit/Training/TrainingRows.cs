using FineTuneKit.Data;
using FineTuneKit.Text;
using FineTuneKit.Text.Templates;

namespace FineTuneKit.Training;

/// <summary>Rows of data as the trainer takes them.</summary>
public static class TrainingRows
{
    /// <summary>A row as tokens and mask.</summary>
    /// <exception cref="InputException">
    /// The template cannot render the row, gives two tokens that begin a text, or nothing to learn; the message names its
    /// file and line.
    /// </exception>
    public static TrainingExample Of(Row row, ChatTemplate template)
    {
        try
        {
            RenderedChat chat = template.Render(ChatTemplateInput.Of(row));
            CheckBegin(chat, template);
            return new TrainingExample(chat.Ids, chat.Mask, row.Origin.ToString());
        }
        catch (InputException e)
        {
            throw new InputException($"{row.Origin}: {e.Message}", e);
        }
    }

    private static void CheckBegin(RenderedChat chat, ChatTemplate template)
    {
        if (template.BeginId is { } begin && chat.Ids is [var first, var second, ..] && first == begin && second == begin)
            throw new InputException($"the text begins with the token {begin} twice; the chat template writes it once more than the model was trained with");
        if (!chat.Mask.Contains(true)) throw new InputException($"nothing to learn: none of the {chat.Ids.Length} tokens belongs to an answer");
    }
}
