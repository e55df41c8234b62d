namespace FineTuneKit.Lab.Skills;

/// <summary>The general skills of the mini base model.</summary>
public static class GeneralSkills
{
    /// <summary>All skills: those that measure forgetting first, then those that only broaden the base.</summary>
    public static IReadOnlyList<Skill> All { get; } =
    [
        new CopySkill(), new ReverseSkill(), new SortSkill(), new AddSkill(), new LargerSkill(), new DateSkill(), new TranslateSkill(),
        new SentimentSkill(), new PassageSkill(), new FewShotSkill(), new LabelsSkill(), new JsonSkill(), new ExtractSkill(),
        new LongFewShotSkill(), new MatterLabelsSkill(), new HandbookSkill(), new LookupSkill(), new TopicsSkill(), new MattersSkill(), new LettersSkill(), new CountingSkill(), .. LetterSkill.All, new FormSkill(), new PoliteSkill(),
    ];

    /// <summary>The thirteen skills by which forgetting is measured.</summary>
    public static IReadOnlyList<Skill> Core { get; } = [.. All.Where(s => s.Core)];

    /// <summary>The skill of a name.</summary>
    /// <exception cref="InputException">No skill has this name.</exception>
    public static Skill Named(string name) =>
        All.FirstOrDefault(s => s.Name == name) ?? throw new InputException($"no skill \"{name}\"; there are {string.Join(", ", All.Select(s => s.Name))}");
}
