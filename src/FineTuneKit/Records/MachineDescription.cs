using System.Globalization;
using System.Runtime.InteropServices;

namespace FineTuneKit.Records;

/// <summary>The machine a run took place on, so that its times can be read.</summary>
/// <param name="Processor">The processor's name as the system gives it.</param>
/// <param name="Cores">Logical cores that the process may use.</param>
/// <param name="Threads">Threads that the engine used.</param>
/// <param name="MemoryBytes">Memory that the process may use, in bytes.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record MachineDescription(string Processor, int Cores, int Threads, long MemoryBytes, string System, string Runtime)
{
    /// <summary>Describes this machine.</summary>
    public static MachineDescription Current(int threads) => new(
        ProcessorName(), Environment.ProcessorCount, threads, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}", RuntimeInformation.FrameworkDescription);

    /// <summary>The largest resident size of this process so far, in bytes.</summary>
    public static long PeakMemoryBytes()
    {
        // Process.PeakWorkingSet64 is 0 on some Linux kernels; the status file tells it everywhere there.
        const string Status = "/proc/self/status";
        if (File.Exists(Status))
        {
            string? line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (line is not null)
                return 1024 * long.Parse(line["VmHWM:".Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
        }
        using var process = global::System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores, {Threads} threads, {MemoryBytes / (double)(1L << 30):0.#} GiB, {Runtime}");

    private static string ProcessorName()
    {
        const string Info = "/proc/cpuinfo";
        if (File.Exists(Info))
        {
            string? line = File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
            if (line is not null) return line[(line.IndexOf(':') + 1)..].Trim();
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
