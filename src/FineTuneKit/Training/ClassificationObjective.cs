using FineTuneKit.Models;

namespace FineTuneKit.Training;

/// <summary>A text with the label that an encoder shall give it.</summary>
/// <param name="Ids">Token ids, special tokens included; 1 or more.</param>
/// <param name="Label">Index of the label.</param>
/// <param name="Origin">Where the row came from, for messages.</param>
public sealed record LabelledText(int[] Ids, int Label, string Origin) : TrainingExample(Ids, new bool[Ids.Length], Origin)
{
    /// <summary>First or second text of a pair, as long as the ids; null for a single text.</summary>
    public int[]? Types { get; init; }

    /// <inheritdoc/>
    internal override IEnumerable<int> Content => [.. base.Content, .. Types ?? [], Label];
}

/// <summary>An image with the label that an encoder shall give it.</summary>
/// <param name="Pixels">Channels · height · width values, resized and normalised as the model asks.</param>
/// <param name="Label">Index of the label.</param>
/// <param name="Origin">Where the row came from, for messages.</param>
public sealed record LabelledImage(float[] Pixels, int Label, string Origin) : TrainingExample([], [], Origin)
{
    /// <inheritdoc/>
    internal override IEnumerable<int> Content => [.. Pixels.Select(BitConverter.SingleToInt32Bits), Label];
}

/// <summary>Classification by an encoder: cross-entropy over its labels, one target a row.</summary>
/// <param name="model">An encoder with a classifier.</param>
public sealed class ClassificationObjective(Encoder model) : IOutputObjective
{
    /// <inheritdoc/>
    public void Check(TrainingExample row)
    {
        EncoderConfig config = model.Config;
        int label;
        if (row is LabelledImage image)
        {
            long pixels = (long)config.Channels * config.ImageSize * config.ImageSize;
            if (pixels == 0) throw new InputException($"{row.Origin}: an image; the model reads texts");
            if (image.Pixels.Length != pixels) throw new InputException($"{row.Origin}: {image.Pixels.Length} values; {config.Channels} × {config.ImageSize} × {config.ImageSize} are required");
            label = image.Label;
        }
        else if (row is LabelledText text)
        {
            if (config.VocabularySize == 0) throw new InputException($"{row.Origin}: a text; the model reads images");
            if (text.Ids.Length == 0) throw new InputException($"{row.Origin}: no token; 1 or more are required");
            if (text.Ids.Length > config.ContextLength) throw new InputException($"{row.Origin}: {text.Ids.Length} tokens; the model holds {config.ContextLength}");
            if (text.Types is { } types && types.Length != text.Ids.Length) throw new InputException($"{row.Origin}: {types.Length} types for {text.Ids.Length} tokens");
            foreach (int id in text.Ids)
                if (id < 0 || id >= config.VocabularySize) throw new InputException($"{row.Origin}: token id {id}; the model knows 0 to {config.VocabularySize - 1}");
            label = text.Label;
        }
        else
        {
            throw new InputException($"{row.Origin}: the row has no label; classification needs one");
        }
        if (label < 0 || label >= config.Labels.Count) throw new InputException($"{row.Origin}: label {label}; the model has labels 0 to {config.Labels.Count - 1}");
    }

    /// <summary>The number of rows: each has one target.</summary>
    public long Tokens(IReadOnlyList<TrainingExample> rows) => rows.Count;

    /// <inheritdoc/>
    public (Tensor LossSum, long Tokens) Evaluate(IReadOnlyList<TrainingExample> rows)
    {
        using EncoderInput input = Input(rows);
        return (Loss(model.forward(input), rows), rows.Count);
    }

    /// <inheritdoc/>
    public Tensor Loss(Tensor outputs, IReadOnlyList<TrainingExample> rows)
    {
        long[] labels = [.. rows.Select(row => row is LabelledImage image ? (long)image.Label : ((LabelledText)row).Label)];
        return nn.functional.cross_entropy(outputs, tensor(labels), reduction: nn.Reduction.Sum);
    }

    /// <summary>The rows as the model reads them: texts padded at their ends, or images.</summary>
    public EncoderInput Input(IReadOnlyList<TrainingExample> rows)
    {
        if (rows[0] is LabelledImage)
        {
            float[] pixels = [.. rows.SelectMany(row => ((LabelledImage)row).Pixels)];
            return EncoderInput.Images(tensor(pixels, [rows.Count, model.Config.Channels, model.Config.ImageSize, model.Config.ImageSize]), model.Config);
        }
        int tokens = rows.Max(row => row.Ids.Length);
        Tensor Padded(Func<LabelledText, int[]?> of) =>
            tensor(rows.SelectMany(row => Enumerable.Range(0, tokens).Select(t => of((LabelledText)row) is { } ids && t < ids.Length ? (long)ids[t] : 0)).ToArray(), [rows.Count, tokens]);
        return EncoderInput.Texts(Padded(static row => row.Ids), TokenLayout.RightPadded([.. rows.Select(row => row.Ids.Length)], tokens), Padded(static row => row.Types));
    }
}
