using System.Collections;
using System.Text.Json;

namespace FineTuneKit.Text.Templates;

/// <summary>
/// Where a <c>{% generation %}</c> block printed, in Unicode code points, the end exclusive. Within a macro or a block
/// that is kept for later the place is where the template stood then, as transformers has it; <paramref name="IsPlaced"/>
/// is false there.
/// </summary>
public readonly record struct GenerationSpan(int Start, int End, bool IsPlaced);

/// <summary>What a template printed.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Spans">The assistant's parts, in the order in which they ended.</param>
public sealed record RenderedTemplate(string Text, IReadOnlyList<GenerationSpan> Spans);

/// <summary>
/// A template of Jinja in the environment that transformers gives chat templates: sandboxed, nothing can be changed,
/// <c>trim_blocks</c>, <c>lstrip_blocks</c>, loop controls, <c>{% generation %}</c>, <c>tojson</c>,
/// <c>raise_exception</c> and <c>strftime_now</c>. It is immutable; threads may share it.
/// </summary>
/// <remarks>https://jinja.palletsprojects.com/en/stable/templates/</remarks>
public sealed class JinjaTemplate
{
    private readonly IReadOnlyList<Statement> _body;

    private JinjaTemplate(string source, IReadOnlyList<Statement> body) => (Source, _body, HasGeneration) = (source, body, Has(body));

    /// <summary>The template's text.</summary>
    public string Source { get; }

    /// <summary>Whether it marks the assistant's parts with <c>{% generation %}</c>.</summary>
    public bool HasGeneration { get; }

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">The text is no template.</exception>
    public static JinjaTemplate Parse(string source) => new(source, Parser.Parse(source));

    /// <summary>Prints the template with the given variables.</summary>
    /// <param name="context">
    /// Variables: null, texts, booleans, integers, floats, dictionaries with texts as keys, sequences, JSON elements.
    /// </param>
    /// <param name="limits">How much it may do; null for the defaults.</param>
    /// <param name="now">The clock of <c>strftime_now</c>; null for the machine's.</param>
    /// <exception cref="TemplateException">The template refuses its input, or an operation in it fails.</exception>
    public RenderedTemplate Render(IEnumerable<KeyValuePair<string, object?>> context, TemplateLimits? limits = null, Func<DateTime>? now = null)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, object? value) in context) values[name] = Value(value);
        var evaluator = new Evaluator(values, limits ?? new TemplateLimits(), now ?? (() => DateTime.Now));
        string text = evaluator.Render(_body);
        return new RenderedTemplate(text, evaluator.Spans);
    }

    /// <summary>A .NET value as one of templates.</summary>
    /// <exception cref="ArgumentException">There is no such value in templates.</exception>
    internal static object? Value(object? value) => value switch
    {
        null or string or bool or long or double or DictValue or SequenceValue or System.Numerics.BigInteger => value,
        int number => (long)number,
        float real => (double)real,
        JsonElement json => JsonText.Read(json),
        IEnumerable<KeyValuePair<string, object?>> entries => Dict(entries),
        IEnumerable items => new ListValue([.. items.Cast<object?>().Select(Value)]),
        _ => throw new ArgumentException($"{value.GetType()} is no value of templates", nameof(value)),
    };

    private static DictValue Dict(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var dict = new DictValue();
        foreach ((string key, object? value) in entries) dict[key] = Value(value);
        return dict;
    }

    private static bool Has(IEnumerable<Node> nodes) => nodes.Any(node => node is GenerationStatement || Has(NodeChildren.Of(node)));
}
