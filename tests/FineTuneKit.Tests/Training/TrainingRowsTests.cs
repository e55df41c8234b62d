using FineTuneKit.Data;
using FineTuneKit.Text;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

/// <summary>Rows that would teach something wrong are refused by file and line.</summary>
public sealed class TrainingRowsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("training-rows-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{{ bos_token }}{{ bos_token }}{% generation %}x<|end|>{% endgeneration %}", "twice")]
    [InlineData("{{ messages[0].content }}{% generation %}{% endgeneration %}", "nothing to learn")]
    [InlineData("{{ raise_exception('not here') }}", "not here")]
    [InlineData("{% for m in messages %}{{ m.content if loop.last }}{% endfor %}", "{% generation %} is required")]
    public void A_template_that_teaches_wrong_is_refused_at_the_row(string source, string reason)
    {
        string message = Assert.Throws<InputException>(() => Example(source)).Message;

        Assert.StartsWith("rows.jsonl:7", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ messages[0].content }}{% generation %}{{ messages[1].content }}{% endgeneration %}", "cut before its end token")]
    [InlineData("{{ messages[0].content }}{% generation %}{{ messages[1].content }}{% endgeneration %}<|end|>", "end token is not trained")]
    public void An_answer_whose_end_is_not_learned_is_refused_at_the_row(string source, string reason)
    {
        string message = Assert.Throws<InputException>(() => Example(source).Check(100, 1000, [1])).Message;

        Assert.StartsWith("rows.jsonl:7", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newline_may_be_learned_after_the_end_token() =>
        Example("{{ messages[0].content }}{% generation %}{{ messages[1].content }}<|end|>\n{% endgeneration %}.").Check(100, 1000, [1]);

    [Fact]
    public void Tools_reasoning_and_weights_reach_the_template()
    {
        const string Source = "{{ tools[0].name }};{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.reasoning_content or '' }}|{{ m.content or '' }}{% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments.a }}{% endfor %}<|end|>{% endgeneration %}{% else %}{{ m.role }}:{{ m.content }};{% endif %}{% endfor %}";
        var row = new Row
        {
            Origin = new RowOrigin("rows.jsonl", 7),
            Messages =
            [
                new("user", "a"), new("assistant", "") { ToolCalls = [new("add", "{\"a\": 5}")], Weight = 0 },
                new("tool", "9") { Name = "add" }, new("assistant", "b") { Reasoning = "think" },
            ],
            Tools = "[{\"name\": \"add\"}]",
        };
        ChatTemplate template = ChatTemplate.Of(Source, SmallTokenizer());
        TrainingExample example = TrainingRows.Of(row, template);
        Tokenizer tokenizer = SmallTokenizer();
        Assert.Equal("add;user:a;|add5<|end|>tool:9;think|b<|end|>", tokenizer.Decode(example.Ids, skipSpecialTokens: false));
        Assert.Equal("think|b<|end|>", tokenizer.Decode(example.Ids.Where((_, i) => example.Mask[i]), skipSpecialTokens: false));
        Assert.Contains("no JSON array", Assert.Throws<InputException>(() => TrainingRows.Of(row with { Tools = "{}" }, template)).Message);
    }

    private TrainingExample Example(string source)
    {
        var row = new Row { Origin = new RowOrigin("rows.jsonl", 7), Messages = [new("user", "a"), new("assistant", "b")] };
        return TrainingRows.Of(row, ChatTemplate.Of(source, SmallTokenizer()));
    }

    private Tokenizer SmallTokenizer()
    {
        BpeTrainer.Train(["hello"], new() { VocabularySize = 270 }).Save(_folder);
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"bos_token": "<|system|>", "eos_token": "<|end|>"}""");
        return Tokenizer.Load(_folder);
    }
}
