using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Benchmarks;

/// <summary>Debian's OpenBLAS, told what this processor is: of itself it takes some AVX-512 processors for SSE3 ones.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transpose = 112;

    /// <summary>The core type that has to be named, or null where OpenBLAS knows better.</summary>
    public static string? CoreType { get; } = Avx512F.IsSupported ? "SkylakeX" : Avx2.IsSupported ? "Haswell" : null;

    /// <summary>Loads the library with that many threads; false where it is not installed.</summary>
    public static bool TryLoad(int threads)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        // The runtime's own environment is a copy: the library reads the process's.
        if (CoreType is not null)
        {
            _ = SetEnvironment("OPENBLAS_CORETYPE", CoreType, 1);
        }

        _ = SetEnvironment("OPENBLAS_NUM_THREADS", threads.ToString(CultureInfo.InvariantCulture), 1);
        return NativeLibrary.TryLoad(Library, typeof(OpenBlas).Assembly, searchPath: null, out _);
    }

    /// <summary>C = A · B, row-major, contiguous but for the transposes: A' and B' are stored where asked.</summary>
    public static void Multiply(int m, int n, int k, float* a, bool aTransposed, float* b, bool bTransposed, float* c) =>
        Sgemm(
            RowMajor, aTransposed ? Transpose : NoTranspose, bTransposed ? Transpose : NoTranspose, m, n, k, 1,
            a, aTransposed ? m : k, b, bTransposed ? k : n, 0, c, n);

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(
        int order, int transA, int transB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
