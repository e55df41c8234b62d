using Xunit;
using static CpuTorch.torch;
using static CpuTorch.torch.nn;

namespace CpuTorch.Tests;

/// <summary>Each fused operation against the same written in small ones.</summary>
public class FusedTests
{
    private readonly Generator generator = new(11);

    [Theory]
    [InlineData(true, 0, false)]
    [InlineData(false, 0, false)]
    [InlineData(true, 3, false)]
    [InlineData(true, 0, true)]
    [InlineData(false, 0, true)]
    public void Attention_equals_softmax_over_visible_keys(bool causal, int window, bool packed)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long tokens, long heads, long keyHeads, long dim) = (2, 7, 4, 2, 8);
        Tensor q = randn([batch, tokens, heads, dim], generator: generator);
        Tensor k = randn([batch, tokens, keyHeads, dim], generator: generator);
        Tensor v = randn([batch, tokens, keyHeads, dim], generator: generator);
        long[] starts = [0, 0, 2, 2, 2, 5, 5, 0, 1, 1, 1, 1, 1, 1];
        long[] ends = [7, 6];
        Tensor? start = packed ? tensor(starts, [batch, tokens]) : null;
        Tensor? end = packed ? tensor(ends) : null;
        Tensor fused = functional.attention(q, k, v, 0.3, causal, window, start, end);
        for (int b = 0; b < batch; b++)
        {
            for (int i = 0; i < tokens; i++)
            {
                long first = packed ? starts[(b * tokens) + i] : 0;
                long last = packed ? ends[b] : tokens;
                if (causal) last = Math.Min(last, i + 1);
                if (window > 0) first = Math.Max(first, i - window + 1);
                for (int h = 0; h < heads; h++)
                {
                    Tensor keys = k[b, .., h / 2].narrow(0, first, last - first);
                    Tensor values = v[b, .., h / 2].narrow(0, first, last - first);
                    Tensor expected = keys.matmul(q[b, i, h]).mul(0.3).softmax(0).unsqueeze(0).matmul(values).squeeze(0);
                    Assert.True(allclose(fused[b, i, h], expected, 1e-4, 1e-5), $"batch {b}, token {i}, head {h}");
                }
            }
        }
    }

    [Fact]
    public void Rms_norm_equals_its_formula()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn([5, 9], generator: generator);
        Tensor w = randn([9], generator: generator);
        Tensor expected = x * (x.square().mean(-1, keepdim: true) + 1e-6).rsqrt() * w;
        Assert.True(allclose(functional.rms_norm(x, w, 1e-6), expected, 1e-5, 1e-6));
    }

    [Fact]
    public void Rotary_turns_pairs_by_their_position()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn([1, 3, 2, 6], generator: generator);
        Tensor angles = randn([5, 2], generator: generator);
        Tensor turned = functional.rotary(x, angles.cos(), angles.sin(), tensor(new[] { 4, 0, 2 }, [1, 3]));
        Tensor cos = angles.cos().index_select(0, tensor(new long[] { 4, 0, 2 })).view(1, 3, 1, 2);
        Tensor sin = angles.sin().index_select(0, tensor(new long[] { 4, 0, 2 })).view(1, 3, 1, 2);
        Tensor a = x[TensorIndex.Ellipsis, ..2];
        Tensor b = x[TensorIndex.Ellipsis, 2..4];
        Tensor expected = cat([(a * cos) - (b * sin), (b * cos) + (a * sin), x[TensorIndex.Ellipsis, 4..]], -1);
        Assert.True(allclose(turned, expected, 1e-5, 1e-6));
    }

    [Fact]
    public void Lora_linear_equals_the_merged_weight()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn([2, 3, 8], generator: generator);
        Tensor w = randn([6, 8], generator: generator);
        Tensor bias = randn([6], generator: generator);
        Tensor a = randn([2, 8], generator: generator);
        Tensor b = randn([6, 2], generator: generator);
        Tensor expected = functional.linear(x, w + (b.matmul(a) * 0.5), bias);
        Assert.True(allclose(functional.lora_linear(x, w, bias, a, b, 0.5), expected, 1e-4, 1e-5));
    }

    [Fact]
    public void A_frozen_bfloat16_weight_serves_a_float32_input()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn([3, 8], generator: generator).requires_grad_();
        Tensor w = randn([6, 8], generator: generator).bfloat16();
        Tensor y = functional.linear(x, w);
        Assert.Equal(ScalarType.Float32, y.dtype);
        Assert.True(allclose(y, x.matmul(w.@float().T), 1e-5, 1e-5));
        y.sum().backward();
        Assert.True(allclose(x.grad!, w.@float().sum(0).expand(3, 8), 1e-5, 1e-5));
    }

    [Fact]
    public void Cross_entropy_sum_equals_the_sum_of_rows()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = randn([6, 11], generator: generator);
        Tensor targets = tensor(new long[] { 3, -100, 0, 10, 5, -100 });
        Tensor expected = functional.cross_entropy(logits, targets, reduction: Reduction.Sum, label_smoothing: 0.1);
        Assert.Equal(expected.ToSingle(), functional.cross_entropy_sum(logits, targets, label_smoothing: 0.1).ToSingle(), 1e-5f);
    }

    // The second vocabulary is so large that the rows are taken in three parts.
    [Theory]
    [InlineData(9, 7, 11, true)]
    [InlineData(900, 3, 50_000, true)]
    [InlineData(900, 3, 50_000, false)]
    public void Linear_cross_entropy_sum_equals_the_loss_of_the_product(long rows, long width, long vocabulary, bool trained)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor states = randn([rows, width], generator: generator), weight = randn([vocabulary, width], generator: generator);
        Tensor targets = randint(0, vocabulary, [rows], generator: generator);
        targets.index_fill_(0, tensor(new long[] { 1, rows - 1 }), -100);
        (Tensor Loss, Tensor? States, Tensor? Weight) Pass(Func<Tensor, Tensor, Tensor> loss)
        {
            Tensor x = states.clone().requires_grad_(), w = weight.clone().requires_grad_(trained);
            Tensor sum = loss(x, w);
            (sum / 3).backward();
            return (sum, x.grad, w.grad);
        }

        var expected = Pass((x, w) => functional.cross_entropy_sum(functional.linear(x, w), targets, label_smoothing: 0.1));
        var found = Pass((x, w) => functional.linear_cross_entropy_sum(x, w, targets, label_smoothing: 0.1));
        Assert.True(allclose(found.Loss, expected.Loss, 1e-6, 0));
        // Sums of up to 50,000 terms of either sign: where they cancel, their rounding is left.
        Assert.True(allclose(found.States!, expected.States!, 1e-4, 1e-5));
        Assert.Equal(trained, found.Weight is not null);
        if (trained) Assert.True(allclose(found.Weight!, expected.Weight!, 1e-4, 1e-5));
        using (no_grad()) Assert.True(allclose(functional.linear_cross_entropy_sum(states, weight, targets, label_smoothing: 0.1), expected.Loss, 1e-6, 0));
    }

    [Fact]
    public void Tokens_are_written_behind_those_that_their_slot_holds()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor cache = zeros([3, 5, 2, 4]);
        Tensor tokens = randn([2, 2, 4, 2], generator: generator).transpose(2, 3);
        functional.cache_append_(cache, tokens, [3, 0]);
        Assert.True(cache[0].narrow(0, 3, 2).allequal(tokens[0]) && cache[1].narrow(0, 0, 2).allequal(tokens[1]));
        Assert.Equal(32, cache.ne(0).sum().ToInt64());
        Assert.Contains("capacity of 5", Assert.ThrowsAny<Exception>(() => functional.cache_append_(cache, tokens, [4, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("[3, 5, 2, 4]", Assert.ThrowsAny<Exception>(() => functional.cache_append_(cache, tokens.transpose(2, 3), [0, 0])).Message, StringComparison.Ordinal);
    }
}
