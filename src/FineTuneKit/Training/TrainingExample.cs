namespace FineTuneKit.Training;

/// <summary>One row as the model sees it.</summary>
/// <param name="Ids">Token ids, 2 or more.</param>
/// <param name="Mask">True at each token to be learnt; as long as the ids. The first token has nothing before it and is never learnt.</param>
/// <param name="Origin">Where the row came from, such as <c>train.jsonl:17</c>, for messages.</param>
public record TrainingExample(int[] Ids, bool[] Mask, string Origin)
{
    /// <summary>Lengths of the texts that are packed in this row and do not see each other; null for a single text.</summary>
    public IReadOnlyList<int>? Segments { get; init; }

    /// <summary>The number of tokens whose loss counts.</summary>
    public int TargetCount => Mask.AsSpan(1).Count(true);

    /// <summary>What the row teaches, as numbers: two rows that differ in it are different data.</summary>
    internal virtual IEnumerable<int> Content => Ids.Select((id, i) => Mask[i] ? id : ~id);

    /// <summary>A row every token of which is learnt, as in pretraining.</summary>
    public static TrainingExample WholeText(int[] ids, string origin)
    {
        var mask = new bool[ids.Length];
        Array.Fill(mask, true);
        return new TrainingExample(ids, mask, origin);
    }

    /// <summary>Checks that the row can be trained on.</summary>
    /// <param name="contextLength">Tokens the model holds.</param>
    /// <param name="vocabularySize">Rows of the embedding.</param>
    /// <param name="endIds">Tokens that end an answer; where given, the last answer learnt must hold one of them.</param>
    /// <exception cref="InputException">Too long, nothing to learn, an unknown id, an answer cut short, an end token that would not be learnt.</exception>
    public void Check(int contextLength, int vocabularySize, IReadOnlyCollection<int>? endIds = null)
    {
        if (Mask.Length != Ids.Length) throw new InputException($"{Origin}: the mask has {Mask.Length} entries for {Ids.Length} tokens");
        if (Ids.Length > contextLength) throw new InputException($"{Origin}: {Ids.Length} tokens; the model holds {contextLength}");
        if (TargetCount == 0) throw new InputException($"{Origin}: nothing to learn: none of the {Ids.Length} tokens belongs to an answer");
        foreach (int id in Ids)
        {
            if (id < 0 || id >= vocabularySize)
                throw new InputException($"{Origin}: token id {id}; the model knows 0 to {vocabularySize - 1}. The tokenizer is another model's");
        }
        CheckSegments();
        if (endIds is { Count: > 0 }) CheckEnd(endIds);
    }

    /// <summary>The last answer's end token must be among what is learnt of it; a template may have a newline learnt after it.</summary>
    private void CheckEnd(IReadOnlyCollection<int> endIds)
    {
        int last = Array.LastIndexOf(Mask, true);
        for (int i = last; i >= 0 && Mask[i]; i--) if (endIds.Contains(Ids[i])) return;
        string ends = string.Join(", ", endIds);
        if (last == Ids.Length - 1) throw new InputException($"{Origin}: the answer is cut before its end token: its last token is {Ids[last]}, and none of {ends} follows. The model would not learn to stop");
        throw new InputException($"{Origin}: the answer's end token is not trained: the last token learnt is {Ids[last]}, not one of {ends}. The model would not learn to stop");
    }

    private void CheckSegments()
    {
        if (Segments is null) return;
        int at = 0;
        foreach (int length in Segments)
        {
            // Its predecessor belongs to another text.
            if (at > 0 && at < Mask.Length && Mask[at]) throw new InputException($"{Origin}: token {at} starts a text and cannot be learnt");
            at += length;
        }
        if (at != Ids.Length) throw new InputException($"{Origin}: the packed texts have {at} tokens; the row has {Ids.Length}");
    }
}
