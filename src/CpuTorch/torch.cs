namespace CpuTorch;

/// <summary>The engine's front door, named as TorchSharp names it.</summary>
public static partial class torch
{
}
