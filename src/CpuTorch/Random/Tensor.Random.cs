using CpuTorch.Kernels;

namespace CpuTorch;

/// <summary>Random fills and draws: the same generator state gives the same bits on any number of threads.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor uniform_(double from = 0, double to = 1, Generator? generator = null) =>
            RandomFill(generator, new UniformDraw(from, to - from));

        public Tensor normal_(double mean = 0, double stddev = 1, Generator? generator = null) =>
            RandomFill(generator, new NormalDraw(mean, stddev));

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) =>
            RandomFill(generator, new BernoulliDraw((float)p, 1));

        /// <summary>1 / (1 - p) with probability 1 - p, else 0: what dropout multiplies by.</summary>
        internal Tensor dropout_mask_(double p, Generator? generator) =>
            RandomFill(generator, new BernoulliDraw((float)(1 - p), (float)(1 / (1 - p))));

        /// <summary>Draws indices with the probabilities of each row.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null)
        {
            if (Rank is < 1 or > 2) throw TorchException.Runtime("prob_dist must be 1 or 2 dim");
            if (num_samples <= 0) throw TorchException.Runtime("cannot sample n_sample <= 0 samples");
            long n = sizes[^1];
            if (!replacement && num_samples > n)
                throw TorchException.Runtime("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
            using Tensor weights = Dense();
            Generator source = generator ?? default_generator;
            long rows = weights.numel() / n;
            var drawn = new long[rows * num_samples];
            for (long row = 0; row < rows; row++)
                Draw(weights.span<float>().Slice((int)(row * n), (int)n), drawn.AsSpan((int)(row * num_samples), (int)num_samples), replacement, source);
            return tensor(drawn, [.. sizes[..^1], num_samples]);
        }

        private static void Draw(ReadOnlySpan<float> weights, Span<long> drawn, bool replacement, Generator generator)
        {
            var running = new double[weights.Length];
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                if (!(weights[i] >= 0) || float.IsInfinity(weights[i]))
                    throw TorchException.Runtime("probability tensor contains either `inf`, `nan` or element < 0");
                running[i] = sum += weights[i];
            }
            if (sum <= 0) throw TorchException.Runtime("invalid multinomial distribution (sum of probabilities <= 0)");
            for (int draw = 0; draw < drawn.Length; draw++)
            {
                double target = generator.NextDouble() * running[^1];
                int low = 0;
                int high = running.Length - 1;
                while (low < high)
                {
                    int middle = (low + high) / 2;
                    if (running[middle] > target) high = middle;
                    else low = middle + 1;
                }
                drawn[draw] = low;
                if (replacement) continue;
                // What was drawn leaves the distribution.
                double weight = running[low] - (low == 0 ? 0 : running[low - 1]);
                for (int i = low; i < running.Length; i++) running[i] -= weight;
                if (running[^1] <= 0 && draw + 1 < drawn.Length)
                    throw TorchException.Runtime("invalid multinomial distribution (with replacement=False, not enough non-negative category to sample)");
            }
        }

        private Tensor RandomFill<TDraw>(Generator? generator, TDraw draw)
            where TDraw : struct, IDraw
        {
            CheckInPlace();
            if (!is_floating_point()) throw TorchException.Runtime($"a random fill is not implemented for '{TypeName(dtype)}'");
            if (dtype == ScalarType.Float32 && IsContiguous)
            {
                FillDense(this, generator ?? default_generator, draw);
            }
            else
            {
                using Tensor dense = Empty(sizes);
                FillDense(dense, generator ?? default_generator, draw);
                ElementLoop.Copy(this, dense);
            }
            Storage.Version++;
            return this;
        }

        private static unsafe void FillDense<TDraw>(Tensor target, Generator generator, TDraw draw)
            where TDraw : struct, IDraw
        {
            const long BlocksAChunk = 2048;
            long count = target.numel();
            long blocks = (count + 3) / 4;
            ulong first = generator.Reserve(blocks);
            float* to = target.FloatPointer;
            Workers.For((blocks + BlocksAChunk - 1) / BlocksAChunk, chunk =>
            {
                float* last = stackalloc float[4];
                long end = Math.Min(blocks, (chunk + 1) * BlocksAChunk);
                for (long block = chunk * BlocksAChunk; block < end; block++)
                {
                    bool whole = (block * 4) + 4 <= count;
                    draw.Write(generator.Block(first + (ulong)block), whole ? to + (block * 4) : last);
                    for (long i = block * 4; !whole && i < count; i++) to[i] = last[i % 4];
                }
            });
        }
    }

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Generator? generator = null) => randint(0, high, size, dtype, generator);

    /// <summary>Integers from low to high - 1.</summary>
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Generator? generator = null)
    {
        Generator source = generator ?? default_generator;
        var values = new long[Shape.Count(size)];
        for (int i = 0; i < values.Length; i++) values[i] = low + (long)(source.NextDouble() * (high - low));
        return FromArray<long>(values, size, ScalarType.Int64, dtype);
    }

    /// <summary>0 to n - 1 in random order.</summary>
    public static Tensor randperm(long n, Generator? generator = null)
    {
        Generator source = generator ?? default_generator;
        long[] order = [.. Enumerable.Range(0, (int)n).Select(i => (long)i)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            var j = (int)(source.NextDouble() * (i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        return tensor(order);
    }

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) => input.multinomial(num_samples, replacement, generator);

    public static Tensor bernoulli(Tensor input, Generator? generator = null)
    {
        using Tensor draws = rand(input.Sizes, generator: generator);
        using Tensor hits = draws.lt(input);
        return hits.to_type(input.dtype);
    }
}
