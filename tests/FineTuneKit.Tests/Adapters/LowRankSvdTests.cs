using FineTuneKit.Adapters;
using FineTuneKit.Tests.Models;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public class LowRankSvdTests
{
    [Theory]
    [InlineData(20, 5, 12)]
    [InlineData(3, 5, 12)]
    [InlineData(12, 5, 4)]
    [InlineData(6, 6, 6)]
    public void Of_the_products_own_rank_it_is_exact_and_its_parts_are_orthogonal(int rows, int inner, int columns)
    {
        using DisposeScope scope = NewDisposeScope();
        var generator = new Generator(4);
        Tensor tall = randn([rows, inner], generator: generator), wide = randn([inner, columns], generator: generator);
        int rank = Math.Min(rows, Math.Min(inner, columns));
        (Tensor a, Tensor b) = LowRankSvd.OfProduct(tall, wide, rank);
        TensorAssert.Close(matmul(tall, wide), matmul(b, a), 1e-4, "product");
        TensorAssert.Close(eye(rank), matmul(a, a.t()), 1e-5, "A Aᵀ");
        float[] squares = matmul(b.t(), b).diagonal().data<float>().ToArray();
        Assert.Equal(squares.OrderDescending(), squares);
    }

    [Fact]
    public void Of_a_lower_rank_it_leaves_out_the_smallest_directions()
    {
        using DisposeScope scope = NewDisposeScope();
        // Orthogonal directions of lengths 6, 3 and 1: without the last one the error is 1.
        Tensor tall = tensor(new float[] { 6, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0 }, [4, 3]), wide = eye(3);
        (Tensor a, Tensor b) = LowRankSvd.OfProduct(tall, wide, 2);
        Assert.Equal(1, (matmul(tall, wide) - matmul(b, a)).square().sum().item<float>(), 1e-5f);
    }

    [Fact]
    public void Columns_that_depend_on_others_and_zeros_do_no_harm()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor one = tensor(new float[] { 1, 2, 3, 4 }, [4, 1]), tall = cat([one, one * 2, zeros(4, 1)], 1), wide = ones(3, 5);
        (Tensor a, Tensor b) = LowRankSvd.OfProduct(tall, wide, 5);
        Assert.Equal((5, 5, 4, 5), (a.shape[0], a.shape[1], b.shape[0], b.shape[1]));
        TensorAssert.Close(matmul(tall, wide), matmul(b, a), 1e-5, "product");
        (a, b) = LowRankSvd.OfProduct(zeros(4, 3), wide, 2);
        TensorAssert.Close(zeros(4, 5), matmul(b, a), 0, "nothing");
    }
}
