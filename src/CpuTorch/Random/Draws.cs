using System.Runtime.InteropServices;

namespace CpuTorch;

/// <summary>Makes four elements of four random words.</summary>
internal unsafe interface IDraw
{
    void Write(Philox words, float* four);
}

[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct UniformDraw(double low, double width) : IDraw
{
    public void Write(Philox words, float* four)
    {
        four[0] = (float)(low + (width * Philox.Uniform(words.A)));
        four[1] = (float)(low + (width * Philox.Uniform(words.B)));
        four[2] = (float)(low + (width * Philox.Uniform(words.C)));
        four[3] = (float)(low + (width * Philox.Uniform(words.D)));
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct BernoulliDraw(float p, float value) : IDraw
{
    public void Write(Philox words, float* four)
    {
        four[0] = Philox.Uniform(words.A) < p ? value : 0;
        four[1] = Philox.Uniform(words.B) < p ? value : 0;
        four[2] = Philox.Uniform(words.C) < p ? value : 0;
        four[3] = Philox.Uniform(words.D) < p ? value : 0;
    }
}

/// <summary>Box and Muller, in double so that the tails reach as far as 32 bits allow.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct NormalDraw(double mean, double deviation) : IDraw
{
    public void Write(Philox words, float* four)
    {
        Pair(words.A, words.B, four);
        Pair(words.C, words.D, four + 2);
    }

    private void Pair(uint a, uint b, float* two)
    {
        double radius = Math.Sqrt(-2 * Math.Log((a + 1.0) / 4294967296.0)) * deviation;
        (double sin, double cos) = Math.SinCos(2 * Math.PI * (b / 4294967296.0));
        two[0] = (float)(mean + (radius * cos));
        two[1] = (float)(mean + (radius * sin));
    }
}
