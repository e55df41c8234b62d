using System.Globalization;
using System.Text;

namespace FineTuneKit.Lab;

/// <summary>The README beside a model that <c>ftk pretrain</c> made.</summary>
internal static class MiniBaseReadme
{
    public static string Write(PretrainingRecord record)
    {
        var text = new StringBuilder();
        PretrainingOptions o = record.Options;
        text.Append(CultureInfo.InvariantCulture, $"""
            # mini-base

            A Llama-style decoder of {record.Parameters / 1e6:0.0} million weights ({o.Layers} blocks, {o.HiddenSize} components, {o.Heads} query and {o.KeyHeads} key heads, tied head), with a byte-level BPE tokeniser of {o.VocabularySize} entries. It was made from nothing by `ftk pretrain --seed {o.Seed}` out of text that this repository generates (`src/FineTuneKit/Lab/Skills`, `src/FineTuneKit/Lab/World`): English and Japanese, no text of anybody else. Licence: MIT, as the repository.

            - Opening: in the first {o.OpeningSteps:N0} steps the mixture of texts does without what needs copying, which is learnt by then
            - Second stage: {o.BroadeningSteps:N0} steps, in which sorting by meaning under headings that change comes in
            - Third stage: {o.SharpeningSteps:N0} steps, with more of what was still often wrong
            - Tokens seen: {record.Tokens:N0} in {o.TotalSteps:N0} steps of {o.RowsPerStep} × {o.RowTokens} tokens
            - Time: {record.Seconds / 60:0} minutes at the median speed of a step, on {record.Machine}
            - Training loss at the end: {record.FinalLoss:0.000} nats a token
            - Weights: bfloat16, SHA-256 `{record.Sha256}`

            Scores: exact match on {o.QuestionsPerSkill} held-out questions a skill, greedy decoding, with Wilson's 95 % interval. Names, codes and questions of these were never trained. Core skills are those by which the kit measures forgetting.

            | skill | core | right | 95 % interval |
            | --- | --- | --- | --- |

            """);
        foreach (SkillResult s in record.Skills)
            text.Append(CultureInfo.InvariantCulture, $"| {s.Skill} | {(s.Core ? "yes" : "")} | {s.Share.Value:0.00} | {s.Share.Low:0.00}–{s.Share.High:0.00} |\n");
        text.Append("\nIt has never seen the support desk's schema, its intents or its tone. It is good for learning how fine-tuning works, and for nothing else.\n");
        return text.ToString();
    }
}
