using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>A function of one or two numbers and of constants in its fields, for any number of lanes.</summary>
internal interface ILaneFunction
{
    T Apply<T>(T x, T y)
        where T : unmanaged, ILanes<T>;
}

/// <summary>x * factor.</summary>
internal readonly struct Scaled(float factor) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : unmanaged, ILanes<T> => x * T.Broadcast(factor);
}

/// <summary>x * left + y * right.</summary>
internal readonly struct Combined(float left, float right) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : unmanaged, ILanes<T> => T.MulAdd(x, T.Broadcast(left), y * T.Broadcast(right));
}

internal readonly struct Plus : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : unmanaged, ILanes<T> => x + y;
}

internal readonly struct Times : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : unmanaged, ILanes<T> => x * y;
}

internal readonly struct First : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : unmanaged, ILanes<T> => x;
}
