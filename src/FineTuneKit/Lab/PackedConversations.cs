using FineTuneKit.Lab.Skills;
using FineTuneKit.Text;
using FineTuneKit.Training;

namespace FineTuneKit.Lab;

/// <summary>
/// The endless text of pretraining: each row is filled with whole conversations. A row is a function of its number and
/// the seed, so a run resumes anywhere.
/// </summary>
public sealed class PackedConversations(SkillCorpus corpus, ChatTemplate template, PretrainingOptions options)
{
    // A row is closed after so many conversations that no longer fit.
    private const int Misfits = 3;

    // More conversations than any row holds, so that no two rows share one.
    private const int IndicesPerRow = 256;

    /// <summary>The row of a number, 0 being the first.</summary>
    public TrainingExample Row(long number)
    {
        var random = new NamedRandom($"pretraining/row/{number}", options.Seed);
        var ids = new List<int>(options.RowTokens);
        var mask = new List<bool>(options.RowTokens);
        var segments = new List<int>();
        for (int i = 0, misfits = 0; i < IndicesPerRow && misfits < Misfits; i++)
        {
            RenderedChat chat = template.Render(corpus.At(number * IndicesPerRow + i).Conversation);
            if (ids.Count + chat.Ids.Length > options.RowTokens)
            {
                misfits++;
                continue;
            }
            bool whole = random.Chance(options.WholeTextShare);
            for (int t = 0; t < chat.Ids.Length; t++)
            {
                ids.Add(chat.Ids[t]);
                mask.Add(t > 0 && (whole || chat.Mask[t]));
            }
            segments.Add(chat.Ids.Length);
        }
        return new TrainingExample([.. ids], [.. mask], $"row {number}") { Segments = segments };
    }
}
