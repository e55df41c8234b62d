using System.Runtime.InteropServices;
using CpuTorch.Kernels;

namespace Benchmarks;

/// <summary>Matrix products against OpenBLAS: squares, and those of a training step with d 256 and 1,024 tokens.</summary>
internal static unsafe class GemmRatios
{
    private const double Target = 0.8;
    private const int Tokens = 1024;

    private static readonly (int In, int Out)[] Projections = [(256, 256), (256, 768), (768, 256), (256, 2048)];

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted)
    {
        Shape[] shapes = [.. Shapes().Where(s => wanted(s.Name))];
        bool present = shapes.Length > 0 && OpenBlas.TryLoad(Workers.Count);
        foreach (Shape shape in shapes)
        {
            yield return present
                ? Measure(shape, rounds)
                : new Ratio(shape.Name, Value: null, Target, "OpenBLAS", "libopenblas.so.0 is not installed");
        }
    }

    private static IEnumerable<Shape> Shapes()
    {
        yield return new("gemm 512", 512, 512, 512, false, false);
        yield return new("gemm 1024", 1024, 1024, 1024, false, false);
        foreach ((int features, int outputs) in Projections)
        {
            string name = $"linear {features}-{outputs}";
            yield return new($"{name} forward", Tokens, outputs, features, false, true);
            yield return new($"{name} input grad", Tokens, features, outputs, false, false);
            yield return new($"{name} weight grad", outputs, features, Tokens, true, false);
        }
    }

    private static Ratio Measure(Shape s, int rounds)
    {
        using var a = new Buffer(s.M * s.K);
        using var b = new Buffer(s.K * s.N);
        using var mine = new Buffer(s.M * s.N);
        using var theirs = new Buffer(s.M * s.N);
        int repeats = (int)Math.Max(1, 4e8 / (2.0 * s.M * s.N * s.K));
        (long aRow, long aCol) = s.ATransposed ? (1, s.M) : (s.K, 1);
        (long bRow, long bCol) = s.BTransposed ? (1, s.K) : (s.N, 1);
        (double ratio, double ours, double other) = Rounds.Interleave(
            () => Rounds.Time(() => Gemm.Run(s.M, s.N, s.K, a.Floats, aRow, aCol, b.Floats, bRow, bCol, mine.Floats, s.N), repeats),
            () => Rounds.Time(() => OpenBlas.Multiply(s.M, s.N, s.K, a.Floats, s.ATransposed, b.Floats, s.BTransposed, theirs.Floats), repeats),
            rounds);
        Check(s, mine, theirs);
        double work = 2e-6 * s.M * s.N * s.K;
        return new Ratio(
            s.Name, ratio, Target, "OpenBLAS",
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

    private sealed record Shape(string Name, int M, int N, int K, bool ATransposed, bool BTransposed);

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
