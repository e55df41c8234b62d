using CpuTorch.Modules;
using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests.Optim;

/// <summary>AdamW whose moments are kept in bfloat16.</summary>
public sealed class HalfStateTests
{
    // 20 000 weights make more than one chunk of the kernel.
    private const int Count = 20_000;

    [Fact]
    public void TheSecondMomentFollowsTheGradientsWhereRoundingToTheNearestStandsStill()
    {
        using DisposeScope scope = NewDisposeScope();
        var parameter = new Parameter(zeros(Count));
        using AdamW optimizer = Make(parameter, ScalarType.BFloat16);
        parameter.grad = ones(Count);
        for (int step = 0; step < 1000; step++) optimizer.step();
        // 1 - 0.999^1000; to the nearest it would stop where a thousandth of what lacks is under half of a neighbour's distance.
        Tensor second = optimizer.state_dict()[0].Tensors["exp_avg_sq"];
        Assert.Equal(ScalarType.BFloat16, second.dtype);
        Assert.Equal(1 - Math.Pow(0.999, 1000), second.to(ScalarType.Float32).mean().item<float>(), 2e-3);
    }

    [Fact]
    public void ItTrainsAsFloat32DoesButForItsRounding()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor half, Tensor whole) = (Minimised(ScalarType.BFloat16), Minimised(ScalarType.Float32));
        Assert.True(whole.norm().item<float>() < 0.1 * Start().norm().item<float>());
        Assert.True((half - whole).norm().item<float>() < 0.01 * Start().norm().item<float>());
    }

    [Fact]
    public void ALoadedStateGoesOnToTheSameBits()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter straight = new(Start()), resumed = new(Start());
        using AdamW whole = Make(straight, ScalarType.BFloat16), before = Make(resumed, ScalarType.BFloat16), after = Make(resumed, ScalarType.BFloat16);
        Descend(whole, straight, 6);
        Descend(before, resumed, 3);
        after.load_state_dict(before.state_dict());
        Descend(after, resumed, 3);
        Assert.Equal(((Tensor)straight).data<float>().ToArray(), ((Tensor)resumed).data<float>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float16, false, "float32 or bfloat16")]
    [InlineData(ScalarType.BFloat16, true, "amsgrad")]
    public void WhatIsNotKeptSoIsRefused(ScalarType type, bool amsgrad, string why)
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Contains(why, Assert.Throws<TorchException>(() => new AdamW.ParamGroup([new Parameter(zeros(2))], amsgrad: amsgrad, state_dtype: type)).Message, StringComparison.Ordinal);
    }

    private static AdamW Make(Parameter parameter, ScalarType type) => optim.AdamW([new AdamW.ParamGroup([parameter], lr: 0.01, state_dtype: type)]);

    private static Tensor Start() => arange(Count).to(ScalarType.Float32).div(Count).sub(0.5);

    private static Tensor Minimised(ScalarType type)
    {
        var parameter = new Parameter(Start());
        using AdamW optimizer = Make(parameter, type);
        Descend(optimizer, parameter, 120);
        return parameter;
    }

    // Down the slope of half the squared norm.
    private static void Descend(AdamW optimizer, Parameter parameter, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            parameter.grad = ((Tensor)parameter).detach().clone();
            optimizer.step();
        }
    }
}
