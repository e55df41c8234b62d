namespace CpuTorch;

public static partial class torch
{
    /// <summary>Until disposed, this thread records nothing.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static IDisposable inference_mode(bool mode = true) => new GradMode(!mode);

    public static bool is_grad_enabled() => Autograd.Enabled;

    private sealed class GradMode : IDisposable
    {
        private readonly bool before = Autograd.Enabled;

        internal GradMode(bool enabled) => Autograd.Enabled = enabled;

        public void Dispose() => Autograd.Enabled = before;
    }
}
