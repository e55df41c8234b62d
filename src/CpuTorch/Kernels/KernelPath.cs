using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CpuTorch.Kernels;

/// <summary>Which vector form every kernel runs in; picked once from what the processor has.</summary>
internal enum KernelForm
{
    Scalar,
    Vector128,
    Avx2,
    Avx512,
}

internal static class KernelPath
{
    /// <summary>The form in use. CPUTORCH_KERNELS=avx512|avx2|vector128|scalar forces one; tests set it.</summary>
    public static KernelForm Current { get; set; } = Choose(Environment.GetEnvironmentVariable("CPUTORCH_KERNELS"));

    public static IReadOnlyList<KernelForm> Available { get; } = Enum.GetValues<KernelForm>().Where(IsAvailable).ToArray();

    // Vector512.IsHardwareAccelerated is false on processors that lower their clock for 512 bits, although they gain.
    public static bool IsAvailable(KernelForm form) => form switch
    {
        KernelForm.Avx512 => Avx512F.IsSupported,
        KernelForm.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelForm.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };

    internal static KernelForm Choose(string? forced)
    {
        if (string.IsNullOrEmpty(forced))
        {
            return Enum.GetValues<KernelForm>().Where(IsAvailable).Max();
        }

        if (!Enum.TryParse(forced, ignoreCase: true, out KernelForm form) || !Enum.IsDefined(form))
        {
            throw new ArgumentException($"CPUTORCH_KERNELS is '{forced}'; it must be avx512, avx2, vector128 or scalar");
        }

        return IsAvailable(form) ? form : throw new PlatformNotSupportedException($"CPUTORCH_KERNELS is '{forced}', which this processor lacks");
    }
}
