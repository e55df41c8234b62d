using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

public sealed class EncoderTests
{
    private static readonly EncoderConfig Bert = new()
    {
        ModelType = "bert",
        VocabularySize = 30,
        TypeVocabularySize = 2,
        HiddenSize = 16,
        IntermediateSize = 24,
        Layers = 2,
        Heads = 4,
        PositionRows = 20,
        InitializerRange = 0.3,
        Labels = ["a", "b", "c"],
    };

    private static readonly EncoderConfig Roberta = Bert with { ModelType = "roberta", TypeVocabularySize = 1, PositionRows = 22, FirstPosition = 2, PadId = 1 };

    public static TheoryData<string> Families => ["bert", "roberta"];

    [Theory, MemberData(nameof(Families))]
    public void PaddingChangesNothing(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        using Encoder encoder = Make(family == "bert" ? Bert : Roberta);
        using (no_grad())
        {
            Tensor alone = encoder.forward(Texts([7, 3, 9], [1, 1, 1]));
            TensorAssert.Close(alone, encoder.forward(Texts([7, 3, 9, 1, 1], [1, 1, 1, 0, 0])), 1e-6, "padding behind");
            Tensor embedded = encoder.Embed(Texts([7, 3, 9], [1, 1, 1]));
            TensorAssert.Close(embedded, encoder.Embed(Texts([7, 3, 9, 1, 1], [1, 1, 1, 0, 0])), 1e-6, "embedding");
            Assert.Equal(1, embedded.norm().item<float>(), 1e-5f);
        }
    }

    [Fact]
    public void RobertaIsBertWhosePositionsBeginBehindThePadding()
    {
        using DisposeScope scope = NewDisposeScope();
        using Encoder roberta = Make(Roberta), bert = Make(Bert with { TypeVocabularySize = 1, Labels = [] });
        Dictionary<string, Tensor> weights = roberta.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        using (no_grad())
        {
            foreach ((string name, Parameter parameter) in bert.named_parameters())
            {
                if (!weights.TryGetValue("roberta." + name["bert.".Length..], out Tensor? weight)) continue;
                parameter.copy_(name.Contains("position", StringComparison.Ordinal) ? weight.narrow(0, 2, 20) : weight);
            }
            TensorAssert.Close(bert.Hidden(Texts([7, 3, 9], [1, 1, 1])), roberta.Hidden(Texts([7, 3, 9], [1, 1, 1])), 0, "states");
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void SavedAndLoadedItIsTheSame(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        string folder = Directory.CreateTempSubdirectory().FullName;
        using Encoder encoder = Make(family == "bert" ? Bert : Roberta);
        ModelFolder.Save(folder, encoder);
        using LoadedEncoder loaded = ModelFolder.LoadEncoder(folder);
        Assert.Equal(encoder.Config with { Labels = [] }, loaded.Config with { Labels = [], Source = null });
        Assert.Equal(encoder.Config.Labels, loaded.Config.Labels);
        Assert.Empty(loaded.FreshWeights);
        using (no_grad()) TensorAssert.Close(encoder.forward(Texts([5, 6], [1, 1])), loaded.Model.forward(Texts([5, 6], [1, 1])), 0, "logits");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        using DisposeScope scope = NewDisposeScope();
        using Encoder encoder = Make(Bert);
        Assert.Contains("21 tokens; the model holds 20", Assert.Throws<InputException>(() => encoder.Hidden(Texts(new int[21], [.. Enumerable.Repeat(1, 21)]))).Message, StringComparison.Ordinal);
        using Encoder bare = Make(Bert with { Labels = [] });
        Assert.Contains("no classifier", Assert.Throws<InvalidOperationException>(() => bare.forward(Texts([1], [1]))).Message, StringComparison.Ordinal);
        var vision = new EncoderConfig { ModelType = "vit", HiddenSize = 8, IntermediateSize = 8, Layers = 1, Heads = 2, ImageSize = 8, PatchSize = 4, Channels = 3 };
        using Encoder vit = Make(vision);
        Assert.Contains("[1, 1, 8, 8]; [rows, 3, 8, 8] is required", Assert.Throws<InputException>(() => vit.Hidden(EncoderInput.Images(zeros(1, 1, 8, 8), vision))).Message, StringComparison.Ordinal);
    }

    private static Encoder Make(EncoderConfig config)
    {
        var encoder = new Encoder(config);
        encoder.Initialize(seed: 3);
        encoder.eval();
        return encoder;
    }

    private static EncoderInput Texts(int[] ids, int[] mask) =>
        EncoderInput.Texts(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Length]), TokenLayout.FromMask([mask]));
}
