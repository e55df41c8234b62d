using System.Globalization;
using CpuTorch.Modules;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, dtype);

        public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, Device? device = null, ScalarType? dtype = null) => new(num_embeddings, embedding_dims, padding_idx, dtype);

        public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) => new(normalized_shape, eps, elementwise_affine, bias, dtype);

        public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) => new([normalized_shape], eps, elementwise_affine, bias, dtype);

        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p);

        public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, (kernel_size, kernel_size), stride, padding, groups, bias, dtype);

        public static ReLU ReLU(bool inplace = false) => new();

        public static SiLU SiLU(bool inplace = false) => new();

        public static Tanh Tanh(bool inplace = false) => new();

        public static GELU GELU(GELU.Approximate approximate = Modules.GELU.Approximate.none, bool inplace = false) => new(approximate);

        public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

        public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
            new(modules.Select((module, i) => (i.ToString(CultureInfo.InvariantCulture), module)));

        public static ModuleList<T> ModuleList<T>(params T[] modules)
            where T : Module => new(modules);

        public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

        /// <summary>Starting values; nothing here is recorded.</summary>
        public static class init
        {
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => Quietly(() => tensor.uniform_(low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => Quietly(() => tensor.normal_(mean, std, generator));

            public static Tensor constant_(Tensor tensor, Scalar val) => Quietly(() => tensor.fill_(val));

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>Normal, drawn again where it falls outside the limits.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
            {
                Generator source = generator ?? default_generator;
                var values = new float[tensor.numel()];
                for (int i = 0; i < values.Length; i++)
                {
                    double value;
                    do
                    {
                        value = mean + (std * Math.Sqrt(-2 * Math.Log(1 - source.NextDouble())) * Math.Cos(2 * Math.PI * source.NextDouble()));
                    }
                    while (value < a || value > b);
                    values[i] = (float)value;
                }
                using Tensor drawn = torch.tensor(values, tensor.Sizes);
                return Quietly(() => tensor.copy_(drawn));
            }

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                (double fanIn, double fanOut) = Fans(tensor);
                double bound = gain * Math.Sqrt(6 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound, generator);
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                (double fanIn, double fanOut) = Fans(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2 / (fanIn + fanOut)), generator);
            }

            /// <summary>Uniform with variance 2 / ((1 + a²) fan_in) (He et al. 2015, arXiv:1502.01852).</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, Generator? generator = null)
            {
                if (tensor.numel() == 0) return tensor;
                double bound = Math.Sqrt(2 / (1 + (a * a))) * Math.Sqrt(3 / Fans(tensor).In);
                return uniform_(tensor, -bound, bound, generator);
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, Generator? generator = null) =>
                normal_(tensor, 0, Math.Sqrt(2 / (1 + (a * a)) / Fans(tensor).In), generator);

            private static (double In, double Out) Fans(Tensor tensor)
            {
                if (tensor.Rank < 2) throw TorchException.Value("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                double field = Shape.Count(tensor.Sizes[2..]);
                return (tensor.Sizes[1] * field, tensor.Sizes[0] * field);
            }

            private static Tensor Quietly(Func<Tensor> fill)
            {
                using IDisposable quiet = no_grad();
                return fill();
            }
        }

        public static class utils
        {
            /// <summary>Scales gradients so that their common norm is at most <paramref name="max_norm"/>; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Tensor> tensors, double max_norm, double norm_type = 2.0)
            {
                Tensor[] grads = [.. tensors.Select(tensor => tensor.HeldGrad).OfType<Tensor>()];
                double norm = Norm(grads, norm_type);
                double factor = max_norm / (norm + 1e-6);
                if (factor >= 1 && !double.IsNaN(factor)) return norm;
                foreach (Tensor grad in grads) ElementLoop.Run(Operation.Multiply, integer: false, grad, grad, (float)factor);
                return norm;
            }

            private static unsafe double Norm(Tensor[] grads, double p)
            {
                double sum = 0;
                foreach (Tensor grad in grads)
                {
                    using Tensor dense = grad.Dense();
                    if (p == 2)
                    {
                        sum += Kernels.VectorMath.SumOfSquares(dense.numel(), dense.FloatPointer);
                        continue;
                    }
                    using Tensor own = dense.norm(p);
                    sum = double.IsInfinity(p) ? Math.Max(sum, own.ToDouble()) : sum + Math.Pow(own.ToDouble(), p);
                }
                return p == 2 ? Math.Sqrt(sum) : double.IsInfinity(p) ? sum : Math.Pow(sum, 1 / p);
            }
        }
    }
}
