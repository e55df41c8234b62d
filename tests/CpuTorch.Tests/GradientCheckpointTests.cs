using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests;

/// <summary>A checkpoint changes what is kept, never a bit of what is computed.</summary>
public sealed class GradientCheckpointTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ValuesAndGradientsAreTheSameBits(bool dropout)
    {
        Assert.Equal(Run(checkpointed: false, dropout), Run(checkpointed: true, dropout));
    }

    [Fact]
    public void LaterDrawsAreThoseOfAPlainRun()
    {
        using DisposeScope scope = NewDisposeScope();
        var plain = new Generator(3);
        var again = new Generator(3);
        using Tensor x = ones(4, 8).requires_grad_();
        using (Tensor y = nn.functional.dropout(x, 0.5, generator: plain).sum()) y.backward();
        using (Tensor y = utils.checkpoint(input => nn.functional.dropout(input, 0.5, generator: again), x).sum()) y.backward();
        Assert.Equal(plain.get_state().data<byte>().ToArray(), again.get_state().data<byte>().ToArray());
    }

    [Fact]
    public void AWeightInsideAndOutsideGetsBothGradients()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor w = tensor(3f).requires_grad_();
        using Tensor x = tensor(2f).requires_grad_();
        using Tensor inside = utils.checkpoint(input => input * w * w, x);
        using Tensor loss = (inside * w) + w;
        loss.backward();

        // x w³ + w
        Assert.Equal(55f, w.grad!.ToSingle());
        Assert.Equal(27f, x.grad!.ToSingle());
    }

    [Fact]
    public void CheckpointsMayNest()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor w = tensor(3f).requires_grad_();
        using Tensor x = tensor(2f).requires_grad_();
        using Tensor loss = utils.checkpoint(outer => utils.checkpoint(inner => inner * w, outer) * w, x);
        loss.backward();
        Assert.Equal(12f, w.grad!.ToSingle());
        Assert.Equal(9f, x.grad!.ToSingle());
    }

    [Fact]
    public void WeightsLearnThoughTheInputDoesNot()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor w = tensor(3f).requires_grad_();
        using Tensor x = tensor(2f);
        using Tensor loss = utils.checkpoint(input => input * w, x);
        loss.backward();
        Assert.Equal(2f, w.grad!.ToSingle());
    }

    [Fact]
    public void WhatTheFunctionReadsGoesWithTheGraph()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor x = tensor(2f).requires_grad_();
        Tensor factor = tensor(5f);
        Tensor y = utils.checkpoint(input => input * factor, x, factor);
        y.backward();
        Assert.Equal(5f, x.grad!.ToSingle());
        Assert.True(factor.IsInvalid);
        Assert.Contains("second time", Assert.Throws<TorchException>(() => y.backward()).Message, StringComparison.Ordinal);
        y.Dispose();
    }

    [Fact]
    public void KeepsLessAndNothingAfterwards()
    {
        long before = memory.live_blocks;
        long plain = PeakBytes(checkpointed: false);
        long checkpointed = PeakBytes(checkpointed: true);
        Assert.True(checkpointed < plain / 2, $"{checkpointed} against {plain} bytes");
        Assert.Equal(before, memory.live_blocks);
    }

    private static byte[] Run(bool checkpointed, bool dropout)
    {
        using DisposeScope scope = NewDisposeScope();
        var generator = new Generator(5);
        Tensor[] weights = [.. Enumerable.Range(0, 3).Select(_ => randn([16, 16], generator: generator).requires_grad_())];
        Tensor x = randn([8, 16], generator: generator).requires_grad_();
        Tensor h = x;
        foreach (Tensor weight in weights)
        {
            Tensor Block(Tensor input)
            {
                Tensor y = input.matmul(weight).tanh();
                return input + (dropout ? nn.functional.dropout(y, 0.3, generator: generator) : y);
            }

            h = checkpointed ? utils.checkpoint(Block, h) : Block(h);
        }
        Tensor loss = h.square().sum();
        loss.backward();
        return [.. loss.bytes, .. x.grad!.bytes, .. weights.SelectMany(w => w.grad!.bytes.ToArray())];
    }

    private static long PeakBytes(bool checkpointed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = ones(256, 256).requires_grad_();
        memory.reset_peak();
        long start = memory.live_bytes;
        for (int i = 0; i < 12; i++)
        {
            using DisposeScope inner = NewDisposeScope();
            static Tensor Block(Tensor input) => input.sin().cos().tanh().exp().sigmoid();
            h = (checkpointed ? utils.checkpoint(Block, h) : Block(h)).MoveToOuterDisposeScope();
        }
        h.sum().backward();
        return memory.peak_bytes - start;
    }
}
