using System.Text.Encodings.Web;
using System.Text.Json;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>A fault that was put into dirty data on purpose.</summary>
/// <param name="Row">The 1-based line of the faulty row; null where the fault is the whole file's.</param>
/// <param name="Type">One of <see cref="Types"/>.</param>
/// <param name="Detail">What was done, in words, with the planted text where there is one.</param>
/// <param name="OtherRow">The 1-based line of the row it copies or contradicts, above <paramref name="Row"/>; else null.</param>
public sealed record PlantedFault(int? Row, string Type, string Detail, int? OtherRow)
{
    private static readonly JsonSerializerOptions OneLine = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The kinds of faults.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "exact_duplicate", "near_duplicate", "contradicting_label", "personal_data", "secret", "empty_answer",
        "truncated_answer", "wrong_language", "stale_fact", "class_imbalance",
    ];

    /// <summary>The fault as one line of JSONL: row, type, detail, other_row.</summary>
    public string ToJsonLine() => JsonSerializer.Serialize(this, OneLine);
}

/// <summary>Dirty rows and what is wrong with them.</summary>
public sealed record DirtyDesk(IReadOnlyList<DeskTicketRow> Rows, IReadOnlyList<PlantedFault> Planted);
