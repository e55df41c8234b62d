namespace CpuTorch.Kernels;

/// <summary>
/// A handful of float32 lanes. Kernels are written once over it and compiled for 16, 8, 4 and 1 lanes;
/// the form of one lane is the plain scalar reference.
/// </summary>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    static abstract int Width { get; }

    static abstract T Load(float* source);

    static abstract T Broadcast(float value);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    /// <summary>a * b + c, fused where the processor does so.</summary>
    static abstract T MulAdd(T a, T b, T c);

    /// <summary>The smaller; b where either is NaN.</summary>
    static abstract T Min(T a, T b);

    /// <summary>The larger; b where either is NaN.</summary>
    static abstract T Max(T a, T b);

    static abstract T Sqrt(T a);

    static abstract T Abs(T a);

    /// <summary>To the nearest integer, halves to even.</summary>
    static abstract T Round(T a);

    static abstract T Log(T a);

    /// <summary>x * 2^n for an integral n from -126 to 130, with overflow to infinity.</summary>
    static abstract T ScaleByPowerOfTwo(T x, T n);

    static abstract T CopySign(T magnitude, T sign);

    /// <summary>Where a &lt; b the third, else the fourth.</summary>
    static abstract T WhereLess(T a, T b, T less, T otherwise);

    /// <summary>
    /// This += a * b, as <see cref="MulAdd"/>. In a loop of sums the compiler then keeps each in its register, where an
    /// assigned result costs it a move.
    /// </summary>
    void AddProduct(T a, T b);

    void Store(float* target);

    /// <summary>The sum of the lanes, by halves.</summary>
    float Sum();

    float Max();
}
