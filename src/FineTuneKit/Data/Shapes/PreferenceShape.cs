using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// <c>prompt</c>, <c>chosen</c> and <c>rejected</c> (TRL), each a text or messages; where the prompt stands at the
/// beginning of both answers it may be left out.
/// </summary>
internal sealed class PreferenceShape : RowShape
{
    public override DataShape Shape => DataShape.Preference;

    public override IReadOnlyList<string> Keys { get; } = ["chosen", "rejected"];

    public override IReadOnlyList<string> Optional { get; } = ["prompt", "system", "tools"];

    public override bool Fits(RowFields fields) => base.Fits(fields) && !fields.Has("conversations");

    public override RowContent Read(RowFields fields)
    {
        List<ChatMessage> chosen = fields.Turns("chosen", "assistant"), rejected = fields.Turns("rejected", "assistant");
        List<ChatMessage> prompt = fields.Has("prompt") ? fields.Turns("prompt", "user") : [];
        int shared = chosen.Zip(rejected).TakeWhile(p => p.First == p.Second).Count();
        // Equal answers share their whole length; the last one is still the answer.
        shared = Math.Min(shared, Math.Min(chosen.Count, rejected.Count) - 1);
        if (shared < 0) throw fields.Error("\"chosen\" or \"rejected\" has no message; an answer is required");
        if (chosen.Count - shared != 1 || rejected.Count - shared != 1)
            throw fields.Error($"\"chosen\" and \"rejected\" share {shared} messages and then have {chosen.Count - shared} and {rejected.Count - shared}; one differing answer each is read");
        if (prompt.Count == 0 && shared == 0) throw fields.Error("\"prompt\" is missing, and \"chosen\" and \"rejected\" do not begin with it");
        List<ChatMessage> messages = [.. System(fields), .. Joined(prompt, chosen[..shared], fields), chosen[^1]];
        ChatMessage worse = rejected[^1];
        return worse.Role == "assistant" ? new(RequireAnswer(messages, fields)) { Rejected = worse }
            : throw fields.Error($"\"rejected\" ends with the role \"{worse.Role}\"; the assistant's is required");
    }

    public override string? Refuses(Row row) => RequireKind(row, RowKind.Preference);

    public override void Write(Utf8JsonWriter json, Row row)
    {
        if (RequirePair(row) is null && row.Rejected!.IsPlain)
        {
            json.WriteString("prompt", row.Messages[0].Content);
            json.WriteString("chosen", row.Messages[1].Content);
            json.WriteString("rejected", row.Rejected.Content);
        }
        else
        {
            MessageJson.WriteArray(json, "prompt", row.Messages.SkipLast(1));
            MessageJson.WriteArray(json, "chosen", row.Messages.TakeLast(1));
            MessageJson.WriteArray(json, "rejected", [row.Rejected!]);
        }
        if (row.Tools is null) return;
        json.WritePropertyName("tools");
        json.WriteRawValue(row.Tools);
    }

    // Some data names the prompt and repeats it at the beginning of the answers.
    private static List<ChatMessage> Joined(List<ChatMessage> prompt, List<ChatMessage> shared, RowFields fields)
    {
        if (shared.Count == 0) return prompt;
        if (prompt.Count == 0 || prompt.SequenceEqual(shared) || (prompt.Count == 1 && shared.Any(m => m.Role == "user" && m.Content == prompt[0].Content))) return shared;
        throw fields.Error("\"chosen\" and \"rejected\" begin with another prompt than \"prompt\"; keep one of them");
    }
}
