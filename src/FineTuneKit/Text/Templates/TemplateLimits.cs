using System.Runtime.CompilerServices;

namespace FineTuneKit.Text.Templates;

/// <summary>How much a template may do before it counts as hostile.</summary>
public sealed record TemplateLimits
{
    /// <summary>Default 20,000,000. Expressions evaluated, statements run and items looked at.</summary>
    public long Steps { get; init; } = 20_000_000;

    /// <summary>Default 2²⁷. Characters of all texts that are made on the way, and 8 for each item of a list.</summary>
    public long Characters { get; init; } = 1L << 27;

    /// <summary>Default 100. Macros and loops that call one another.</summary>
    public int Depth { get; init; } = 100;
}

/// <summary>What is left of the limits while one template is rendered.</summary>
internal sealed class TemplateBudget(TemplateLimits limits)
{
    // The largest integer, in bits: far beyond any template's need, small enough that arithmetic stays fast.
    public const int IntegerBits = 1 << 14;

    private long _steps = limits.Steps;
    private long _characters = limits.Characters;
    private int _depth;

    public void Step(long count = 1)
    {
        if ((_steps -= count) < 0) throw Exceeded($"more than {limits.Steps:N0} steps");
    }

    /// <summary>Called before a text of that length is made.</summary>
    public void Text(long length)
    {
        if (length < 0 || (_characters -= length) < 0) throw Exceeded($"more than {limits.Characters:N0} characters");
    }

    /// <summary>Called before a list of that length is made.</summary>
    public void Items(long count) => Text(count * 8);

    public void Enter()
    {
        if (++_depth > limits.Depth) throw Exceeded($"macros or loops nested more than {limits.Depth} deep");
    }

    public void Leave() => _depth--;

    /// <summary>Called where the interpreter calls itself, so that nesting ends in an error and not in a crash.</summary>
    public static void RequireStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Exceeded("nesting is too deep");
    }

    private static TemplateException Exceeded(string what) => new(TemplateErrorKind.Limit, $"the template goes beyond its limits: {what}");
}
