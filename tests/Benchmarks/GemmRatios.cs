using System.Runtime.InteropServices;
using CpuTorch.Kernels;

namespace Benchmarks;

/// <summary>
/// Matrix products against OpenBLAS: squares, those of a training step with 256 components and 1,024 tokens and of GPT-2
/// small with 512, and LoRA's thin ones.
/// </summary>
internal static unsafe class GemmRatios
{
    private const double Target = 0.85;
    private const double ThinTarget = 2.0;

    private static readonly (int Tokens, int In, int Out)[] Projections =
    [
        (1024, 256, 256), (1024, 256, 768), (1024, 768, 256), (1024, 256, 2048),
        (512, 768, 768), (512, 768, 2304), (512, 768, 3072), (512, 3072, 768), (512, 768, 50_257),
    ];

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted)
    {
        Shape[] shapes = [.. Shapes().Where(s => wanted(s.Name))];
        bool present = shapes.Length > 0 && OpenBlas.TryLoad(Workers.Count);
        foreach (Shape shape in shapes)
        {
            yield return present
                ? Measure(shape, rounds)
                : new Ratio(shape.Name, Value: null, shape.Target, "OpenBLAS", "libopenblas.so.0 is missing; apt install libopenblas0-pthread");
        }
    }

    private static IEnumerable<Shape> Shapes()
    {
        yield return new("gemm 512", 512, 512, 512, false, false, Target);
        yield return new("gemm 1024", 1024, 1024, 1024, false, false, Target);
        foreach ((int tokens, int features, int outputs) in Projections)
        {
            foreach (Shape shape in Linear($"linear {features}-{outputs}", tokens, features, outputs, Target))
            {
                yield return shape;
            }
        }

        foreach (int rank in new[] { 8, 16 })
        {
            foreach (Shape shape in Linear($"lora r{rank} A", 512, 768, rank, ThinTarget).Concat(Linear($"lora r{rank} B", 512, rank, 768, ThinTarget)))
            {
                yield return shape;
            }
        }
    }

    private static IEnumerable<Shape> Linear(string name, int tokens, int features, int outputs, double target) =>
    [
        new($"{name} forward", tokens, outputs, features, false, true, target),
        new($"{name} input grad", tokens, features, outputs, false, false, target),
        new($"{name} weight grad", outputs, features, tokens, true, false, target),
    ];

    private static Ratio Measure(Shape s, int rounds)
    {
        using var a = new Buffer(s.M * s.K);
        using var b = new Buffer(s.K * s.N);
        using var mine = new Buffer(s.M * s.N);
        using var theirs = new Buffer(s.M * s.N);
        int repeats = (int)Math.Max(2, 2e9 / (2.0 * s.M * s.N * s.K));
        (long aRow, long aCol) = s.ATransposed ? (1, s.M) : (s.K, 1);
        (long bRow, long bCol) = s.BTransposed ? (1, s.K) : (s.N, 1);
        (double ratio, double ours, double other) = Rounds.Interleave(
            () => Rounds.Time(() => Gemm.Run(s.M, s.N, s.K, a.Floats, aRow, aCol, b.Floats, bRow, bCol, mine.Floats, s.N), repeats),
            () => Rounds.Time(() => OpenBlas.Multiply(s.M, s.N, s.K, a.Floats, s.ATransposed, b.Floats, s.BTransposed, theirs.Floats), repeats),
            rounds);
        Check(s, mine, theirs);
        double work = 2e-6 * s.M * s.N * s.K;
        return new Ratio(
            s.Name, ratio, s.Target, "OpenBLAS",
            $"{Workers.Count} threads, OPENBLAS_CORETYPE={OpenBlas.CoreType ?? "unset"}, {rounds} rounds; {work / ours:F0} against {work / other:F0} GFLOP/s");
    }

    private static void Check(Shape s, Buffer mine, Buffer theirs)
    {
        for (long i = 0; i < (long)s.M * s.N; i++)
        {
            if (Math.Abs(mine.Floats[i] - theirs.Floats[i]) > 1e-5 * Math.Sqrt(s.K))
            {
                throw new InvalidOperationException($"{s.Name}: element {i} is {mine.Floats[i]}, OpenBLAS has {theirs.Floats[i]}");
            }
        }
    }

    private sealed record Shape(string Name, int M, int N, int K, bool ATransposed, bool BTransposed, double Target);

    private sealed class Buffer : IDisposable
    {
        public Buffer(int count)
        {
            Floats = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
            var random = new Random(1);
            for (int i = 0; i < count; i++)
            {
                Floats[i] = (float)random.NextDouble() - 0.5f;
            }
        }

        public float* Floats { get; }

        public void Dispose() => NativeMemory.AlignedFree(Floats);
    }
}
