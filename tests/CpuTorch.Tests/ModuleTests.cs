using CpuTorch.Modules;
using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests;

public class ModuleTests
{
    [Fact]
    public void Fields_become_components_under_their_names()
    {
        using var block = new Block();
        Assert.Equal(["scale", "first.weight", "first.bias", "rest.0.weight", "rest.1.weight"], block.named_parameters().Select(pair => pair.name));
        Assert.Equal(["table"], block.named_buffers().Select(pair => pair.name));
        Assert.Equal(["first", "rest", "rest.0", "rest.1"], block.named_modules().Select(pair => pair.name));
        Assert.Equal(6, block.state_dict().Count);
    }

    [Fact]
    public void A_state_loads_strictly_or_says_what_is_wrong()
    {
        using var a = new Block();
        using var b = new Block();
        b.load_state_dict(a.state_dict());
        Assert.All(a.parameters().Zip(b.parameters()), pair => Assert.True(pair.First.allequal(pair.Second)));
        Dictionary<string, Tensor> state = a.state_dict();
        state.Remove("scale");
        state["more"] = a.scale;
        Assert.Contains("missing keys: scale; unexpected keys: more", Assert.Throws<TorchException>(() => b.load_state_dict(state)).Message, StringComparison.Ordinal);
        state["scale"] = a.scale;
        state["rest.1.weight"] = a.scale;
        Assert.Contains("size mismatch for rest.1.weight", Assert.Throws<TorchException>(() => b.load_state_dict(state, strict: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_mode_and_types_reach_all_parts()
    {
        using var block = new Block();
        block.eval();
        Assert.All(block.modules(), module => Assert.False(module.training));
        block.to(bfloat16);
        Assert.All(block.parameters(), parameter => Assert.Equal(bfloat16, parameter.dtype));
        Assert.Same(block.scale, block.get_parameter("scale"));
    }

    [Fact]
    public void An_optimizer_goes_on_from_a_loaded_state_with_the_same_bits()
    {
        using Parameter p = new(ones(5));
        using Parameter q = new(ones(5));
        using AdamW first = optim.AdamW([p], 0.1, weight_decay: 0.01);
        using AdamW second = optim.AdamW([q], 0.1, weight_decay: 0.01);
        for (int i = 0; i < 3; i++) Step(p, first, i);
        second.load_state_dict(first.state_dict());
        using (no_grad()) q.copy_(p);
        Step(p, first, 3);
        Step(q, second, 3);
        Assert.Equal(p.bytes.ToArray(), q.bytes.ToArray());
    }

    private static void Step(Parameter parameter, optim.Optimizer optimizer, int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        parameter.grad = randn([5], generator: new Generator((ulong)seed));
        optimizer.step();
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        internal readonly Parameter scale = new(ones(3));
        private readonly Linear first = nn.Linear(3, 3);
        private readonly ModuleList<Linear> rest = nn.ModuleList(nn.Linear(3, 2, hasBias: false), nn.Linear(2, 1, hasBias: false));
        private readonly Tensor table = arange(3, float32);

        internal Block()
            : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input) => rest[1].call(rest[0].call(first.call(input) * scale + table));
    }
}
