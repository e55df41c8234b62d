using System.Runtime.InteropServices;

namespace FineTuneKit.Models;

/// <summary>
/// Gives back the memory of mapped pages once they are copied: without it a file that is read through a mapping stays
/// resident beside the copy for as long as it is mapped, and a model seems to take twice its size.
/// </summary>
internal static unsafe partial class MappedPages
{
    private const int DontNeed = 4;

    /// <summary>Lets go of whole pages within a range; they are read again from the file where they are needed. Does nothing where the system has no such call.</summary>
    public static void Release(byte* start, long length)
    {
        if (!OperatingSystem.IsLinux()) return;
        long page = Environment.SystemPageSize;
        long from = ((long)start + page - 1) / page * page, to = ((long)start + length) / page * page;
        if (to > from) _ = Advise((void*)from, (nuint)(to - from), DontNeed);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);
}
