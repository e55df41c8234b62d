using static CpuTorch.torch;

namespace CpuTorch.Modules;

/// <summary>Adam (Kingma and Ba 2014, arXiv:1412.6980), with the decay added to the gradient or, as AdamW, apart from it (Loshchilov and Hutter 2017, arXiv:1711.05101).</summary>
public class Adam : optim.Optimizer
{
    private readonly bool decoupled;

    internal Adam(IEnumerable<optim.ParamGroup> groups, Options options, bool decoupled)
        : base(groups, options) => this.decoupled = decoupled;

    public sealed class Options : optim.OptimizerOptions
    {
        public double beta1 { get; set; } = 0.9;

        public double beta2 { get; set; } = 0.999;

        public double eps { get; set; } = 1e-8;

        public bool amsgrad { get; set; }

        /// <summary>float32, or bfloat16 for half the memory: how AdamW keeps both moments. PyTorch has no such option.</summary>
        public ScalarType state_dtype { get; set; } = ScalarType.Float32;
    }

    private protected override ScalarType StateType(optim.OptimizerOptions options) => Own(options).state_dtype;

    private protected override unsafe void Update(Parameter parameter, Tensor grad, OptimizerState state, optim.OptimizerOptions options)
    {
        Options own = Own(options);
        Tensor m = state.Buffer("exp_avg", parameter, own.state_dtype);
        Tensor v = state.Buffer("exp_avg_sq", parameter, own.state_dtype);
        if (own.amsgrad || !decoupled)
        {
            UpdateByParts(parameter, grad, state, m, v, options, own);
            return;
        }
        using Tensor g = grad.Dense();
        // A half-precision or strided parameter is stepped in a float32 copy.
        using Tensor p = ((Tensor)parameter).Dense();
        var step = new Kernels.AdamWStep(options.LearningRate, own.beta1, own.beta2, own.eps, options.weight_decay, state.Step, options.maximize);
        if (own.state_dtype == ScalarType.BFloat16) Kernels.AdamW.Step(p.numel(), p.FloatPointer, g.FloatPointer, (ushort*)m.Address, (ushort*)v.Address, step);
        else Kernels.AdamW.Step(p.numel(), p.FloatPointer, g.FloatPointer, m.FloatPointer, v.FloatPointer, step);
        if (!p.SharesStorage(parameter)) ElementLoop.Copy(parameter, p);
    }

    private Options Own(optim.OptimizerOptions options) => options as Options ?? (Options)Defaults;

    private void UpdateByParts(Parameter parameter, Tensor grad, OptimizerState state, Tensor m, Tensor v, optim.OptimizerOptions options, Options own)
    {
        Tensor g = options.maximize ? grad.neg() : grad;
        if (options.weight_decay != 0)
        {
            if (decoupled) parameter.mul_(1 - (options.LearningRate * options.weight_decay));
            else g = g.add(parameter, options.weight_decay);
        }
        m.lerp_(g, 1 - own.beta1);
        v.mul_(own.beta2).addcmul_(g, g, 1 - own.beta2);
        Tensor second = v;
        if (own.amsgrad)
        {
            second = state.Buffer("max_exp_avg_sq", parameter);
            second.copy_(second.maximum(v));
        }
        double correction1 = 1 - Math.Pow(own.beta1, state.Step);
        double correction2 = Math.Sqrt(1 - Math.Pow(own.beta2, state.Step));
        Tensor denominator = second.sqrt().div(correction2).add(own.eps);
        parameter.addcdiv_(m, denominator, -options.LearningRate / correction1);
    }
}

/// <summary>Adam with decoupled weight decay, in one pass over each parameter.</summary>
public sealed class AdamW : Adam
{
    internal AdamW(IEnumerable<optim.ParamGroup> groups, Options options)
        : base(groups, options, decoupled: true)
    {
    }

    /// <summary>Parameters with their own learning rate, decay and moments.</summary>
    public sealed class ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false, ScalarType state_dtype = ScalarType.Float32)
        : optim.ParamGroup(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize, state_dtype = Checked(state_dtype, amsgrad) })
    {
        private static ScalarType Checked(ScalarType type, bool amsgrad) => type switch
        {
            ScalarType.Float32 => type,
            ScalarType.BFloat16 when !amsgrad => type,
            ScalarType.BFloat16 => throw TorchException.Value("state_dtype bfloat16 is not kept with amsgrad; float32 is required"),
            _ => throw TorchException.Value($"state_dtype is {type}; float32 or bfloat16 is required"),
        };
    }
}
