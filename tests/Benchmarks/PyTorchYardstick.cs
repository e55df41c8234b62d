using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>yardstick.py: PyTorch.</summary>
internal static class PyTorchYardstick
{
    /// <summary>Where Debian puts the Python that has its PyTorch.</summary>
    public static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>What to do where it is missing.</summary>
    public static string HowToInstall => "apt install python3-torch";

    /// <inheritdoc cref="StartYardstick"/>
    public static YardstickProcess? TryStart(WorkFolder folder, out string missing) =>
        YardstickProcess.TryStart(Tuned(), folder, "yardstick.py", HowToInstall, out missing);

    /// <summary>Python with the settings at which PyTorch is fastest: of itself Debian's build starts with one thread and AVX2, and its idle threads spin.</summary>
    public static ProcessStartInfo Tuned()
    {
        var start = new ProcessStartInfo(Python) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = get_num_threads().ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        if (OpenBlas.CoreType is { } core)
        {
            start.Environment["OPENBLAS_CORETYPE"] = core;
            start.Environment["ATEN_CPU_CAPABILITY"] = string.Equals(core, "SkylakeX", StringComparison.Ordinal) ? "avx512" : "avx2";
        }

        return start;
    }
}
