using System.Text.Json;
using FineTuneKit.Text;

namespace FineTuneKit.Training.Supervised;

/// <summary>
/// Rows in TRL's shapes (<c>text</c>, <c>prompt</c> and <c>completion</c>, <c>messages</c>, or <c>input_ids</c> with masks)
/// as tokens and labels, cut and packed as TRL's SFTTrainer does it.
/// </summary>
public static class SupervisedRows
{
    /// <summary>Tokenises, labels, truncates and packs.</summary>
    /// <param name="rows">JSON objects with their origins.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="template">The model's chat template; null where no row is a chat.</param>
    /// <param name="options">Lengths, masks and packing.</param>
    /// <param name="dropped">Told the origin of each row of which truncation left nothing to learn.</param>
    /// <exception cref="InputException">A row of no known shape, nothing to learn in one, options that contradict each other.</exception>
    public static IReadOnlyList<SupervisedRow> Build(
        IEnumerable<(JsonElement Row, string Origin)> rows, Tokenizer tokenizer, ChatTemplate? template, SupervisedOptions options, Action<string>? dropped = null)
    {
        Check(options, tokenizer);
        var reader = new SupervisedRowReader(tokenizer, template, options);
        List<SupervisedRow> read = [.. rows.Select(row => reader.Read(row.Row, row.Origin))];
        if (options.Packing != Packing.None) return RowPacking.Pack(read, options.Packing, options.MaxTokens!.Value);
        if (options.MaxTokens is not { } most) return read;
        var kept = new List<SupervisedRow>();
        foreach (SupervisedRow row in read)
        {
            SupervisedRow cut = row.Ids.Length <= most ? row : row.Slice(options.Truncation == Truncation.KeepStart ? ..most : ^most..);
            if (cut.Learned.Contains(true)) kept.Add(cut);
            else dropped?.Invoke(row.Origin);
        }
        return kept;
    }

    private static void Check(SupervisedOptions options, Tokenizer tokenizer)
    {
        if (options.Packing != Packing.None && options.MaxTokens is null) throw new InputException("packing needs a length to fill: MaxTokens is null");
        if (options.PaddingFree && options.Packing == Packing.None && options.MaxTokens is { } most)
            throw new InputException($"without padding and without packing, rows are not cut, so MaxTokens ({most}) would have no effect; null is required, or packing");
        if (options.MaxTokens is < 1) throw new InputException($"MaxTokens is {options.MaxTokens}; at least 1 is required");
        if (options.EndToken is { } end && tokenizer.TokenToId(end) is null) throw new InputException($"the end token '{end}' is not in the tokenizer's vocabulary");
    }
}
