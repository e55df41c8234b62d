using System.Text.Json;

namespace FineTuneKit.Records;

/// <summary>A field in which two records differ.</summary>
/// <param name="Field">Its path, such as <c>training.learning_rate</c> or <c>split.counts[0]</c>.</param>
/// <param name="First">The first's value as JSON; null where it has none.</param>
/// <param name="Second">The second's.</param>
public sealed record RecordDifference(string Field, string? First, string? Second);

/// <summary>
/// Two records field by field: whether a run was reproduced, and if not, in what the runs differ. Machine, times,
/// memory and the count of looks at the test rows are left out, since they belong to where a run took place and not to what
/// it gave.
/// </summary>
public static class RecordComparison
{
    private static readonly HashSet<string> OfTheMachine = new(["machine", "measured_on", "seconds", "peak_memory_bytes", "test_looks"], StringComparer.Ordinal);

    /// <summary>The fields that differ, in the order of the first record; none for a run that was reproduced.</summary>
    /// <param name="first">Path of a <c>record.json</c>.</param>
    /// <param name="second">Path of another.</param>
    /// <exception cref="InputException">A file is missing or no JSON object.</exception>
    public static IReadOnlyList<RecordDifference> Of(string first, string second)
    {
        using JsonDocument one = Read(first), other = Read(second);
        var found = new List<RecordDifference>();
        Compare("", one.RootElement, other.RootElement, found);
        return found;
    }

    private static void Compare(string path, JsonElement first, JsonElement second, List<RecordDifference> found)
    {
        if (first.ValueKind == JsonValueKind.Object && second.ValueKind == JsonValueKind.Object) CompareObjects(path, first, second, found);
        else if (first.ValueKind == JsonValueKind.Array && second.ValueKind == JsonValueKind.Array) CompareArrays(path, first, second, found);
        else if (!JsonElement.DeepEquals(first, second)) found.Add(new RecordDifference(path, first.GetRawText(), second.GetRawText()));
    }

    private static void CompareObjects(string path, JsonElement first, JsonElement second, List<RecordDifference> found)
    {
        string At(string name) => path.Length == 0 ? name : $"{path}.{name}";
        foreach (JsonProperty field in first.EnumerateObject().Where(field => !OfTheMachine.Contains(field.Name)))
        {
            if (second.TryGetProperty(field.Name, out JsonElement value)) Compare(At(field.Name), field.Value, value, found);
            else found.Add(new RecordDifference(At(field.Name), field.Value.GetRawText(), null));
        }
        foreach (JsonProperty field in second.EnumerateObject().Where(field => !OfTheMachine.Contains(field.Name) && !first.TryGetProperty(field.Name, out _)))
            found.Add(new RecordDifference(At(field.Name), null, field.Value.GetRawText()));
    }

    private static void CompareArrays(string path, JsonElement first, JsonElement second, List<RecordDifference> found)
    {
        int both = Math.Min(first.GetArrayLength(), second.GetArrayLength());
        for (int i = 0; i < both; i++) Compare($"{path}[{i}]", first[i], second[i], found);
        for (int i = both; i < first.GetArrayLength(); i++) found.Add(new RecordDifference($"{path}[{i}]", first[i].GetRawText(), null));
        for (int i = both; i < second.GetArrayLength(); i++) found.Add(new RecordDifference($"{path}[{i}]", null, second[i].GetRawText()));
    }

    private static JsonDocument Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; the record.json of a run is required");
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: not JSON: {e.Message}", e);
        }
        if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
        json.Dispose();
        throw new InputException($"{path}: a JSON object is required");
    }
}
