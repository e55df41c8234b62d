using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests;

/// <summary>What other tests left to the collector is collected first, so that the counters move by what is done here alone.</summary>
public class MemoryTests
{
    public MemoryTests()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Fact]
    public void A_step_gives_back_all_but_parameters_and_gradients()
    {
        using nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(8, 16), nn.SiLU(), nn.Linear(16, 4));
        using Modules.AdamW optimizer = optim.AdamW(model.parameters(), 0.01);
        // The first step has no gradients of a step before beside its forward pass; the second holds all that any step holds.
        Step(model, optimizer);
        Step(model, optimizer);
        long steady = memory.live_blocks;
        long system = memory.system_blocks;
        for (int i = 0; i < 5; i++) Step(model, optimizer);
        Assert.Equal(steady, memory.live_blocks);
        Assert.Equal(system, memory.system_blocks);
    }

    [Fact]
    public void No_block_outlives_its_last_tensor()
    {
        long before = memory.live_blocks;
        using (NewDisposeScope())
        {
            Tensor x = randn([4, 5]).requires_grad_();
            Tensor y = (x * 2).exp().transpose(0, 1)[1].sum();
            Tensor unused = x.matmul(x.T).softmax(-1);
            y.backward();
            Assert.NotNull(x.grad);
            Assert.Equal(4, unused.shape[0]);
        }
        Assert.Equal(before, memory.live_blocks);
    }

    private static void Step(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor loss = nn.functional.mse_loss(model.call(ones(3, 8)), zeros(3, 4));
        model.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(model.parameters(), 1);
        optimizer.step();
    }
}
