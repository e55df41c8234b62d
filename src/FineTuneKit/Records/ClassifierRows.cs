using System.Globalization;
using FineTuneKit.Data;
using FineTuneKit.Text;
using FineTuneKit.Training;

namespace FineTuneKit.Records;

/// <summary>The rows of a classifier: texts with a class or a number, on three sides.</summary>
/// <param name="Train">The rows that are learnt from.</param>
/// <param name="Validation">Those that choose the best weights.</param>
/// <param name="Test">Those that are asked at the end.</param>
/// <param name="Labels">The classes of the training rows in order; one name for regression.</param>
internal sealed record ClassifierRows(IReadOnlyList<Row> Train, IReadOnlyList<Row> Validation, IReadOnlyList<Row> Test, IReadOnlyList<string> Labels)
{
    private const string RegressionOutput = "value";

    /// <summary>Reads the files; what is not given apart is split off the data.</summary>
    /// <exception cref="InputException">A file or row that cannot be used, or a class that no training row has.</exception>
    public static ClassifierRows Read(ClassifierJobOptions options)
    {
        IReadOnlyList<Row> train = Texts(options.Data), validation = options.Validation is { } v ? Texts(v) : [], test = options.Test is { } t ? Texts(t) : [];
        if (validation.Count == 0 || test.Count == 0)
        {
            SplitResult split = DataSplit.Make(train, new SplitOptions
            {
                Train = 1 - (validation.Count == 0 ? 0.1 : 0) - (test.Count == 0 ? 0.1 : 0),
                Validation = validation.Count == 0 ? 0.1 : 0,
                Test = test.Count == 0 ? 0.1 : 0,
                Seed = options.Seed,
                Stratify = !options.Regression,
            });
            train = split.Train;
            if (validation.Count == 0) validation = split.Validation;
            if (test.Count == 0) test = split.Test;
        }
        if (options.Regression)
        {
            foreach (Row row in (Row[])[.. train, .. validation, .. test]) Number(row);
            return new ClassifierRows(train, validation, test, [RegressionOutput]);
        }
        string[] labels = [.. train.Select(row => row.Answer).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (labels.Length < 2) throw new InputException($"{options.Data}: every training row has the label \"{labels[0]}\"; two labels or more are required");
        foreach (Row row in validation.Concat(test))
            if (Array.BinarySearch(labels, row.Answer, StringComparer.Ordinal) < 0) throw new InputException($"{row.Origin}: the label \"{row.Answer}\" occurs in no training row, so it cannot be learnt");
        return new ClassifierRows(train, validation, test, labels);
    }

    /// <summary>The number that a row's label is.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static float Number(Row row) =>
        float.TryParse(row.Answer, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value : throw new InputException($"{row.Origin}: the label \"{row.Answer}\" is no finite number, which regression requires");

    /// <summary>The sides as the encoder reads them.</summary>
    /// <param name="tokenizer">The encoder's.</param>
    /// <param name="options">The limit of tokens, and whether labels are numbers.</param>
    /// <param name="cut">How many texts were cut at the limit.</param>
    public (TrainingExample[] Train, TrainingExample[] Validation, TrainingExample[] Test) Tokenize(Tokenizer tokenizer, ClassifierJobOptions options, out int cut)
    {
        int longer = 0;
        TrainingExample Of(Row row)
        {
            EncodedText text = tokenizer.EncodeText(row.Prompt);
            // Many tokenizer files of encoders pad to a fixed length; batches are padded to their own.
            int[] ids = [.. text.Ids.Where((_, i) => text.AttentionMask[i] == 1)];
            if (ids.Length > options.MaxTokens)
            {
                longer++;
                // The last token is the one that ends every text, as [SEP].
                ids = [.. ids[..(options.MaxTokens - 1)], ids[^1]];
            }
            string origin = row.Origin.ToString();
            return options.Regression ? new ScoredText(ids, Number(row), origin) : new LabelledText(ids, Labels.Index().First(label => label.Item == row.Answer).Index, origin);
        }
        (TrainingExample[], TrainingExample[], TrainingExample[]) sides = ([.. Train.Select(Of)], [.. Validation.Select(Of)], [.. Test.Select(Of)]);
        cut = longer;
        return sides;
    }

    private static IReadOnlyList<Row> Texts(string path)
    {
        IReadOnlyList<Row> rows = RowReader.RequirePlainConversations(RowReader.Read(path));
        foreach (Row row in rows)
            if (row.Label is null || row.Label != row.Answer || row.Messages.Count != 2) throw new InputException($"{row.Origin}: a text with a label is required (keys \"text\" and \"label\")");
        return rows;
    }
}
