using CpuTorch.Kernels;
using CpuTorch.Tests.Kernels;
using Xunit;
using static CpuTorch.torch;
using static CpuTorch.torch.nn;

namespace CpuTorch.Tests;

[Collection("Kernels")]
public class DeterminismTests
{
    [Fact]
    public void A_training_step_has_the_same_bits_on_any_number_of_threads_in_every_vector_width()
    {
        (KernelForm form, int threads) = (KernelPath.Current, get_num_threads());
        try
        {
            foreach (KernelForm each in KernelPath.Available)
            {
                KernelPath.Current = each;
                byte[] one = Steps(1);
                Assert.Equal(one, Steps(2));
                Assert.Equal(one, Steps(4));
            }
        }
        finally
        {
            KernelPath.Current = form;
            set_num_threads(threads);
        }
    }

    [Fact]
    public void A_generator_repeats_its_draws_from_a_saved_state()
    {
        using DisposeScope scope = NewDisposeScope();
        var generator = new Generator(5);
        _ = randn([100], generator: generator);
        Tensor state = generator.get_state();
        Tensor first = randn([50000], generator: generator);
        Tensor second = functional.dropout(ones(1000), 0.3, generator: generator);
        generator.set_state(state);
        Assert.True(first.allequal(randn([50000], generator: generator)));
        Assert.True(second.allequal(functional.dropout(ones(1000), 0.3, generator: generator)));
    }

    [Fact]
    public void Draws_have_the_moments_they_should()
    {
        using DisposeScope scope = NewDisposeScope();
        var generator = new Generator(3);
        Tensor normal = randn([200_000], generator: generator);
        Assert.Equal(0, normal.mean().ToDouble(), 0.01);
        Assert.Equal(1, normal.std().ToDouble(), 0.01);
        Tensor uniform = rand([200_000], generator: generator);
        Assert.Equal(0.5, uniform.mean().ToDouble(), 0.005);
        Assert.True(uniform.max().ToSingle() < 1 && uniform.min().ToSingle() >= 0);
        Tensor draws = multinomial(tensor(new[] { 1f, 0f, 3f }), 20_000, replacement: true, generator);
        Assert.Equal(0.75, draws.eq(2).@float().mean().ToDouble(), 0.02);
        Assert.False(draws.eq(1).any().ToBoolean());
    }

    // Attention, norms, embedding, an adapter and losses over enough rows that every kernel splits its work.
    private static byte[] Steps(int threads)
    {
        set_num_threads(threads);
        using DisposeScope scope = NewDisposeScope();
        var generator = new Generator(2);
        Tensor table = (randn([300, 64], generator: generator) * 0.1).requires_grad_();
        Tensor norm = ones([64], requires_grad: true);
        Tensor weight = (randn([192, 64], generator: generator) * 0.1).requires_grad_();
        Tensor ids = randint(300, [4, 96], generator: generator);
        Tensor x = functional.rms_norm(functional.embedding(ids, table), norm, 1e-5);
        Tensor down = (randn([12, 64], generator: generator) * 0.1).requires_grad_();
        Tensor up = (randn([192, 12], generator: generator) * 0.1).requires_grad_();
        Tensor[] qkv = functional.lora_linear(x, weight.detach(), null, down, up, 0.5).add(functional.linear(x, weight)).split(64, -1);
        Tensor[] heads = Array.ConvertAll(qkv, part => part.view(4, 96, 4, 16));
        Tensor mixed = functional.attention(heads[0], heads[1], heads[2], causal: true).reshape(-1, 64) + x.reshape(-1, 64);
        Tensor loss = functional.cross_entropy_sum(mixed.matmul(table.T), ids.reshape(-1)) / 384;
        loss.backward();
        return [.. loss.bytes, .. table.grad!.bytes, .. norm.grad!.bytes, .. weight.grad!.bytes, .. down.grad!.bytes, .. up.grad!.bytes];
    }
}
