using System.Runtime.CompilerServices;

namespace CpuTorch;

/// <summary>Tensors from nothing: constants, ranges, numbers of C#.</summary>
public static partial class torch
{
    /// <summary>All elements 0.</summary>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(Tensor.Zeros([.. size], dtype ?? ScalarType.Float32), requires_grad);

    public static Tensor zeros(long size0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size0], dtype, device, requires_grad);

    [OverloadResolutionPriority(1)]
    public static Tensor zeros(long size0, long size1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size0, size1], dtype, device, requires_grad);

    [OverloadResolutionPriority(2)]
    public static Tensor zeros(long size0, long size1, long size2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size0, size1, size2], dtype, device, requires_grad);

    [OverloadResolutionPriority(3)]
    public static Tensor zeros(long size0, long size1, long size2, long size3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size0, size1, size2, size3], dtype, device, requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros(input.Sizes, dtype ?? input.dtype, device, requires_grad);

    /// <summary>All elements 1.</summary>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full(size, 1, dtype ?? ScalarType.Float32, device, requires_grad);

    public static Tensor ones(long size0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size0], dtype, device, requires_grad);

    [OverloadResolutionPriority(1)]
    public static Tensor ones(long size0, long size1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size0, size1], dtype, device, requires_grad);

    [OverloadResolutionPriority(2)]
    public static Tensor ones(long size0, long size1, long size2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size0, size1, size2], dtype, device, requires_grad);

    [OverloadResolutionPriority(3)]
    public static Tensor ones(long size0, long size1, long size2, long size3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size0, size1, size2, size3], dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones(input.Sizes, dtype ?? input.dtype, device, requires_grad);

    /// <summary>Elements with unspecified values.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(Tensor.Empty([.. size], dtype ?? ScalarType.Float32), requires_grad);

    public static Tensor empty(long size0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty([size0], dtype, device, requires_grad);

    [OverloadResolutionPriority(1)]
    public static Tensor empty(long size0, long size1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty([size0, size1], dtype, device, requires_grad);

    [OverloadResolutionPriority(2)]
    public static Tensor empty(long size0, long size1, long size2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty([size0, size1, size2], dtype, device, requires_grad);

    [OverloadResolutionPriority(3)]
    public static Tensor empty(long size0, long size1, long size2, long size3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty([size0, size1, size2, size3], dtype, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty(input.Sizes, dtype ?? input.dtype, device, requires_grad);

    /// <summary>Uniform on [0, 1).</summary>
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Started(Tensor.Empty([.. size], dtype ?? ScalarType.Float32).uniform_(0, 1, generator), requires_grad);

    public static Tensor rand(long size0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        rand([size0], dtype, device, requires_grad, generator);

    [OverloadResolutionPriority(1)]
    public static Tensor rand(long size0, long size1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        rand([size0, size1], dtype, device, requires_grad, generator);

    [OverloadResolutionPriority(2)]
    public static Tensor rand(long size0, long size1, long size2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        rand([size0, size1, size2], dtype, device, requires_grad, generator);

    [OverloadResolutionPriority(3)]
    public static Tensor rand(long size0, long size1, long size2, long size3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        rand([size0, size1, size2, size3], dtype, device, requires_grad, generator);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        rand(input.Sizes, dtype ?? input.dtype, device, requires_grad, generator);

    /// <summary>Standard normal.</summary>
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Started(Tensor.Empty([.. size], dtype ?? ScalarType.Float32).normal_(0, 1, generator), requires_grad);

    public static Tensor randn(long size0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randn([size0], dtype, device, requires_grad, generator);

    [OverloadResolutionPriority(1)]
    public static Tensor randn(long size0, long size1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randn([size0, size1], dtype, device, requires_grad, generator);

    [OverloadResolutionPriority(2)]
    public static Tensor randn(long size0, long size1, long size2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randn([size0, size1, size2], dtype, device, requires_grad, generator);

    [OverloadResolutionPriority(3)]
    public static Tensor randn(long size0, long size1, long size2, long size3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randn([size0, size1, size2, size3], dtype, device, requires_grad, generator);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randn(input.Sizes, dtype ?? input.dtype, device, requires_grad, generator);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Started(Filled(size, dtype ?? value.Type, value), requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full(input.Sizes, value, dtype ?? input.dtype, device, requires_grad);

    /// <summary>0, 1, … up to <paramref name="stop"/>, which is not included.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        double by = step.ToDouble();
        if (by == 0) throw TorchException.Runtime("step must be nonzero");
        double span = stop.ToDouble() - start.ToDouble();
        if (span * by < 0) throw TorchException.Runtime("upper bound and lower bound inconsistent with step sign");
        var count = (long)Math.Ceiling(span / by);
        bool real = start.IsFloating || stop.IsFloating || step.IsFloating;
        if (!real)
        {
            var whole = new long[count];
            for (long i = 0; i < count; i++) whole[i] = start.ToInt64() + (i * step.ToInt64());
            return Started(FromArray(whole, [count], ScalarType.Int64, dtype), requires_grad);
        }
        var values = new float[count];
        for (long i = 0; i < count; i++) values[i] = (float)(start.ToDouble() + (i * by));
        return Started(FromArray(values, [count], ScalarType.Float32, dtype), requires_grad);
    }

    /// <summary>Evenly spaced from start to end, both included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var values = new float[steps];
        double step = steps > 1 ? (end - start) / (steps - 1) : 0;
        for (long i = 0; i < steps; i++) values[i] = (float)(i < steps / 2 ? start + (step * i) : end - (step * (steps - 1 - i)));
        if (steps == 1) values[0] = (float)start;
        return Started(FromArray(values, [steps], ScalarType.Float32, dtype), requires_grad);
    }

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        Tensor result = zeros([rows, columns < 0 ? rows : columns], dtype);
        using Tensor diagonal = result.diagonal();
        diagonal.fill_(1);
        return Started(result, requires_grad);
    }

    private static Tensor Filled(long[] size, ScalarType type, Scalar value)
    {
        Tensor result = Tensor.Empty([.. size], type);
        ElementLoop.Fill(result, value);
        return result;
    }

    private static Tensor Started(Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;
}
