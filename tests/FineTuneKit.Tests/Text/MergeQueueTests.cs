using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

public sealed class MergeQueueTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5000)]
    public void Gives_the_lowest_rank_and_the_leftmost_of_equals_whatever_comes_in_between(int symbols)
    {
        var random = new NamedRandom("merge-queue", symbols);
        var queue = new MergeQueue();
        for (int run = 0; run < 20; run++)
        {
            queue.Clear(symbols);
            var waiting = new List<(int Rank, int Place)>();
            for (int step = 0; step < 2000; step++)
            {
                if (random.Chance(step < 1000 ? 0.7 : 0.3))
                {
                    (int Rank, int Place) pair = (random.Next(1 + run * run), random.Next(symbols));
                    waiting.Add(pair);
                    queue.Enqueue(pair.Rank, pair.Place);
                }
                else if (waiting.Count > 0)
                {
                    (int, int) lowest = waiting.Min();
                    waiting.Remove(lowest);
                    Assert.True(queue.TryDequeue(out int rank, out int place));
                    Assert.Equal(lowest, (rank, place));
                }
            }
            foreach ((int Rank, int Place) pair in waiting.Order())
            {
                Assert.True(queue.TryDequeue(out int rank, out int place));
                Assert.Equal(pair, (rank, place));
            }
            Assert.False(queue.TryDequeue(out _, out _));
        }
    }
}
