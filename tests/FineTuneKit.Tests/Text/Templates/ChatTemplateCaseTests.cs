using System.Globalization;
using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Text.Templates;
using Xunit;

namespace FineTuneKit.Tests.Text.Templates;

/// <summary>Real chat templates as transformers renders them: text and assistant spans, or the error.</summary>
[Trait("Category", "Fixtures")]
public sealed class ChatTemplateCaseTests
{
    public static TheoryData<string> Folders => FixtureFolder.Folders("chat-templates", "cases.json");

    [Theory, MemberData(nameof(Folders))]
    public void Renders_as_the_reference(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        JsonElement file = FixtureFolder.Json($"chat-templates/{name}/cases.json");
        DateTime now = DateTime.Parse(file.GetProperty("now").GetString()!, CultureInfo.InvariantCulture);
        JinjaTemplate template = JinjaTemplate.Parse(File.ReadAllText(FixtureFolder.PathOf("chat-templates", name, "template.jinja")));
        KeyValuePair<string, string>[] special = [.. file.GetProperty("special_tokens").EnumerateObject().Select(t => KeyValuePair.Create(t.Name, t.Value.GetString()!))];
        var failures = new List<string>();
        int count = 0;
        foreach (JsonElement test in file.GetProperty("cases").EnumerateArray())
        {
            count++;
            try
            {
                Check(test, () => ChatRendering.Render(template, Input(test), special, () => now));
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or TemplateException)
            {
                failures.Add($"{test.GetProperty("id").GetString()}: {e.Message}");
            }
        }
        Assert.Equal(file.GetProperty("has_generation").GetBoolean(), template.HasGeneration);
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} differ:\n{string.Join('\n', failures.Take(5))}");
    }

    private static void Check(JsonElement test, Func<RenderedTemplate> render)
    {
        if (test.GetProperty("error").GetString() is { } error)
        {
            TemplateErrors.Check(test, error, Assert.Throws<TemplateException>(render));
            return;
        }
        RenderedTemplate rendered = render();
        Assert.Equal(test.GetProperty("text").GetString(), rendered.Text);
        if (test.GetProperty("assistant_spans") is { ValueKind: JsonValueKind.Array } spans) TemplateErrors.CheckSpans(spans, rendered);
    }

    private static ChatTemplateInput Input(JsonElement test)
    {
        bool continues = test.TryGetProperty("continue_final_message", out JsonElement field) && field.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
        return new()
        {
            Messages = Items(test.GetProperty("messages"))!,
            Tools = Items(test.GetProperty("tools")),
            Documents = test.TryGetProperty("documents", out JsonElement documents) ? Items(documents) : null,
            AddGenerationPrompt = test.GetProperty("add_generation_prompt").GetBoolean(),
            ContinueFinalMessage = !continues ? null : field.ValueKind == JsonValueKind.True ? "content" : field.GetString(),
            Variables = test.GetProperty("kwargs").EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value, StringComparer.Ordinal),
            KeepMessages = test.TryGetProperty("null_keys", out JsonElement nulls) && nulls.GetString() == "kept",
        };
    }

    private static object?[]? Items(JsonElement json) => json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(m => (object?)m)] : null;
}
