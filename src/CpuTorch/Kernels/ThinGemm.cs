namespace CpuTorch.Kernels;

/// <summary>Products too thin to be worth packing: one row against a matrix, or a handful of columns.</summary>
internal static unsafe class ThinGemm
{
    public static bool TryRun(in GemmArguments product) => false;
}
