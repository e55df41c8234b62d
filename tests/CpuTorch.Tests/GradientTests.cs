using Xunit;
using static CpuTorch.torch;
using static CpuTorch.torch.nn;

namespace CpuTorch.Tests;

/// <summary>One line an op: its gradient in every layout of its operands.</summary>
public class GradientTests
{
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Op, float Low, long[][] Shapes)> Ops = new(StringComparer.Ordinal)
    {
        ["add"] = (x => x[0] + x[1], -1, [[3, 4], [4]]),
        ["sub"] = (x => x[0] - x[1], -1, [[4], [3, 4]]),
        ["mul"] = (x => x[0] * x[1], -1, [[2, 3, 4], [3, 1]]),
        ["div"] = (x => x[0] / x[1], 0.5f, [[3, 4], [3, 4]]),
        ["pow"] = (x => x[0].pow(x[1]), 0.5f, [[3, 4], [4]]),
        ["exp"] = (x => x[0].exp(), -1, [[3, 5]]),
        ["log"] = (x => x[0].log(), 0.5f, [[3, 5]]),
        ["tanh"] = (x => x[0].tanh(), -1, [[3, 5]]),
        ["sigmoid"] = (x => x[0].sigmoid(), -1, [[3, 5]]),
        ["silu"] = (x => x[0].silu(), -1, [[3, 5]]),
        ["gelu"] = (x => functional.gelu(x[0]), -1, [[3, 5]]),
        ["gelu tanh"] = (x => functional.gelu(x[0], Modules.GELU.Approximate.tanh), -1, [[3, 5]]),
        ["mish"] = (x => x[0].mish(), -1, [[3, 5]]),
        ["softplus"] = (x => functional.softplus(x[0], 2, 10), -1, [[3, 5]]),
        ["rsqrt"] = (x => x[0].rsqrt(), 0.5f, [[3, 5]]),
        ["erf"] = (x => x[0].erf(), -1, [[3, 5]]),
        ["matmul"] = (x => x[0].matmul(x[1]), -1, [[3, 4], [4, 5]]),
        ["matmul of batches"] = (x => x[0].matmul(x[1]), -1, [[2, 3, 4], [2, 4, 5]]),
        ["matmul over broadcast batches"] = (x => x[0].matmul(x[1]), -1, [[2, 1, 3, 4], [3, 4, 5]]),
        ["matmul folded"] = (x => x[0].matmul(x[1]), -1, [[2, 3, 4], [4, 5]]),
        ["linear"] = (x => functional.linear(x[0], x[1], x[2]), -1, [[2, 3, 4], [5, 4], [5]]),
        ["lora_linear"] = (x => functional.lora_linear(x[0], Frozen(), x[1], x[2], x[3], 0.7), -1, [[2, 3, 4], [5], [2, 4], [5, 2]]),
        ["lora_linear with dropout"] = (x => functional.lora_linear(x[0], Frozen(), null, x[1], x[2], 0.7, x[3]), -1, [[3, 4], [2, 4], [5, 2], [3, 4]]),
        ["einsum"] = (x => einsum("bij,bkj,k->bi", x[0], x[1], x[2]), -1, [[2, 3, 4], [2, 5, 4], [5]]),
        ["softmax"] = (x => x[0].softmax(1), -1, [[3, 4, 2]]),
        ["log_softmax"] = (x => x[0].log_softmax(-1), -1, [[3, 4]]),
        ["logsumexp"] = (x => x[0].logsumexp(0), -1, [[3, 4]]),
        ["var"] = (x => x[0].var(1), -1, [[3, 4]]),
        ["prod"] = (x => x[0].prod(1), -1, [[3, 4]]),
        ["norm"] = (x => x[0].norm(2, 1), 0.5f, [[3, 4]]),
        ["cumsum"] = (x => x[0].cumsum(0), -1, [[3, 4]]),
        ["cumprod"] = (x => x[0].cumprod(1), -1, [[3, 4]]),
        ["layer_norm"] = (x => functional.layer_norm(x[0], [4], x[1], x[2]), -1, [[3, 4], [4], [4]]),
        ["rms_norm"] = (x => functional.rms_norm(x[0], x[1], 1e-5), 0.2f, [[3, 4], [4]]),
        ["rms_norm of Gemma"] = (x => functional.rms_norm(x[0], x[1], 1e-5, 1), 0.2f, [[3, 4], [4]]),
        ["swiglu"] = (x => functional.swiglu(x[0], x[1]), -1, [[3, 4], [3, 4]]),
        ["attention"] = (x => functional.attention(x[0], x[1], x[2], causal: true), -1, [[2, 3, 4, 4], [2, 3, 2, 4], [2, 3, 2, 4]]),
        ["scaled_dot_product_attention"] = (x => functional.scaled_dot_product_attention(x[0], x[1], x[2], x[3]), -1, [[2, 3, 4], [2, 5, 4], [2, 5, 4], [3, 5]]),
        ["rotary"] = (x => functional.rotary(x[0], full([3, 2], 0.6), full([3, 2], 0.8)), -1, [[2, 3, 2, 4]]),
        ["embedding"] = (x => functional.embedding(tensor(new long[] { 2, 0, 2, 1 }), x[0]), -1, [[3, 4]]),
        ["linear_cross_entropy_sum"] = (x => functional.linear_cross_entropy_sum(x[0], x[1], tensor(new long[] { 1, -100, 3 }), label_smoothing: 0.1), -1, [[3, 5], [6, 5]]),
        ["cross_entropy_sum"] = (x => functional.cross_entropy_sum(x[0], tensor(new long[] { 1, -100, 3 }), label_smoothing: 0.1), -1, [[3, 5]]),
        ["conv2d"] = (x => functional.conv2d(x[0], x[1], x[2], [2], [1], groups: 2), -1, [[2, 4, 5, 5], [6, 2, 3, 3], [6]]),
        ["pad"] = (x => functional.pad(x[0], [1, -1, 2, 0]), -1, [[3, 4]]),
        ["gather"] = (x => x[0].gather(1, tensor(new long[] { 0, 2, 2, 1, 1, 0 }, [3, 2])), -1, [[3, 4]]),
        ["index"] = (x => x[0][.., tensor(new long[] { 0, 2, 2 })], -1, [[3, 4]]),
        ["index_add"] = (x => x[0].index_add(0, tensor(new long[] { 0, 2, 2 }), x[1]), -1, [[3, 4], [3, 4]]),
        ["cat"] = (x => cat([x[0], x[1]], -1), -1, [[3, 4], [3, 2]]),
        ["split"] = (x => x[0].split([1, 3], 1)[1] * x[0].split([1, 3], 1)[0], -1, [[3, 4]]),
        ["unbind"] = (x => x[0].unbind(1)[2] * x[0].unbind(1)[0], -1, [[3, 4]]),
        ["roll"] = (x => x[0].roll(1, 0), -1, [[3, 4]]),
        ["flip"] = (x => x[0].flip(0, 1), -1, [[3, 4]]),
        ["repeat_interleave"] = (x => x[0].repeat_interleave(2, 1), -1, [[3, 4]]),
        ["diagonal"] = (x => x[0].diagonal(1), -1, [[3, 4]]),
        ["where"] = (x => where(tensor(new[] { true, false, true, false }), x[0], x[1]), -1, [[3, 4], [4]]),
        ["lerp"] = (x => x[0].lerp(x[1], 0.3), -1, [[3, 4], [3, 4]]),
    };

    public static TheoryData<string> Names => [.. Ops.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_equals_the_difference_quotient(string name)
    {
        (Func<Tensor[], Tensor> op, float low, long[][] shapes) = Ops[name];
        CheckOp.Gradients(op, low, shapes);
    }

    private static Tensor Frozen() => randn([5, 4], generator: new Generator(1));
}
