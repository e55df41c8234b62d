using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

// Blocks and threads belong to the whole process.
[CollectionDefinition(nameof(TrainerProcessTests), DisableParallelization = true)]
[Collection(nameof(TrainerProcessTests))]
public class TrainerProcessTests
{
    [Fact]
    public void Memory_is_flat()
    {
        TrainingRun run = TinyRun.Run(lora: true, TinyRun.Options with { Epochs = 10, KeepBest = false });
        long early = 0, late = 0;
        var progress = new InlineProgress(step =>
        {
            if (step.Metrics.Step == 20) early = LiveBlocks();
            if (step.Metrics.Step == 38) late = LiveBlocks();
        });
        Trainer.Run(run with { Progress = progress });
        Assert.True(early > 0);
        // Never more; fewer where a thread of another test ended meanwhile, and with it what that test never disposed.
        Assert.InRange(late, 1, early);
    }

    [Fact]
    public void One_thread_and_two_give_the_same_bits()
    {
        int threads = get_num_threads();
        try
        {
            TrainingRun one = TinyRun.Run(lora: true), two = TinyRun.Run(lora: true);
            set_num_threads(1);
            TrainingResult first = Trainer.Run(one);
            set_num_threads(2);
            TrainingResult second = Trainer.Run(two);
            Assert.Equal(TinyRun.Weights(one.Model), TinyRun.Weights(two.Model));
            Assert.Equal(first.History.Select(step => (step.Loss, step.GradNorm)), second.History.Select(step => (step.Loss, step.GradNorm)));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    // What other tests left behind is collected first.
    private static long LiveBlocks()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return memory.live_blocks;
    }
}
