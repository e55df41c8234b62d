using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// The shapes in which a row may come (<see cref="DataShape"/>), each told by its keys. Beside them <c>group</c>,
/// <c>label</c> and <c>language</c> are read where they stand; other keys are kept in <see cref="Row.Extra"/>.
/// </summary>
public static class RowShapes
{
    private static readonly RowShape[] All =
    [
        new MessagesShape(), new PromptShape(DataShape.PromptCompletion, "completion"), new PromptShape(DataShape.PromptAnswer, "answer"),
        new AlpacaShape(), new QuestionAnswerShape(), new ClassificationShape(), new TextShape(),
        new ShareGptShape(DataShape.ShareGpt), new PreferenceShape(), new OpenAiPreferenceShape(), new ShareGptShape(DataShape.ShareGptPreference),
        new PromptShape(DataShape.Unpaired, "completion"), new ShareGptShape(DataShape.ShareGptUnpaired),
    ];

    private static readonly Dictionary<DataShape, HashSet<string>> NamedKeys = All.ToDictionary(
        s => s.Shape, s => new HashSet<string>([.. s.Keys, .. s.Optional, "group", "language", .. s.HasClass ? ["label"] : Array.Empty<string>()], StringComparer.Ordinal));

    /// <summary>The accepted shapes in words, for messages.</summary>
    public static string Accepted { get; } = string.Join(" | ", All.Select(s => string.Join(" + ", s.Keys)));

    /// <summary>The shape's name on the command line, such as <c>prompt-completion</c>.</summary>
    public static string NameOf(DataShape shape) => shape switch
    {
        DataShape.ShareGpt => "sharegpt",
        DataShape.ShareGptPreference => "sharegpt-preference",
        DataShape.ShareGptUnpaired => "sharegpt-kto",
        DataShape.OpenAiPreference => "openai-preference",
        _ => JsonNamingPolicy.KebabCaseLower.ConvertName(shape.ToString()),
    };

    /// <summary>The shape of a name.</summary>
    /// <exception cref="InputException">No shape is called so.</exception>
    public static DataShape Named(string name) =>
        Enum.GetValues<DataShape>().Cast<DataShape?>().FirstOrDefault(s => NameOf(s!.Value) == name)
        ?? throw new InputException($"no shape is called \"{name}\"; accepted: {string.Join(", ", Enum.GetValues<DataShape>().Select(NameOf))}");

    /// <summary>The shape in which the kit writes rows of a kind where none is asked for.</summary>
    public static DataShape Of(RowKind kind) => kind switch
    {
        RowKind.Text => DataShape.Text,
        RowKind.Preference => DataShape.Preference,
        RowKind.Unpaired => DataShape.Unpaired,
        _ => DataShape.Messages,
    };

    internal static RowShape Of(DataShape shape) => All.First(s => s.Shape == shape);

    /// <summary>The keys that a shape reads; others go to <see cref="Row.Extra"/>.</summary>
    internal static IReadOnlySet<string> KeysOf(DataShape shape) => NamedKeys[shape];

    /// <summary>The row that a JSON object holds, and its shape.</summary>
    /// <exception cref="InputException">Keys are missing, of the wrong kind, or of two shapes; no answer to learn.</exception>
    internal static (Row Row, DataShape Shape) Read(JsonElement json, RowOrigin origin, DataShape? wanted = null)
    {
        var fields = new RowFields(json, origin);
        RowShape shape = wanted is { } named ? Require(Of(named), fields) : Detect(fields);
        RowContent content = shape.Read(fields);
        var row = new Row
        {
            Origin = origin,
            Messages = content.Messages,
            Group = fields.Scalar("group"),
            Label = shape.HasClass ? fields.Scalar("label") : null,
            Language = fields.Scalar("language"),
            Rejected = content.Rejected,
            Desirable = content.Desirable,
            IsText = content.IsText,
            Tools = shape.Shape == DataShape.OpenAiPreference ? fields.Inner("input").Tools() : shape.Optional.Contains("tools") ? fields.Tools() : null,
            Extra = fields.Others(NamedKeys[shape.Shape]),
        };
        return (row, shape.Shape);
    }

    private static RowShape Require(RowShape shape, RowFields fields) =>
        shape.Keys.All(fields.Has) ? shape : throw fields.Error($"found the keys {fields.Keys}; the shape {NameOf(shape.Shape)} needs {string.Join(" + ", shape.Keys)}");

    private static RowShape Detect(RowFields fields)
    {
        RowShape[] fitting = Fitting(fields);
        return fitting.Length switch
        {
            1 => fitting[0],
            0 => throw fields.Error($"found the keys {fields.Keys}; a row needs {Accepted}"),
            _ => throw fields.Error($"found the keys {fields.Keys}, which fit {string.Join(" and ", fitting.Select(s => string.Join(" + ", s.Keys)))}; keep one of them"),
        };
    }

    private static RowShape[] Fitting(RowFields fields)
    {
        RowShape[] fitting = [.. All.Where(s => s.Fits(fields))];
        if (fitting.Length < 2) return fitting;
        // Preferences say most; a row with "messages" may carry the same text once more in other columns.
        return fitting.FirstOrDefault(s => s.Shape == DataShape.Preference) is { } preference ? [preference]
            : fitting.FirstOrDefault(s => s.Shape == DataShape.Messages) is { } messages ? [messages] : fitting;
    }
}
