using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

[Collection("Kernels")]
public sealed class WorkersTests
{
    [Fact]
    public void Every_chunk_runs_once_for_any_number_of_threads()
    {
        int before = Workers.Count;
        try
        {
            foreach (int threads in new[] { 1, 2, 7 })
            {
                Workers.Count = threads;
                for (int round = 0; round < 2000; round++)
                {
                    int[] runs = new int[round % 50];
                    Workers.For(runs.Length, chunk => Interlocked.Increment(ref runs[chunk]));
                    Assert.All(runs, count => Assert.Equal(1, count));
                }
            }
        }
        finally
        {
            Workers.Count = before;
        }
    }

    [Fact]
    public void Nested_and_concurrent_calls_finish()
    {
        long total = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int round = 0; round < 200; round++)
            {
                Workers.For(4, _ => Workers.For(3, _ => Interlocked.Increment(ref total)));
            }
        });
        Assert.Equal(8 * 200 * 4 * 3, total);
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_pool_lives_on()
    {
        for (int round = 0; round < 20; round++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() =>
                Workers.For(50, chunk => throw new InvalidOperationException($"chunk {chunk}")));
            Assert.StartsWith("chunk", thrown.Message, StringComparison.Ordinal);
        }

        long sum = 0;
        Workers.For(100, chunk => Interlocked.Add(ref sum, chunk));
        Assert.Equal(4950, sum);
    }

    [Fact]
    public void Workers_wake_after_they_have_parked()
    {
        for (int round = 0; round < 5; round++)
        {
            Thread.Sleep(5);
            int done = 0;
            Workers.For(10, _ => Interlocked.Increment(ref done));
            Assert.Equal(10, done);
        }
    }
}
