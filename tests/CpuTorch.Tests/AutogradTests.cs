using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests;

public class AutogradTests
{
    [Fact]
    public void A_small_network_learns()
    {
        using DisposeScope scope = NewDisposeScope();
        var generator = new Generator(1);
        using nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1));
        foreach (Modules.Parameter parameter in model.parameters()) nn.init.normal_(parameter, 0, 0.5, generator);
        using Tensor x = randn([64, 2], generator: generator);
        using Tensor y = x[.., 0].mul(x[.., 1]).unsqueeze(1);
        using Modules.AdamW optimizer = optim.AdamW(model.parameters(), 0.02);
        float first = 0;
        float last = 0;
        for (int step = 0; step < 200; step++)
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor loss = nn.functional.mse_loss(model.call(x), y);
            last = loss.ToSingle();
            if (step == 0) first = last;
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }
        Assert.True(last < first / 10, $"from {first} to {last}");
    }

    [Fact]
    public void Disposing_handles_does_not_break_backward()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor x = tensor(new[] { 1f, 2f }).requires_grad_();
        Tensor y = x * x;
        Tensor z = y.exp();
        y.Dispose();
        Tensor loss = z.sum();
        z.Dispose();
        loss.backward();
        loss.Dispose();
        Assert.Equal([2 * MathF.E, 4 * MathF.Exp(4)], x.grad!.data<float>().ToArray(), (a, b) => MathF.Abs(a - b) < 1e-3f);
    }

    [Fact]
    public void Writing_into_a_slice_of_a_recorded_tensor_keeps_both_histories()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor x = tensor(new[] { 1f, 2f, 3f }).requires_grad_();
        using Tensor value = tensor(5f).requires_grad_();
        using Tensor y = x * 2;
        y[1] = value * 3;
        (y * y).sum().backward();
        Assert.Equal([8f, 0f, 24f], x.grad!.data<float>().ToArray());
        Assert.Equal(90f, value.grad!.ToSingle());
    }

    [Fact]
    public void A_buffer_filled_row_by_row_carries_the_rows_gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        using Tensor row = tensor(new[] { 1f, 2f }).requires_grad_();
        using Tensor buffer = zeros(2, 2);
        buffer[0] = row;
        buffer[1] = row * 2;
        Assert.True(buffer.requires_grad);
        (buffer * buffer).sum().backward();
        Assert.Equal([10f, 20f], row.grad!.data<float>().ToArray());
    }
}
