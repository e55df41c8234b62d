using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>Answers that refuse, or speak of themselves as a language model, in English and Japanese.</summary>
internal static partial class Refusals
{
    // An answer that explains at length and then declines one part is no refusal.
    private const int Opening = 240;

    public static IEnumerable<Finding> Find(AuditedRows rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            string answer = rows[i].Answer;
            ReadOnlySpan<char> opening = answer.AsSpan(0, Math.Min(Opening, answer.Length));
            if (English().IsMatch(opening) || Japanese().IsMatch(opening))
                yield return rows.Finding(AuditRules.Refusal, [i], answer, "keep it only where a refusal is wanted: a few of them teach to refuse much more");
        }
    }

    [GeneratedRegex(@"\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b|\bI(?:'|’)?(?:m| am) (?:just |only )?an? (?:AI|(?:large )?language model)\b|\bI (?:can(?:no|'|’)t|am (?:unable|not able) to|(?:won|don)['’]t be able to|will not|won['’]t) (?:help|assist|comply|fulfil|provide|answer|create|generate|write|do that|do this|discuss|engage|support|continue)|\b(?:sorry|apologi[sz]e|afraid)[^.!?\n]{0,40}\b(?:I|we) (?:can(?:no|'|’)t|(?:am|are) (?:unable|not able))", RegexOptions.IgnoreCase)]
    private static partial Regex English();

    [GeneratedRegex(@"(?:AI|人工知能|言語モデル)(?:アシスタント|言語モデル|モデル)?(?:として|なので|ですので|であるため|です[。が])|(?:お手伝い|お答え|ご回答|回答|お応え|ご提供|提供)(?:する|する?こと[がは])?[^。]{0,6}(?:できません|出来ません|できかねます|いたしかねます|致しかねます)")]
    private static partial Regex Japanese();
}
