using FineTuneKit.Lab.Skills;
using FineTuneKit.Text;
using FineTuneKit.Training;

namespace FineTuneKit.Lab;

/// <summary>
/// The endless text of pretraining: rows filled with whole conversations. Rows are packed a block at a time, each
/// conversation into the first row with room, so that long ones are as likely to stay as short ones. A row is a function
/// of its number and the seed, so a run resumes anywhere.
/// </summary>
public sealed class PackedConversations(SkillCorpus corpus, Tokenizer tokenizer, ChatTemplate template, PretrainingOptions options)
{
    // Rows that are packed together.
    private const int BlockRows = 32;

    // A block is full after so many conversations in a row that fit nowhere.
    private const int Misfits = 3;

    // More conversations than any block holds, so that no two blocks share one.
    private const int IndicesPerBlock = 256 * BlockRows;

    private readonly TokenCopies _tokenCopies = new(tokenizer, template);

    private long _block = -1;
    private TrainingExample[] _rows = [];

    /// <summary>The row of a number, 0 being the first.</summary>
    public TrainingExample Row(long number)
    {
        (long block, long place) = Math.DivRem(number, BlockRows);
        if (block != _block) (_block, _rows) = (block, Pack(block));
        return _rows[place];
    }

    private TrainingExample[] Pack(long block)
    {
        var random = new NamedRandom($"pretraining/block/{block}", options.Seed);
        Mixture mixture = MixtureOf(block * BlockRows / options.RowsPerStep);
        PackedRow[] rows = [.. Enumerable.Range(0, BlockRows).Select(_ => new PackedRow())];
        for (int i = 0, misfits = 0; i < IndicesPerBlock && misfits < Misfits; i++)
        {
            RenderedChat chat = random.Chance(options.TokenCopyShare)
                ? _tokenCopies.Draw(random)
                : template.Render(corpus.At(block * IndicesPerBlock + i, mixture).Conversation);
            bool whole = random.Chance(options.WholeTextShare);
            PackedRow? row = Array.Find(rows, r => r.Ids.Count + chat.Ids.Length <= options.RowTokens);
            row?.Add(chat, whole);
            misfits = row is null ? misfits + 1 : 0;
        }
        return [.. rows.Select((row, i) => row.Example($"row {block * BlockRows + i}"))];
    }

    private Mixture MixtureOf(long step) =>
        step < options.OpeningSteps ? Mixture.Opening
        : step < options.Steps ? Mixture.Later
        : step < options.Steps + options.BroadeningSteps ? Mixture.Broadening
        : Mixture.Sharpening;

    /// <summary>Conversations of a row that do not see each other.</summary>
    private sealed class PackedRow
    {
        private readonly List<bool> _mask = [];
        private readonly List<int> _segments = [];

        public List<int> Ids { get; } = [];

        public void Add(RenderedChat chat, bool whole)
        {
            for (int t = 0; t < chat.Ids.Length; t++)
            {
                Ids.Add(chat.Ids[t]);
                _mask.Add(t > 0 && (whole || chat.Mask[t]));
            }
            _segments.Add(chat.Ids.Length);
        }

        public TrainingExample Example(string origin) => new([.. Ids], [.. _mask], origin) { Segments = _segments };
    }
}
