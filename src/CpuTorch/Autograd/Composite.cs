using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>Runs an operation made of others, and disposes what it needed on the way.</summary>
internal static class Composite
{
    internal static Tensor Run(Func<Tensor> operation)
    {
        using var scope = new DisposeScope();
        return scope.MoveToOuter(operation());
    }

    internal static (Tensor A, Tensor B) Run(Func<(Tensor A, Tensor B)> operation)
    {
        using var scope = new DisposeScope();
        (Tensor a, Tensor b) = operation();
        return (scope.MoveToOuter(a), scope.MoveToOuter(b));
    }
}
