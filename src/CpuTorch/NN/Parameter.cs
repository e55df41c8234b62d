namespace CpuTorch.Modules;

/// <summary>A tensor that a module learns. It takes over the handle it is made from.</summary>
public sealed class Parameter : torch.Tensor
{
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base(data)
    {
        if (requires_grad) requires_grad_();
    }
}
