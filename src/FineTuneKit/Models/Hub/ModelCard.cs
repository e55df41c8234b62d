using System.Globalization;
using System.Text;
using System.Text.Json;
using FineTuneKit.Adapters;

namespace FineTuneKit.Models.Hub;

/// <summary>The README of an adapter on the hub, made from its configuration and from the record of its training: what the record does not say, the card does not say.</summary>
public static class ModelCard
{
    /// <summary>Writes the card of an adapter.</summary>
    /// <param name="name">Its name on the hub.</param>
    /// <param name="folder">The PEFT folder.</param>
    /// <param name="record"><c>record.json</c> of <c>ftk train</c>; null for none.</param>
    /// <param name="baseModel">The base's name on the hub; null for what the adapter's configuration names, where that is such a name.</param>
    /// <exception cref="InputException">A file is missing or malformed.</exception>
    public static string Of(HubName name, string folder, string? record, string? baseModel = null)
    {
        JsonElement config = Read(Path.Combine(folder, PeftFolder.ConfigName));
        // A path on the maker's machine tells others nothing and is nobody's business.
        string? named = baseModel ?? Text(config, "base_model_name_or_path");
        string? known = named is not null && HubName.IsOne(named) ? HubName.Parse(named).Name : null;
        var card = new StringBuilder();
        card.Append("---\n");
        if (known is not null) card.Append(CultureInfo.InvariantCulture, $"base_model: {known}\n");
        card.Append("library_name: peft\npipeline_tag: text-generation\ntags:\n- lora\n- finetunekit\n---\n\n");
        card.Append(CultureInfo.InvariantCulture, $"# {name.Name}\n\n");
        card.Append(CultureInfo.InvariantCulture, $"A {Text(config, "peft_type") ?? "PEFT"} adapter{(known is null ? "" : $" for [{known}](https://huggingface.co/{known})")}");
        if (Number(config, "r") is { } rank) card.Append(CultureInfo.InvariantCulture, $" of rank {rank}, alpha {Number(config, "lora_alpha") ?? rank}");
        card.Append(".\n\n");
        if (record is not null) AppendRecord(card, Read(record));
        card.Append(CultureInfo.InvariantCulture, $"## Use\n\n```python\nfrom peft import AutoPeftModelForCausalLM\n\nmodel = AutoPeftModelForCausalLM.from_pretrained(\"{name.Name}\")\n```\n");
        return card.ToString();
    }

    private static void AppendRecord(StringBuilder card, JsonElement record)
    {
        var measured = new List<(string What, string Value)>();
        void Add(string what, string? value)
        {
            if (value is not null) measured.Add((what, value));
        }

        Add("test loss before training, nats per token", Decimal(record, "test_loss_before"));
        Add("test loss after training, nats per token", Decimal(record, "test_loss"));
        Add("lowest validation loss, nats per token", Decimal(record, "validation_loss"));
        if (Field(record, "exact_match") is { ValueKind: JsonValueKind.Object } exact && Number(exact, "value") is { } share)
            Add("test answers equal to the expected one, with a 95 % interval", string.Create(CultureInfo.InvariantCulture, $"{share:0.0 %} ({Number(exact, "low"):0.0 %} to {Number(exact, "high"):0.0 %})"));
        Append(card, "Results", measured);

        measured.Clear();
        JsonElement options = Field(record, "options"), training = Field(record, "training");
        JsonElement counts = Field(Field(record, "split"), "counts");
        if (counts.ValueKind == JsonValueKind.Array && counts.GetArrayLength() == 3) Add("rows to train, to choose, to test", string.Join(", ", counts.EnumerateArray()));
        Add("method", Text(options, "method"));
        Add("optimizer", Text(training, "optimizer"));
        Add("learning rate", Raw(training, "learning_rate"));
        Add("rows of a step", Raw(training, "batch_rows"));
        Add("passes at most", Raw(training, "epochs"));
        Add("steps", Raw(record, "steps"));
        Add("step that was kept", Raw(record, "best_step"));
        Add("weights trained", Raw(record, "trainable_parameters"));
        Add("seed", Raw(training, "seed"));
        Append(card, "Training", measured);

        measured.Clear();
        Add("rows, SHA-256", Text(record, "data_sha256"));
        Add("base's weights, SHA-256", Text(record, "base_sha256"));
        Add("chat template, SHA-256", Text(record, "template_sha256"));
        Add("FineTuneKit", Text(record, "version"));
        Append(card, "Made from", measured);
    }

    private static void Append(StringBuilder card, string title, List<(string What, string Value)> rows)
    {
        if (rows.Count == 0) return;
        card.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| | |\n| --- | --- |\n");
        foreach ((string what, string value) in rows) card.Append(CultureInfo.InvariantCulture, $"| {what} | {value.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        card.Append('\n');
    }

    private static JsonElement Read(string file)
    {
        if (!File.Exists(file)) throw new InputException($"{file}: no such file");
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : throw new InputException($"{file}: a JSON object is required");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: not JSON: {e.Message}", e);
        }
    }

    private static JsonElement Field(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string? Text(JsonElement json, string name) => Field(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static double? Number(JsonElement json, string name) => Field(json, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static string? Raw(JsonElement json, string name) => Field(json, name) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : null;

    private static string? Decimal(JsonElement json, string name) => Number(json, name)?.ToString("0.000", CultureInfo.InvariantCulture);
}
