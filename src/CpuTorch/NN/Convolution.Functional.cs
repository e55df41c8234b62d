namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>input (N, C, H, W) with weight (O, C / groups, h, w): patches laid out as columns, then one product.</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? stride = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
            {
                if (input.Rank == 3)
                    return Composite.Run(() => conv2d(input.unsqueeze(0), weight, bias, stride, padding, dilation, groups).squeeze(0));
                if (input.Rank != 4) throw TorchException.Runtime($"Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: {Shape.Text(input.Sizes)}");
                if (input.Sizes[1] != weight.Sizes[1] * groups)
                    throw TorchException.Runtime($"Given groups={groups}, weight of size {Shape.Text(weight.Sizes)}, expected input{Shape.Text(input.Sizes)} to have {weight.Sizes[1] * groups} channels, but got {input.Sizes[1]} channels instead");
                Patches patches = Patches.Of(input.Sizes, weight.Sizes, Pair(stride, 1), Pair(padding, 0), Pair(dilation, 1));
                return Composite.Run(() =>
                {
                    Tensor columns = Unfolded(input, patches);
                    long outputs = weight.Sizes[0] / groups;
                    // (N, groups, C/g * h * w, L) against (groups, O/g, C/g * h * w)
                    Tensor grouped = columns.view(input.Sizes[0], groups, columns.Sizes[1] / groups, columns.Sizes[2]);
                    Tensor product = weight.reshape(groups, outputs, -1).matmul(grouped);
                    Tensor result = product.reshape(input.Sizes[0], weight.Sizes[0], patches.Rows, patches.Columns);
                    return bias is null ? result : result.add(bias.reshape(1, -1, 1, 1));
                });
            }

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                Unfolded(input, Patches.Of(input.Sizes, [0, 0, kernel_size, kernel_size], [stride, stride], [padding, padding], [dilation, dilation]));

            /// <summary>Adds a border; the pairs of sizes begin with the last dimension.</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                if (mode != PaddingModes.Constant) throw new NotSupportedException($"pad: mode {mode}");
                if (pad.Length % 2 != 0) throw TorchException.Runtime("Padding length must be divisible by 2");
                if (pad.Length > 2 * input.Rank)
                    throw TorchException.Runtime($"Padding length should be less than or equal to two times the input dimension but got padding length {pad.Length} and input of dimension {input.Rank}");
                long[] shape = [.. input.Sizes];
                var before = new long[input.Rank];
                for (int i = 0; i < pad.Length / 2; i++)
                {
                    int d = input.Rank - 1 - i;
                    before[d] = pad[2 * i];
                    shape[d] += pad[2 * i] + pad[(2 * i) + 1];
                    if (shape[d] < 0) throw TorchException.Runtime($"The input size {input.Sizes[d]}, plus negative padding {pad[2 * i]} and {pad[(2 * i) + 1]} resulted in a negative output size, which is invalid. Check dimension {d} of your input.");
                }
                Tensor result = Filled(shape, input.dtype, value);
                CopyInto(result, input, before);
                return Autograd.Wanted(input)
                    ? Autograd.Record(result, "ConstantPadNd", [], (input, (n, g) => g.pad_back(n.Next[0].Shape, before)))
                    : result;
            }

            internal static void CopyInto(Tensor target, Tensor source, long[] place)
            {
                using IDisposable quiet = no_grad();
                using var scope = new DisposeScope();
                Tensor to = target.alias();
                Tensor from = source.alias();
                for (int d = 0; d < place.Length; d++)
                {
                    long first = Math.Max(0, -place[d]);
                    long last = Math.Min(source.Sizes[d], target.Sizes[d] - place[d]);
                    from = from.narrow(d, first, Math.Max(0, last - first));
                    to = to.narrow(d, Math.Max(0, place[d]), Math.Max(0, last - first));
                }
                ElementLoop.Copy(to, from);
            }

            private static long[] Pair(long[]? values, long otherwise) => values switch
            {
                null => [otherwise, otherwise],
                [long one] => [one, one],
                _ => values,
            };

            private static Tensor Unfolded(Tensor input, Patches patches)
            {
                using Tensor x = input.Dense();
                Tensor result = Tensor.Zeros([input.Sizes[0], patches.Channels * patches.Height * patches.Width, patches.Rows * patches.Columns]);
                patches.Walk(x, result, back: false);
                result = Narrowed(result, input.dtype);
                if (!Autograd.Wanted(input)) return result;
                return Autograd.Record(result, "Im2Col", [], (input, Backward));

                Tensor Backward(OperationNode n, Tensor g)
                {
                    using Tensor columns = g.Dense();
                    Tensor dx = Tensor.Zeros(n.Next[0].Shape);
                    patches.Walk(dx, columns, back: true);
                    return dx;
                }
            }
        }
    }

    public enum PaddingModes
    {
        Constant = 0,
    }

    public partial class Tensor
    {
        /// <summary>The part of a padded tensor's gradient that belongs to what was padded.</summary>
        internal Tensor pad_back(long[] shape, long[] before)
        {
            Tensor result = Zeros(shape, dtype);
            nn.functional.CopyInto(result, this, Array.ConvertAll(before, place => -place));
            return result;
        }
    }

    /// <summary>The windows that a convolution sees.</summary>
    private sealed record Patches(long Channels, long ImageHeight, long ImageWidth, long Height, long Width, long[] Stride, long[] Padding, long[] Dilation)
    {
        internal long Rows => ((ImageHeight + (2 * Padding[0]) - (Dilation[0] * (Height - 1)) - 1) / Stride[0]) + 1;

        internal long Columns => ((ImageWidth + (2 * Padding[1]) - (Dilation[1] * (Width - 1)) - 1) / Stride[1]) + 1;

        internal static Patches Of(long[] image, long[] weight, long[] stride, long[] padding, long[] dilation)
        {
            var patches = new Patches(image[1], image[2], image[3], weight[2], weight[3], stride, padding, dilation);
            if (image[2] + (2 * padding[0]) < (dilation[0] * (weight[2] - 1)) + 1 || image[3] + (2 * padding[1]) < (dilation[1] * (weight[3] - 1)) + 1)
                throw TorchException.Runtime($"Calculated padded input size per channel: ({image[2] + (2 * padding[0])} x {image[3] + (2 * padding[1])}). Kernel size: ({weight[2]} x {weight[3]}). Kernel size can't be greater than actual input size");
            return patches;
        }

        /// <summary>Copies image to columns, or adds columns back to the image.</summary>
        internal unsafe void Walk(Tensor image, Tensor columns, bool back)
        {
            float* pixels = image.FloatPointer;
            float* laid = columns.FloatPointer;
            long rows = Rows;
            long width = Columns;
            for (long plane = 0; plane < image.Sizes[0] * Channels; plane++)
            {
                for (long cell = 0; cell < Height * Width; cell++)
                {
                    long dy = (cell / Width * Dilation[0]) - Padding[0];
                    long dx = (cell % Width * Dilation[1]) - Padding[1];
                    float* column = laid + (((plane * Height * Width) + cell) * rows * width);
                    for (long i = 0; i < rows; i++)
                    {
                        long y = (i * Stride[0]) + dy;
                        if (y < 0 || y >= ImageHeight) continue;
                        for (long j = 0; j < width; j++)
                        {
                            long x = (j * Stride[1]) + dx;
                            if (x < 0 || x >= ImageWidth) continue;
                            float* pixel = pixels + (((plane * ImageHeight) + y) * ImageWidth) + x;
                            if (back) *pixel += column[(i * width) + j];
                            else column[(i * width) + j] = *pixel;
                        }
                    }
                }
            }
        }
    }
}
