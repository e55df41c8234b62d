using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests;

public class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside;
        Tensor kept;
        Tensor detached;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                inside = ones(3);
                kept = (inside * 2).MoveToOuterDisposeScope();
                detached = (inside * 3).DetachFromDisposeScope();
            }
            Assert.True(inside.IsInvalid);
            Assert.Equal([2f, 2f, 2f], kept.data<float>().ToArray());
        }
        Assert.True(kept.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void A_scope_counts_and_keeps_what_it_is_told_to()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = ones(1);
        Tensor b = ones(1);
        b.Dispose();
        Assert.Equal(1, scope.DisposablesCount);
        Tensor c = a + a;
        scope.DisposeEverythingBut([c]);
        Assert.True(a.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal(2f, c.ToSingle());
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        Tensor x = ones(2, 3);
        x.Dispose();
        ObjectDisposedException thrown = Assert.Throws<ObjectDisposedException>(() => x.exp());
        Assert.Contains("[2, 3]", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_outlives_what_it_was_taken_from()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6, float32);
        using Tensor view = x.view(2, 3)[1];
        x.Dispose();
        Assert.Equal([3f, 4f, 5f], view.data<float>().ToArray());
    }

    [Fact]
    public void A_gradient_read_in_a_scope_survives_it()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor x = ones(2, requires_grad: true);
        using (NewDisposeScope())
        {
            (x * 3).sum().backward();
            Assert.NotNull(x.grad);
        }
        Assert.Equal([3f, 3f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Registered_parameters_leave_the_scope_they_were_made_in()
    {
        nn.Module<Tensor, Tensor> layer;
        using (NewDisposeScope())
        {
            layer = nn.Linear(2, 2);
            ((IScoped)layer).Scope!.Leave(layer);
        }
        Assert.Equal(2, layer.parameters().Count(parameter => !parameter.IsInvalid));
        layer.Dispose();
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.IsInvalid));
    }
}
