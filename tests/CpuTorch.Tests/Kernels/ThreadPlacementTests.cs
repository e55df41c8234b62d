using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

public sealed class ThreadPlacementTests
{
    [Fact]
    public void A_thread_that_slept_on_a_taken_processor_wakes_on_another()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "needs Linux and two processors");
        using var asleep = new ManualResetEventSlim();
        using var wake = new ManualResetEventSlim();
        var (number, slept, woke) = (0, -1, -1);
        var thread = new Thread(() =>
        {
            (number, slept) = (ThreadPlacement.ThreadNumber, ThreadPlacement.Processor);
            asleep.Set();
            wake.Wait();
            woke = ThreadPlacement.Processor;
        });
        thread.Start();
        asleep.Wait();
        ProcessorSet taken = default;
        taken.Add(slept);
        ThreadPlacement.Part(number, slept, ref taken);
        wake.Set();
        thread.Join();
        Assert.NotEqual(slept, woke);
    }

    [Fact]
    public void Processors_of_threads_that_stay_are_taken()
    {
        ProcessorSet taken = default;
        taken.Add(3);
        ThreadPlacement.Part(0, 70, ref taken);
        taken.Add(-1);
        taken.Add(5000);
        Assert.Equal(OperatingSystem.IsLinux(), taken.Contains(70));
        Assert.Equal([3], Enumerable.Range(-1, 64).Where(p => taken.Contains(p)));
    }
}
