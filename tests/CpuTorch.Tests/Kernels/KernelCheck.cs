using System.Runtime.InteropServices;
using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

/// <summary>Tests that set the kernel form or the thread count run alone: both are of the whole process.</summary>
[CollectionDefinition("Kernels", DisableParallelization = true)]
public sealed class KernelsGroup;

/// <summary>Floats outside the GC heap between guards, so that a kernel which writes beside them is caught.</summary>
internal sealed unsafe class Floats : IDisposable
{
    private const int Guard = 64;
    private const float GuardValue = 12345.678f;
    private readonly float* block;

    public Floats(long count)
    {
        Count = count;
        block = (float*)NativeMemory.AlignedAlloc((nuint)((count + (2 * Guard)) * sizeof(float)), 64);
        for (long i = 0; i < count + (2 * Guard); i++)
        {
            block[i] = GuardValue;
        }
    }

    public long Count { get; }

    public float* Pointer => block + Guard;

    public float this[long i]
    {
        get => Pointer[i];
        set => Pointer[i] = value;
    }

    public static Floats Random(long count, int seed, float scale = 1)
    {
        var random = new Random(seed);
        var floats = new Floats(count);
        for (long i = 0; i < count; i++)
        {
            floats[i] = ((float)random.NextDouble() - 0.5f) * 2 * scale;
        }

        return floats;
    }

    public static Floats Of(params float[] values)
    {
        var floats = new Floats(values.Length);
        values.CopyTo(new Span<float>(floats.Pointer, values.Length));
        return floats;
    }

    public float[] ToArray() => new Span<float>(Pointer, (int)Count).ToArray();

    public void Dispose()
    {
        bool intact = true;
        for (int i = 0; i < Guard; i++)
        {
            intact &= block[i] == GuardValue && block[Guard + Count + i] == GuardValue;
        }

        NativeMemory.AlignedFree(block);
        Assert.True(intact, "a kernel wrote beside its memory");
    }
}

internal static class KernelCheck
{
    /// <summary>
    /// Runs the kernel in every form with one thread and with two: the forms agree with the expected values within the
    /// tolerance (of the largest magnitude, or of 1), the thread counts with each other to the bit.
    /// </summary>
    public static void EveryForm(double[] expected, double tolerance, Func<float[]> kernel)
    {
        (KernelForm form, int threads) = (KernelPath.Current, Workers.Count);
        try
        {
            foreach (KernelForm each in KernelPath.Available)
            {
                KernelPath.Current = each;
                Workers.Count = 1;
                float[] single = kernel();
                Workers.Count = 2;
                float[] shared = kernel();
                Close(expected, single, tolerance, each.ToString());
                Assert.Equal(single.Select(BitConverter.SingleToInt32Bits), shared.Select(BitConverter.SingleToInt32Bits));
            }
        }
        finally
        {
            KernelPath.Current = form;
            Workers.Count = threads;
        }
    }

    public static void Close(double[] expected, float[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (int i = 0; i < expected.Length; i++)
        {
            bool close = double.IsFinite(expected[i])
                ? Math.Abs(expected[i] - actual[i]) <= tolerance * scale
                : expected[i].Equals((double)actual[i]);
            Assert.True(close, $"{what}: element {i} is {actual[i]}, expected {expected[i]} within {tolerance} of {scale}");
        }
    }
}
