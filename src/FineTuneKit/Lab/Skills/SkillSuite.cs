namespace FineTuneKit.Lab.Skills;

/// <summary>Held-out questions of the general skills; none of their prompts, names and codes is ever trained.</summary>
public static class SkillSuite
{
    private const int MostRepeats = 2_000;

    /// <summary>
    /// Distinct held-out questions, skill after skill, <paramref name="perSkill"/> each; a skill whose held-out questions
    /// run out gives fewer.
    /// </summary>
    /// <param name="perSkill">Questions for each skill, at least 1.</param>
    /// <param name="seed">The seed; equal seeds give equal suites.</param>
    /// <param name="coreOnly">True for the skills that measure forgetting; false for all.</param>
    public static IReadOnlyList<SkillItem> Build(int perSkill, long seed, bool coreOnly = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSkill);
        return [.. (coreOnly ? GeneralSkills.Core : GeneralSkills.All).SelectMany(skill => Questions(skill, perSkill, seed))];
    }

    private static List<SkillItem> Questions(Skill skill, int count, long seed)
    {
        var random = new NamedRandom($"skill-suite/{skill.Name}", seed);
        var prompts = new HashSet<string>(StringComparer.Ordinal);
        var items = new List<SkillItem>(count);
        for (int repeats = 0; items.Count < count && repeats < MostRepeats;)
        {
            var item = skill.Make(random, heldOut: true);
            if (prompts.Add(item.PromptText)) items.Add(item);
            else repeats++;
        }
        return items;
    }
}

/// <summary>Scores answers to the questions of a suite.</summary>
public static class SkillScore
{
    /// <summary>
    /// True where the answer is the right one, character for character after trimming white space at both ends; JSON too
    /// is compared as text, since its one form (keys in the stated order, a space after comma and colon) is part of the skill.
    /// </summary>
    public static bool IsRight(SkillItem item, string answer) => answer.AsSpan().Trim().SequenceEqual(item.Answer.AsSpan().Trim());
}
