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
    // The quintic whose slope at 0 is steepest while singular values stay in about [0.7, 1.2].
    private const double Linear = 3.4445, Cubic = -4.7750, Quintic = 2.0315;

    // The root mean square that AdamW's updates usually have.
    private const double AdamWRms = 0.2;

    internal Muon(IEnumerable<optim.ParamGroup> groups, Options options)
        : base(groups, options)
    {
        foreach (Parameter parameter in parameters())
        {
            if (parameter.dim() != 2) throw TorchException.Value($"Muon only supports 2D parameters whereas we found a parameter with size: {Shape.Text(parameter.shape)}");
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

    private protected override void Update(Parameter parameter, Tensor grad, OptimizerState state, optim.OptimizerOptions options)
    {
        Options own = options as Options ?? (Options)Defaults;
        using var scope = new DisposeScope();
        Tensor g = options.maximize ? grad.neg() : grad;
        Tensor buffer = state.Buffer("momentum_buffer", parameter);
        buffer.lerp_(g, 1 - own.momentum);
        Tensor update = Orthogonal(own.nesterov ? g.lerp(buffer, own.momentum) : buffer, own);
        double scale = AdamWRms * Math.Sqrt(Math.Max(parameter.shape[0], parameter.shape[1]));
        parameter.mul_(1 - (options.LearningRate * options.weight_decay));
        parameter.add_(update, -options.LearningRate * scale);
    }

    // (m, n) → the matrix of the same singular vectors whose singular values are about 1.
    private static Tensor Orthogonal(Tensor matrix, Options options)
    {
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor x = tall ? matrix.t() : matrix;
        x = x.div(Math.Max(x.norm().item<float>(), options.eps));
        for (int i = 0; i < options.ns_steps; i++)
        {
            Tensor gram = x.mm(x.t());
            Tensor polynomial = gram.mul(Cubic).add(gram.mm(gram), Quintic);
            x = x.mul(Linear).add(polynomial.mm(x), 1);
        }
        return tall ? x.t() : x;
    }
}
