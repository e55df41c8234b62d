using FineTuneKit.Data;
using FineTuneKit.Text;

namespace FineTuneKit.Training;

/// <summary>Rows of data as the trainer takes them.</summary>
public static class TrainingRows
{
    /// <summary>A row as tokens and mask.</summary>
    /// <exception cref="InputException">The template cannot render the row; the message names its file and line.</exception>
    public static TrainingExample Of(Row row, ChatTemplate template)
    {
        try
        {
            RenderedChat chat = template.Render(row.Messages);
            return new TrainingExample(chat.Ids, chat.Mask, row.Origin.ToString());
        }
        catch (InputException e)
        {
            throw new InputException($"{row.Origin}: {e.Message}", e);
        }
    }
}
