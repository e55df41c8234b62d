using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests;

/// <summary>Writes at places: into views, and without another copy of the whole.</summary>
public sealed class InPlaceTests
{
    [Fact]
    public void IndexCopyWritesThroughAView()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor whole = zeros(3, 4);
        Tensor transposed = whole.t();
        transposed.index_copy_(0, tensor(new long[] { 2, 0 }), ones(2, 3) * 5);
        Assert.Equal([5f, 0f, 5f, 0f, 5f, 0f, 5f, 0f, 5f, 0f, 5f, 0f], whole.data<float>().ToArray());
        whole.view(-1).index_copy_(0, tensor(new long[] { 11 }), tensor(new[] { 7f }));
        Assert.Equal(7f, whole[2][3].item<float>());
    }

    [Fact]
    public void IndexCopyTakesNoCopyOfTheWhole()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor whole = zeros(1000, 1000);
        Tensor index = tensor(new long[] { 3 });
        Tensor row = ones(1, 1000);
        memory.reset_peak();
        long before = memory.peak_bytes;
        whole.index_copy_(0, index, row);
        Assert.True(memory.peak_bytes - before < 100_000, $"{memory.peak_bytes - before} bytes for a row of 4,000");
    }

    [Fact]
    public void ARecordedWriteKeepsItsGradients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor source = ones(2, 3).requires_grad_();
        Tensor whole = zeros(4, 3);
        whole.index_copy_(0, tensor(new long[] { 1, 3 }), source);
        (whole * whole * 3).sum().backward();
        Assert.Equal([6f, 6f, 6f, 6f, 6f, 6f], source.grad!.data<float>().ToArray());
    }
}
