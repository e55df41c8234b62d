using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Text.Templates;
using FineTuneKit.Training;

namespace FineTuneKit.Records;

/// <summary>The rows of a tuning run, audited and split. A run and its plan read the same.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Audit">What is wrong with them.</param>
/// <param name="Split">The sides.</param>
internal sealed record TuningData(IReadOnlyList<Row> Rows, AuditReport Audit, SplitResult Split)
{
    /// <summary>Reads, audits and splits the rows that the options name.</summary>
    /// <exception cref="InputException">A file, row or split that cannot be used.</exception>
    public static TuningData Read(TuningJobOptions options)
    {
        IReadOnlyList<Row> rows = RowReader.RequireConversations(RowReader.Read(options.Data));
        // Rows without labels, or with one only, are split without strata.
        bool stratify = rows.Select(r => r.Label).Distinct().Count() > 1;
        return new TuningData(rows, DataAudit.Run(rows), DataSplit.Make(rows, new SplitOptions { Seed = options.Seed, Stratify = stratify }));
    }

    /// <summary>The sides as the model reads them.</summary>
    /// <exception cref="InputException">A row that the template cannot render.</exception>
    public TuningExamples Tokenize(ChatModel model)
    {
        TrainingExample[] Of(IReadOnlyList<Row> rows) => [.. rows.Select(row => TrainingRows.Of(row, model.Template))];
        return new TuningExamples(Of(Split.Train), Of(Split.Validation), Of(Split.Test));
    }

    /// <summary>The conversation up to the answer, with the row's tools.</summary>
    public static ChatTemplateInput Question(Row row)
    {
        ChatTemplateInput whole = ChatTemplateInput.Of(row);
        return whole with { Messages = [.. whole.Messages.SkipLast(1)], AddGenerationPrompt = true };
    }

    /// <summary>What the model is to say: the answer, or, where it is more than a text, what the template makes of it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="example">The same row as the model reads it.</param>
    /// <param name="model">The model.</param>
    public static string Expected(Row row, TrainingExample example, ChatModel model)
    {
        if (row.Messages[^1].IsPlain) return row.Answer;
        int end = Array.FindLastIndex(example.Mask, learned => learned) + 1, start = end;
        while (start > 0 && example.Mask[start - 1]) start--;
        return model.Tokenizer.Decode(example.Ids[start..end].Where(id => !model.Template.StopIds.Contains(id)));
    }
}

/// <summary>The tokenised sides of a split.</summary>
/// <param name="Train">The rows that are learnt from.</param>
/// <param name="Validation">Those that choose the best weights.</param>
/// <param name="Test">Those that are asked at the end.</param>
internal sealed record TuningExamples(TrainingExample[] Train, TrainingExample[] Validation, TrainingExample[] Test);
