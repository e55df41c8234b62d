using FineTuneKit.Data;

namespace FineTuneKit.Lab.Skills;

/// <summary>
/// The text from which the mini base model is pretrained: an endless stream of conversations, each a function of the
/// seed and its index alone, so a resumed run goes on where it stood. A skill's weight is its share of the text, not
/// of the conversations: long ones are drawn less often.
/// </summary>
public sealed class SkillCorpus
{
    private const int MeasuredItems = 200;

    private static readonly Lazy<double[]> MeanLengths = new(() => [.. GeneralSkills.All.Select(MeanLength)]);

    private readonly long _seed;
    private readonly double[][] _shares;

    /// <summary>The stream of a seed.</summary>
    public SkillCorpus(long seed)
    {
        _seed = seed;
        _shares = [.. Enum.GetValues<Mixture>().Select(Cumulative)];
    }

    /// <summary>The conversation at an index from 0: its prompt and answer are <see cref="SkillItem.Conversation"/>.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="mixture">By which weights the skill is drawn.</param>
    public SkillItem At(long index, Mixture mixture = Mixture.Later)
    {
        var random = new NamedRandom($"skill-corpus/{index}", _seed);
        double draw = random.NextDouble();
        int skill = Array.FindIndex(_shares[(int)mixture], c => draw < c);
        return GeneralSkills.All[skill < 0 ? ^1 : skill].Make(random, heldOut: false);
    }

    /// <summary>The conversations from an index on, without end.</summary>
    public IEnumerable<SkillItem> From(long index, Mixture mixture = Mixture.Later)
    {
        for (; ; index++) yield return At(index, mixture);
    }

    /// <summary>Conversations as rows of data: what a run replays so that the base does not forget it.</summary>
    /// <param name="count">Rows, 1 or more.</param>
    /// <param name="from">The index of the first, 0 or more.</param>
    public IReadOnlyList<Row> Rows(int count, long from = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return [.. From(from).Take(count).Select((item, i) => new Row
        {
            Origin = new RowOrigin($"skill-corpus/seed {_seed}", checked((int)(from + i) + 1)),
            Messages = item.Conversation,
            Label = item.Skill,
            Language = item.Language,
        })];
    }

    /// <summary>A rough count of tokens under a byte-level vocabulary of a few thousand entries that has seen such text.</summary>
    internal static double EstimatedTokens(SkillItem item) => item.Conversation.Sum(m => 1 + m.Content.Sum(c => c switch
    {
        >= '0' and <= '9' => 1.0,
        < '\u0080' => 0.32,
        _ => 0.7,
    }));

    private static double[] Cumulative(Mixture mixture)
    {
        var rates = GeneralSkills.All.Zip(MeanLengths.Value, (skill, length) => skill.Weight(mixture) / length).ToArray();
        double sum = 0, total = rates.Sum();
        return [.. rates.Select(rate => sum += rate / total)];
    }

    private static double MeanLength(Skill skill)
    {
        var random = new NamedRandom($"skill-length/{skill.Name}", 0);
        return Enumerable.Range(0, MeasuredItems).Average(_ => EstimatedTokens(skill.Make(random, heldOut: false)));
    }
}
