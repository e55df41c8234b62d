using System.Globalization;
using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Text.Templates;
using Xunit;

namespace FineTuneKit.Tests.Text.Templates;

/// <summary>Snippets as Jinja renders them in transformers' environment: text and assistant spans, or the error.</summary>
[Trait("Category", "Fixtures")]
public sealed class JinjaCaseTests
{
    private const string File = "golden/jinja/cases.json";

    public static TheoryData<string> Cases => FixtureFolder.Cases(File);

    [Theory, MemberData(nameof(Cases))]
    public void Renders_as_the_reference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement test = FixtureFolder.Case(File, id);
        DateTime now = DateTime.Parse(FixtureFolder.Json(File).GetProperty("now").GetString()!, CultureInfo.InvariantCulture);
        IEnumerable<KeyValuePair<string, object?>> context = test.GetProperty("context").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (object?)p.Value));
        if (test.GetProperty("error").GetString() is { } error)
        {
            var thrown = Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(test.GetProperty("template").GetString()!).Render(context, now: () => now));
            TemplateErrors.Check(test, error, thrown);
            return;
        }
        RenderedTemplate rendered = JinjaTemplate.Parse(test.GetProperty("template").GetString()!).Render(context, now: () => now);
        Assert.Equal(test.GetProperty("text").GetString(), rendered.Text);
        if (test.TryGetProperty("assistant_spans", out JsonElement spans)) TemplateErrors.CheckSpans(spans, rendered);
    }
}
