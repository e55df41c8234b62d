using CpuTorch.Tests.Kernels;
using Xunit;
using static CpuTorch.torch;
using static CpuTorch.torch.nn;

namespace CpuTorch.Tests;

[Collection("Kernels")]
public class KeptPanelsTests
{
    private readonly Generator generator = new(3);

    [Fact]
    public void A_frozen_weight_is_packed_once_and_gives_the_same_bits()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor x, Tensor weight) = (randn([40, 48], generator: generator), Weight());
        byte[] first = functional.linear(x, weight).bytes.ToArray();
        Assert.Equal(0, KeptPanels.HeldBytes);
        Assert.Equal(first, functional.linear(x, weight).bytes.ToArray());
        long held = KeptPanels.HeldBytes;
        Assert.True(held >= weight.numel() * sizeof(float));
        Assert.Equal(first, functional.linear(x, weight).bytes.ToArray());
        Assert.Equal(held, KeptPanels.HeldBytes);
        weight.Dispose();
        Assert.Equal(0, KeptPanels.HeldBytes);
    }

    [Fact]
    public void Its_gradient_reads_panels_of_its_own()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = Weight();
        byte[][] gradients = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            Tensor x = ones([40, 48], requires_grad: true);
            functional.linear(x, weight).square().sum().backward();
            return x.grad!.bytes.ToArray();
        })];
        Assert.Equal(gradients[0], gradients[1]);
        Assert.Equal(gradients[0], gradients[2]);
        Assert.True(KeptPanels.HeldBytes >= 2 * weight.numel() * sizeof(float));
    }

    [Theory]
    [InlineData("in place")]
    [InlineData("by bytes")]
    [InlineData("by span")]
    [InlineData("by a view")]
    [InlineData("by an accessor")]
    public void A_write_drops_them(string how)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor x, Tensor weight) = (randn([40, 48], generator: generator), Weight());
        for (int i = 0; i < 3; i++) _ = functional.linear(x, weight);
        if (how == "in place") weight.mul_(2);
        else if (how == "by bytes") weight.bytes.Clear();
        else if (how == "by span") weight.span<float>()[100] = 7;
        else if (how == "by a view") weight[3].fill_(1);
        else weight.data<float>()[2, 3] = 9;
        Tensor fresh = weight.clone();
        Assert.True(functional.linear(x, fresh).allequal(functional.linear(x, weight)));
    }

    [Fact]
    public void A_trained_weight_keeps_none()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor x, Tensor weight) = (randn([40, 48], generator: generator), Weight().requires_grad_());
        for (int i = 0; i < 3; i++) _ = functional.linear(x, weight);
        Assert.Equal(0, KeptPanels.HeldBytes);
    }

    [Fact]
    public void A_tensor_that_is_no_weight_keeps_none()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor x, Tensor other) = (randn([40, 48], generator: generator), randn([70, 48], generator: generator));
        for (int i = 0; i < 3; i++) _ = functional.linear(x, other);
        Assert.Equal(0, KeptPanels.HeldBytes);
    }

    private Tensor Weight() => new Modules.Parameter(randn([70, 48], generator: generator), requires_grad: false);
}
