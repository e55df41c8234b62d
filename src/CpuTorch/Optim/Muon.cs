using CpuTorch.Kernels;
using static CpuTorch.torch;

namespace CpuTorch.Modules;

/// <summary>
/// Muon (Jordan et al. 2024): momentum whose singular values are all brought near 1 by Newton and Schulz's iteration,
/// with decoupled decay and the scale that matches AdamW's root mean square (Liu et al. 2025, arXiv:2502.16982). For the
/// matrices inside a network; embeddings, heads and vectors belong to <see cref="AdamW"/>.
/// </summary>
public sealed class Muon : optim.Optimizer
{
    // The root mean square that AdamW's updates usually have.
    private const double AdamWRms = 0.2;

    internal Muon(IEnumerable<optim.ParamGroup> groups, Options options)
        : base(groups, options)
    {
        foreach (Parameter parameter in parameters())
        {
            if (parameter.dim() != 2) throw TorchException.Value($"Muon only supports 2D parameters whereas we found a parameter with size: {Shape.Text(parameter.Sizes)}");
        }
    }

    public sealed class Options : optim.OptimizerOptions
    {
        public double momentum { get; set; } = 0.95;

        public bool nesterov { get; set; } = true;

        public double eps { get; set; } = 1e-7;

        public int ns_steps { get; set; } = 5;
    }

    // The products of one matrix are too small to share out, so each thread takes matrices.
    private protected override void Update(IReadOnlyList<Due> due) => Workers.For(due.Count, i =>
    {
        using IDisposable quiet = no_grad();
        Due each = due[(int)i];
        Update(each.Parameter, each.Parameter.HeldGrad!, each.State, each.Options);
    });

    private protected override unsafe void Update(Parameter parameter, Tensor grad, OptimizerState state, optim.OptimizerOptions options)
    {
        Options own = options as Options ?? (Options)Defaults;
        using Tensor g = grad.Dense();
        // A half-precision or strided parameter is stepped in a float32 copy.
        using Tensor p = ((Tensor)parameter).Dense();
        (long rows, long columns) = (p.Sizes[0], p.Sizes[1]);
        double scale = AdamWRms * Math.Sqrt(Math.Max(rows, columns));
        Kernels.Muon.Step(rows, columns, p.FloatPointer, g.FloatPointer, state.Buffer("momentum_buffer", parameter).FloatPointer, new MuonNumbers(
            (float)own.momentum,
            own.nesterov,
            options.maximize,
            (float)own.eps,
            own.ns_steps,
            (float)(1 - (options.LearningRate * options.weight_decay)),
            (float)(options.LearningRate * scale)));
        if (!p.SharesStorage(parameter)) ElementLoop.Copy(parameter, p);
    }
}
