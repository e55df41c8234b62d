using CpuTorch.Kernels;
using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>Moves a run of elements of any type and stride to and from the float32 or int64 that arithmetic is done in.</summary>
internal static unsafe class Blocks
{
    internal static void Load(ScalarType type, byte* from, long stride, float* to, long n)
    {
        switch (type)
        {
            case ScalarType.Float32:
                var f = (float*)from;
                if (stride == 1) Buffer.MemoryCopy(f, to, n * 4, n * 4);
                else if (stride == 0) new Span<float>(to, (int)n).Fill(*f);
                else for (long i = 0; i < n; i++) to[i] = f[i * stride];
                break;
            case ScalarType.BFloat16:
                var b = (BFloat16*)from;
                if (stride == 1) Kernels.Convert.BFloat16ToFloat(n, (ushort*)from, to);
                else for (long i = 0; i < n; i++) to[i] = b[i * stride];
                break;
            case ScalarType.Float16:
                var h = (Half*)from;
                if (stride == 1) Kernels.Convert.HalfToFloat(n, (ushort*)from, to);
                else for (long i = 0; i < n; i++) to[i] = (float)h[i * stride];
                break;
            case ScalarType.Int64:
                var l = (long*)from;
                for (long i = 0; i < n; i++) to[i] = l[i * stride];
                break;
            case ScalarType.Int32:
                var w = (int*)from;
                for (long i = 0; i < n; i++) to[i] = w[i * stride];
                break;
            default:
                for (long i = 0; i < n; i++) to[i] = from[i * stride];
                break;
        }
    }

    internal static void Load(ScalarType type, byte* from, long stride, long* to, long n)
    {
        switch (type)
        {
            case ScalarType.Float32:
                var f = (float*)from;
                for (long i = 0; i < n; i++) to[i] = (long)f[i * stride];
                break;
            case ScalarType.BFloat16:
                var b = (BFloat16*)from;
                for (long i = 0; i < n; i++) to[i] = (long)(float)b[i * stride];
                break;
            case ScalarType.Float16:
                var h = (Half*)from;
                for (long i = 0; i < n; i++) to[i] = (long)(float)h[i * stride];
                break;
            case ScalarType.Int64:
                var l = (long*)from;
                for (long i = 0; i < n; i++) to[i] = l[i * stride];
                break;
            case ScalarType.Int32:
                var w = (int*)from;
                for (long i = 0; i < n; i++) to[i] = w[i * stride];
                break;
            default:
                for (long i = 0; i < n; i++) to[i] = from[i * stride];
                break;
        }
    }

    internal static void Store(float* from, ScalarType type, byte* to, long stride, long n)
    {
        switch (type)
        {
            case ScalarType.Float32:
                var f = (float*)to;
                if (stride == 1) Buffer.MemoryCopy(from, f, n * 4, n * 4);
                else for (long i = 0; i < n; i++) f[i * stride] = from[i];
                break;
            case ScalarType.BFloat16:
                var b = (BFloat16*)to;
                if (stride == 1) Kernels.Convert.FloatToBFloat16(n, from, (ushort*)to);
                else for (long i = 0; i < n; i++) b[i * stride] = (BFloat16)from[i];
                break;
            case ScalarType.Float16:
                var h = (Half*)to;
                if (stride == 1) Kernels.Convert.FloatToHalf(n, from, (ushort*)to);
                else for (long i = 0; i < n; i++) h[i * stride] = (Half)from[i];
                break;
            case ScalarType.Int64:
                var l = (long*)to;
                for (long i = 0; i < n; i++) l[i * stride] = (long)from[i];
                break;
            case ScalarType.Int32:
                var w = (int*)to;
                for (long i = 0; i < n; i++) w[i * stride] = (int)from[i];
                break;
            case ScalarType.Bool:
                for (long i = 0; i < n; i++) to[i * stride] = from[i] != 0 ? (byte)1 : (byte)0;
                break;
            default:
                for (long i = 0; i < n; i++) to[i * stride] = (byte)(long)from[i];
                break;
        }
    }

    internal static void Store(long* from, ScalarType type, byte* to, long stride, long n)
    {
        switch (type)
        {
            case ScalarType.Float32:
                var f = (float*)to;
                for (long i = 0; i < n; i++) f[i * stride] = from[i];
                break;
            case ScalarType.BFloat16:
                var b = (BFloat16*)to;
                for (long i = 0; i < n; i++) b[i * stride] = (BFloat16)from[i];
                break;
            case ScalarType.Float16:
                var h = (Half*)to;
                for (long i = 0; i < n; i++) h[i * stride] = (Half)from[i];
                break;
            case ScalarType.Int64:
                var l = (long*)to;
                for (long i = 0; i < n; i++) l[i * stride] = from[i];
                break;
            case ScalarType.Int32:
                var w = (int*)to;
                for (long i = 0; i < n; i++) w[i * stride] = (int)from[i];
                break;
            case ScalarType.Bool:
                for (long i = 0; i < n; i++) to[i * stride] = from[i] != 0 ? (byte)1 : (byte)0;
                break;
            default:
                for (long i = 0; i < n; i++) to[i * stride] = (byte)from[i];
                break;
        }
    }
}
