using CpuTorch.Kernels;
using Xunit;
using static CpuTorch.torch;
using static CpuTorch.torch.nn;

namespace CpuTorch.Tests.Kernels;

/// <summary>Products by packed weights against unpacking them first.</summary>
[Collection("Kernels")]
public sealed class FourBitTests
{
    public static TheoryData<int, int, int, int, bool> Shapes =>
        new()
        {
            { 1, 1, 1, 64, false }, { 3, 5, 7, 64, false }, { 3, 5, 7, 64, true }, { 1, 64, 33, 64, true }, { 20, 33, 50, 128, true }, { 17, 100, 96, 64, false },
            { 40, 31, 129, 64, true }, { 130, 70, 64, 32, true }, { 2, 100, 5500, 64, true }, { 20, 200, 5500, 4096, false },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Unpacked_values_are_code_times_scale_in_every_form(int rows, int outputs, int inputs, int blockSize, bool nested)
    {
        _ = rows;
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, QuantState state) = Random(outputs, inputs, blockSize, nested);
        KernelCheck.EveryForm(Array.ConvertAll(Reference(weight, state), x => (double)x), 0, () => functional.dequantize_4bit(weight, state).data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Product_and_gradients_equal_those_of_the_unpacked_weight(int rows, int outputs, int inputs, int blockSize, bool nested)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, QuantState state) = Random(outputs, inputs, blockSize, nested);
        Tensor dense = tensor(Reference(weight, state), [outputs, inputs]);
        var generator = new Generator(3);
        Tensor input = randn([rows, inputs], generator: generator), bias = randn([outputs], generator: generator), back = randn([rows, outputs], generator: generator);
        Tensor low = randn([2, inputs], generator: generator), high = randn([outputs, 2], generator: generator);
        foreach (bool lora in new[] { false, true })
        {
            float[] Pass(Func<Tensor, Tensor, Tensor, Tensor, Tensor> product)
            {
                using DisposeScope inner = NewDisposeScope();
                Tensor x = input.clone().requires_grad_(), b = bias.clone().requires_grad_(), A = low.clone().requires_grad_(), B = high.clone().requires_grad_();
                Tensor y = product(x, b, A, B);
                y.backward(back);
                return [.. new[] { y, x.grad!, b.grad! }.Concat(lora ? [A.grad!, B.grad!] : []).SelectMany(part => part.detach().data<float>().ToArray())];
            }

            float[] expected = Pass((x, b, A, B) => lora ? functional.lora_linear(x, dense, b, A, B, 0.5) : functional.linear(x, dense, b));
            // Both sides are sums in float32, in another order where the forms differ: their rounding grows with the root of the terms.
            KernelCheck.EveryForm(
                Array.ConvertAll(expected, x => (double)x), 2e-6 * Math.Sqrt(Math.Max(1, inputs / 2048.0)),
                () => Pass((x, b, A, B) => lora ? functional.lora_linear_4bit(x, weight, state, b, A, B, 0.5) : functional.linear_4bit(x, weight, state, b)));
        }
    }

    [Fact]
    public void Any_strides_of_the_input_serve()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, QuantState state) = Random(12, 10, 64, nested: true);
        Tensor dense = functional.dequantize_4bit(weight, state), input = randn([10, 3, 4], generator: new Generator(5));
        Tensor turned = input.permute(1, 2, 0);
        Assert.True(allclose(functional.linear_4bit(turned, weight, state), functional.linear(turned, dense), 1e-5, 1e-5));
        Assert.Equal(0, functional.linear_4bit(zeros([0, 10]), weight, state).numel());
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, QuantState state) = Random(12, 10, 64, nested: true);
        Tensor input = ones([2, 10]);
        foreach ((Tensor codes, QuantState bad) in new[]
        {
            (weight, state with { shape = [12, 12] }), (weight, state with { blocksize = 32 }), (weight, state with { nested_absmax = null }), (weight, state with { nested_code = null }),
            (weight, state with { code = ones([15]) }), (weight.to(ScalarType.Float32), state), (weight.narrow(0, 0, 59), state),
        })
        {
            Assert.ThrowsAny<TorchException>(() => functional.linear_4bit(input, codes, bad));
        }
        Assert.ThrowsAny<TorchException>(() => functional.linear_4bit(ones([2, 9]), weight, state));
    }

    private static (Tensor Weight, QuantState State) Random(int outputs, int inputs, int blockSize, bool nested)
    {
        var random = new Random(outputs + inputs);
        long count = (long)outputs * inputs, blocks = (count + blockSize - 1) / blockSize;
        byte[] Bytes(long size)
        {
            var bytes = new byte[size];
            random.NextBytes(bytes);
            return bytes;
        }

        float[] Numbers(long size) => [.. Enumerable.Range(0, (int)size).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        Tensor codes = tensor(Bytes((count + 1) / 2)), values = tensor(Numbers(16));
        return (codes, nested
            ? new QuantState([outputs, inputs], blockSize, values, tensor(Bytes(blocks)))
            {
                nested_absmax = tensor(Numbers((blocks + 15) / 16)),
                nested_code = tensor(Numbers(256)),
                nested_blocksize = 16,
                nested_offset = 0.3f,
            }
            : new QuantState([outputs, inputs], blockSize, values, tensor(Numbers(blocks))));
    }

    private static float[] Reference(Tensor weight, QuantState state)
    {
        byte[] codes = weight.data<byte>().ToArray();
        float[] values = state.code.data<float>().ToArray(), scales = (state.nested_absmax ?? state.absmax).data<float>().ToArray();
        byte[] packed = state.nested_absmax is null ? [] : state.absmax.data<byte>().ToArray();
        float[] nested = state.nested_code?.data<float>().ToArray() ?? [];
        var result = new float[state.shape[0] * state.shape[1]];
        for (int i = 0; i < result.Length; i++)
        {
            long block = i / state.blocksize;
            float scale = packed.Length == 0 ? scales[block] : (nested[packed[block]] * scales[block / state.nested_blocksize]) + state.nested_offset;
            result[i] = values[i % 2 == 0 ? codes[i / 2] >> 4 : codes[i / 2] & 15] * scale;
        }

        return result;
    }
}
