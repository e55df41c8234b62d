using FineTuneKit.Evaluation;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Evaluation;

public sealed class TokenLossesTests
{
    [Fact]
    public void The_losses_of_what_is_learned_add_up_to_the_objectives()
    {
        using Decoder model = TinyModel.Make();
        var row = new TrainingExample([5, 9, 12, 3, 30, 7], [false, false, true, true, false, true], "row");
        double[] losses = TokenLosses.Of(model, row);
        Assert.Equal((6, 0.0), (losses.Length, losses[0]));
        (Tensor sum, long tokens) = new SupervisedObjective(model).Evaluate([row]);
        Assert.Equal(3, tokens);
        Assert.Equal(sum.item<float>(), losses[2] + losses[3] + losses[5], 1e-4);
    }

    [Fact]
    public void A_token_that_the_model_does_not_know_is_named()
    {
        using Decoder model = TinyModel.Make();
        Assert.Contains("token id 40", Assert.Throws<InputException>(() => TokenLosses.Of(model, new TrainingExample([1, 40], [false, true], "row"))).Message);
    }
}
