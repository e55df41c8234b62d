using FineTuneKit.Data;
using FineTuneKit.Models;
using FineTuneKit.Text;
using FineTuneKit.Text.Templates;

namespace FineTuneKit.Evaluation;

/// <summary>A decoder with its tokeniser and its chat template: what can be asked.</summary>
public sealed class ChatModel : IDisposable
{
    private readonly LoadedModel _loaded;

    private ChatModel(LoadedModel loaded, Tokenizer tokenizer, ChatTemplate template) =>
        (_loaded, Tokenizer, Template) = (loaded, tokenizer, template);

    /// <summary>The decoder.</summary>
    public Decoder Decoder => _loaded.Model;

    /// <summary>The tokeniser.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The chat template.</summary>
    public ChatTemplate Template { get; }

    /// <summary>SHA-256 of the weights file.</summary>
    public string Sha256 => _loaded.Sha256;

    /// <summary>Loads a model folder with its tokeniser and template.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="tokenizerFolder">The folder of the tokeniser and the template; null for the model's.</param>
    /// <param name="quantization">Packs the projections while they are read; null keeps them.</param>
    /// <exception cref="InputException">A folder or one of its files is missing or unusable, or the tokeniser has more tokens than the model.</exception>
    public static ChatModel Load(string folder, string? tokenizerFolder = null, QuantizationOptions? quantization = null)
    {
        LoadedModel loaded = ModelFolder.Load(folder, quantization);
        tokenizerFolder ??= folder;
        try
        {
            Tokenizer tokenizer = Tokenizer.Load(tokenizerFolder);
            ModelFolder.RequireFit(tokenizer, tokenizerFolder, loaded.Config.VocabularySize);
            return new ChatModel(loaded, tokenizer, ChatTemplate.Load(tokenizerFolder, tokenizer));
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>The greedy answer to each conversation, without its end token; in the order given.</summary>
    /// <param name="prompts">Conversations that end with a user message.</param>
    /// <param name="maxTokens">Tokens of an answer at most.</param>
    /// <param name="progress">Told how many are answered.</param>
    /// <param name="cancel">Ends early.</param>
    public IReadOnlyList<string> Answer(IReadOnlyList<IReadOnlyList<ChatMessage>> prompts, int maxTokens, IRunProgress progress, CancellationToken cancel) =>
        Answer(prompts, [.. Enumerable.Repeat(maxTokens, prompts.Count)], progress, cancel);

    /// <summary>The same, each answer with a limit of its own.</summary>
    public IReadOnlyList<string> Answer(
        IReadOnlyList<IReadOnlyList<ChatMessage>> prompts, IReadOnlyList<int> maxTokens, IRunProgress progress, CancellationToken cancel) =>
        Answer([.. prompts.Select(p => ChatTemplateInput.Of(p) with { AddGenerationPrompt = true })], maxTokens, progress, cancel);

    /// <summary>The same for prompts with all that a template can be given.</summary>
    public IReadOnlyList<string> Answer(IReadOnlyList<ChatTemplateInput> prompts, IReadOnlyList<int> maxTokens, IRunProgress progress, CancellationToken cancel)
    {
        int[][] ids = [.. prompts.Select(p => Template.Render(p).Ids)];
        int done = 0;
        var options = new GenerationOptions { MaxNewTokens = int.MaxValue, NewTokensByPrompt = maxTokens, StopIds = Template.StopIds, BatchRows = 64 };
        IReadOnlyList<Continuation> continuations = Generation.Generate(Decoder, ids, options, (_, token) =>
        {
            if (Template.StopIds.Contains(token)) progress.Report((double)++done / ids.Length, $"{done} of {ids.Length}");
        }, cancel);
        return [.. continuations.Select(c => Tokenizer.Decode(c.Ids))];
    }

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();
}
