using System.Runtime.CompilerServices;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Rows of weight (V, D) at the indices; the gradient sums them in the order of the indices. The padding row gets none.</summary>
            public static Tensor embedding(Tensor input, Tensor weight, long? padding_idx = null)
            {
                if (input.dtype is not (ScalarType.Int64 or ScalarType.Int32))
                    throw TorchException.Runtime($"Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.{TypeName(input.dtype)}Tensor instead (while checking arguments for embedding)");
                if (weight.Rank != 2) throw TorchException.Runtime("'weight' must be 2-D");
                using Tensor table = weight.IsContiguous ? weight.Alias() : weight.contiguous_copy();
                using Tensor ids = WholeNumbers(input);
                Tensor result = Tensor.Empty([.. input.Sizes, weight.Sizes[1]], weight.dtype);
                TakeRows(table, ids, result);
                if (!Autograd.Wanted(weight)) return result;
                return Autograd.Record(result, "Embedding", [ids], (weight, IntoTable(padding_idx is { } at ? at < 0 ? at + weight.Sizes[0] : at : -1)));
            }

            /// <summary>The gradient of a table (V, D) whose rows were taken at the saved indices.</summary>
            internal static Gradient IntoTable(long padding) => (n, g) => TableGradient(n.Next[0].Shape, n[0], padding, g);

            internal static unsafe void TakeRows(Tensor table, Tensor ids, Tensor result)
            {
                long bytes = table.Sizes[1] * table.dtype.ElementSize();
                byte* from = table.Address;
                byte* to = result.Address;
                foreach (long id in ids.span<long>())
                {
                    if (id < 0 || id >= table.Sizes[0]) throw TorchException.Index("index out of range in self");
                    Unsafe.CopyBlockUnaligned(to, from + (id * bytes), (uint)bytes);
                    to += bytes;
                }
            }

            private static unsafe Tensor TableGradient(long[] shape, Tensor ids, long padding, Tensor grad)
            {
                Tensor table = Tensor.Zeros(shape);
                using Tensor rows = grad.Dense();
                RowScatter.Add(table.FloatPointer, ids.LongPointer, ids.numel(), shape[1], rows.FloatPointer, shape[1], skipped: padding);
                return table;
            }

            /// <summary>An integer tensor as contiguous int64 outside the graph, by a handle of its own.</summary>
            internal static Tensor WholeNumbers(Tensor tensor)
            {
                if (tensor.dtype == ScalarType.Int64 && tensor.IsContiguous) return tensor.Alias();
                Tensor wide = Tensor.Empty(tensor.Sizes, ScalarType.Int64);
                ElementLoop.Copy(wide, tensor);
                return wide;
            }

            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                if (x.dtype != ScalarType.Int64) throw TorchException.Runtime("one_hot is only applicable to index tensor of type LongTensor");
                using Tensor largest = x.max();
                long classes = num_classes < 0 ? largest.ToInt64() + 1 : num_classes;
                if (largest.ToInt64() >= classes) throw TorchException.Runtime("Class values must be smaller than num_classes.");
                Tensor result = zeros([.. x.Sizes, classes], ScalarType.Int64);
                using Tensor index = x.unsqueeze(-1);
                return result.scatter_(-1, index, 1);
            }
        }
    }
}
