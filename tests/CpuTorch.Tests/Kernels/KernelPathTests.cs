using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

public sealed class KernelPathTests
{
    [Fact]
    public void The_widest_form_is_chosen_and_another_can_be_forced()
    {
        Assert.Equal(KernelPath.Available.Max(), KernelPath.Choose(forced: null));
        Assert.Equal(KernelForm.Scalar, KernelPath.Choose("scalar"));
        Assert.Throws<ArgumentException>(() => KernelPath.Choose("avx1024"));
    }
}
