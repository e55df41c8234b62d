namespace FineTuneKit.Lab.Skills;

/// <summary>Each skill's share of the text of pretraining, relative to the others of its <see cref="Mixture"/>.</summary>
internal static class SkillWeights
{
    // By skill: opening, later, broadening, sharpening. What needs copying and choosing is worth its tokens once the
    // model can copy; what is nearly right at the end of a stage is kept alive in the next with less.
    private static readonly Dictionary<string, double[]> Table = new(StringComparer.Ordinal)
    {
        ["copy"] = [3.5, 6, 6, 10],
        ["reverse"] = [3, 3, 3, 6],
        ["sort"] = [4, 4, 4, 4],
        ["add"] = [7, 5, 5, 4],
        ["larger"] = [2, 2, 2, 2],
        ["date"] = [4, 3, 3, 2],
        ["translate"] = [5, 5, 5, 5],
        ["sentiment"] = [2.5, 2.5, 2.5, 2],
        ["passage"] = [16, 36, 36, 50],
        ["few-shot"] = [6, 6, 6, 16],
        ["labels"] = [7, 10, 10, 20],
        ["json"] = [3, 3, 3, 10],
        ["extract"] = [9, 9, 9, 12],
        ["few-shot-long"] = [10, 10, 10, 10],
        ["labels-matter"] = [7, 10, 10, 10],
        ["handbook"] = [4, 4, 4, 6],
        ["lookup"] = [0, 16, 16, 12],
        ["topics"] = [14, 20, 20, 12],
        ["matters"] = [0, 0, 50, 30],
        ["letters"] = [2.5, 2.5, 2.5, 3],
        ["counting"] = [1.5, 1.5, 1.5, 2],
        ["classify"] = [8, 12, 12, 10],
        ["language"] = [2, 2, 2, 1.5],
        ["pick-code"] = [4, 4, 4, 3],
        ["pick-item"] = [5, 5, 5, 4],
        ["tone"] = [3.5, 3.5, 3.5, 3],
        ["yes-no"] = [2.5, 2.5, 2.5, 3],
        ["form"] = [15, 15, 15, 12],
        ["polite"] = [6, 4, 4, 4],
    };

    /// <summary>The weight of a skill in a mixture.</summary>
    public static double Of(string skill, Mixture mixture) => Table[skill][(int)mixture];
}

/// <summary>By which weights the skills of a conversation are drawn.</summary>
public enum Mixture
{
    /// <summary>The first steps, without what needs copying.</summary>
    Opening,

    /// <summary>The rest of the first stage.</summary>
    Later,

    /// <summary>The second stage, in which sorting by meaning under headings that change comes in.</summary>
    Broadening,

    /// <summary>The third stage, with more of what was still often wrong.</summary>
    Sharpening,
}
