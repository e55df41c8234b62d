using FineTuneKit.Adapters;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public sealed class AdapterTemplateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("adapter-template-").FullName;
    private readonly Tokenizer _tokenizer = BpeTrainer.Train(["hello"], new() { VocabularySize = 270 });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Another_template_is_refused()
    {
        ChatTemplate kit = ChatTemplate.ForKit(_tokenizer), other = ChatTemplate.Of("{{ messages }}", _tokenizer);
        AdapterTemplate.Save(_folder, kit);

        AdapterTemplate.RequireSame(_folder, kit);
        AdapterTemplate.RequireSame(_folder, template: null);
        string message = Assert.Throws<InputException>(() => AdapterTemplate.RequireSame(_folder, other)).Message;
        Assert.Contains(kit.Hash, message, StringComparison.Ordinal);
        Assert.Contains(other.Hash, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_without_a_note_takes_any_template()
    {
        AdapterTemplate.Save(_folder, ChatTemplate.ForKit(_tokenizer));
        AdapterTemplate.Save(_folder, template: null);

        AdapterTemplate.RequireSame(_folder, ChatTemplate.Of("{{ messages }}", _tokenizer));
    }

    [Fact]
    public void A_note_that_is_no_json_is_named()
    {
        string file = Path.Combine(_folder, AdapterTemplate.FileName);
        File.WriteAllText(file, "no json");

        Assert.Contains(file, Assert.Throws<InputException>(() => AdapterTemplate.RequireSame(_folder, ChatTemplate.ForKit(_tokenizer))).Message, StringComparison.Ordinal);
    }
}
