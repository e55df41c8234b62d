namespace FineTuneKit.Models;

/// <summary>Mistral (Jiang et al., 2023): Llama with a window over the keys.</summary>
internal sealed class MistralFamily : LlamaFamily
{
    public override string ModelType => "mistral";

    protected override string Prefix => "Mistral";

    protected override IReadOnlyList<string> OwnKeys => ["sliding_window"];

    protected override int DefaultContext => 131_072;

    // A file that does not name the window has transformers' default; one that says null has none.
    public override DecoderConfig Read(ConfigReader reader) =>
        base.Read(reader) with { Window = reader.Json.ContainsKey("sliding_window") ? reader.Whole("sliding_window") : 4096 };
}
