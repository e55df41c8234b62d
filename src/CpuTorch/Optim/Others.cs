using static CpuTorch.torch;

namespace CpuTorch.Modules;

/// <summary>Gradient descent with momentum, as PyTorch defines it.</summary>
public sealed class SGD : optim.Optimizer
{
    internal SGD(IEnumerable<optim.ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    public sealed class Options : optim.OptimizerOptions
    {
        public double momentum { get; set; }

        public double dampening { get; set; }

        public bool nesterov { get; set; }
    }

    private protected override void Update(Parameter parameter, Tensor grad, OptimizerState state, optim.OptimizerOptions options)
    {
        Options own = options as Options ?? (Options)Defaults;
        Tensor g = options.maximize ? grad.neg() : grad;
        if (options.weight_decay != 0) g = g.add(parameter, options.weight_decay);
        if (own.momentum != 0)
        {
            bool isFirst = !state.Has("momentum_buffer");
            Tensor buffer = state.Buffer("momentum_buffer", parameter);
            if (isFirst) buffer.copy_(g);
            else buffer.mul_(own.momentum).add_(g, 1 - own.dampening);
            g = own.nesterov ? g.add(buffer, own.momentum) : buffer;
        }
        parameter.add_(g, -options.LearningRate);
    }
}

/// <summary>Hinton's RMSprop.</summary>
public sealed class RMSprop : optim.Optimizer
{
    internal RMSprop(IEnumerable<optim.ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    public sealed class Options : optim.OptimizerOptions
    {
        public double alpha { get; set; } = 0.99;

        public double eps { get; set; } = 1e-8;

        public double momentum { get; set; }

        public bool centered { get; set; }
    }

    private protected override void Update(Parameter parameter, Tensor grad, OptimizerState state, optim.OptimizerOptions options)
    {
        Options own = options as Options ?? (Options)Defaults;
        Tensor g = options.maximize ? grad.neg() : grad;
        if (options.weight_decay != 0) g = g.add(parameter, options.weight_decay);
        Tensor square = state.Buffer("square_avg", parameter);
        square.mul_(own.alpha).addcmul_(g, g, 1 - own.alpha);
        Tensor variance = square;
        if (own.centered)
        {
            Tensor mean = state.Buffer("grad_avg", parameter);
            mean.lerp_(g, 1 - own.alpha);
            variance = square.addcmul(mean, mean, -1);
        }
        Tensor denominator = variance.sqrt().add(own.eps);
        if (own.momentum > 0)
        {
            Tensor buffer = state.Buffer("momentum_buffer", parameter);
            buffer.mul_(own.momentum).addcdiv_(g, denominator, 1);
            parameter.add_(buffer, -options.LearningRate);
        }
        else
        {
            parameter.addcdiv_(g, denominator, -options.LearningRate);
        }
    }
}

/// <summary>Adagrad (Duchi et al. 2011).</summary>
public sealed class Adagrad : optim.Optimizer
{
    internal Adagrad(IEnumerable<optim.ParamGroup> groups, Options options)
        : base(groups, options)
    {
    }

    public sealed class Options : optim.OptimizerOptions
    {
        public double lr_decay { get; set; }

        public double initial_accumulator_value { get; set; }

        public double eps { get; set; } = 1e-10;
    }

    private protected override void Update(Parameter parameter, Tensor grad, OptimizerState state, optim.OptimizerOptions options)
    {
        Options own = options as Options ?? (Options)Defaults;
        Tensor g = options.maximize ? grad.neg() : grad;
        if (options.weight_decay != 0) g = g.add(parameter, options.weight_decay);
        bool isFirst = !state.Has("sum");
        Tensor sum = state.Buffer("sum", parameter);
        if (isFirst) sum.fill_(own.initial_accumulator_value);
        sum.addcmul_(g, g, 1);
        double rate = options.LearningRate / (1 + ((state.Step - 1) * own.lr_decay));
        parameter.addcdiv_(g, sum.sqrt().add(own.eps), -rate);
    }
}
