namespace CpuTorch;

/// <summary>The brackets: numbers and slices give views, tensors of indices gather.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params ReadOnlySpan<TensorIndex> indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>The same as the brackets.</summary>
        public Tensor index(params ReadOnlySpan<TensorIndex> indices)
        {
            Tensor window = Basic(indices, out Tensor?[] advanced);
            if (Array.TrueForAll(advanced, values => values is null)) return window;
            using (window) return window.Gathered(Masks(window, advanced));
        }

        public Tensor index_put_(Tensor value, params ReadOnlySpan<TensorIndex> indices) => Put(value, accumulate: false, indices);

        public Tensor index_put_(Scalar value, params ReadOnlySpan<TensorIndex> indices)
        {
            using Tensor number = Filled([], dtype, value);
            return Put(number, accumulate: false, indices);
        }

        public Tensor index_add_(Tensor value, params ReadOnlySpan<TensorIndex> indices) => Put(value, accumulate: true, indices);

        private Tensor Put(Tensor value, bool accumulate, ReadOnlySpan<TensorIndex> indices)
        {
            using Tensor window = Basic(indices, out Tensor?[] advanced);
            if (Array.TrueForAll(advanced, values => values is null))
            {
                if (accumulate) window.add_(value);
                else window.copy_(value);
                return this;
            }
            Tensor?[] places = Masks(window, advanced);
            window.WriteHere(places, value, accumulate);
            return this;
        }

        // Applies all but tensors; those stand in the list at the dimension of the window that they index.
        private Tensor Basic(ReadOnlySpan<TensorIndex> indices, out Tensor?[] advanced)
        {
            int consumed = 0;
            bool hasEllipsis = false;
            foreach (TensorIndex index in indices)
            {
                consumed += index.Which switch
                {
                    TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
                    TensorIndex.Kind.Tensor => index.Values!.dtype == ScalarType.Bool ? index.Values.Rank : 1,
                    _ => 0,
                };
                hasEllipsis |= index.Which == TensorIndex.Kind.Ellipsis;
            }
            if (consumed > Rank) throw TorchException.Index($"too many indices for tensor of dimension {Rank}");
            var found = new List<Tensor?>();
            Tensor window = alias();
            foreach (TensorIndex index in indices)
            {
                int at = found.Count;
                switch (index.Which)
                {
                    case TensorIndex.Kind.Ellipsis:
                        found.AddRange(new Tensor?[Rank - consumed]);
                        break;
                    case TensorIndex.Kind.Single when index.Start is { } one:
                        int dim = Rank - (window.Rank - at);
                        if (one < -window.sizes[at] || one >= window.sizes[at])
                            throw TorchException.Index($"index {one} is out of bounds for dimension {dim} with size {window.sizes[at]}");
                        Step(ref window, window.select(at, one));
                        break;
                    case TensorIndex.Kind.Slice:
                        if (index.Start is not null || index.Stop is not null || index.Step is not null)
                            Step(ref window, window.slice(at, index.Start ?? 0, index.Stop ?? long.MaxValue, index.Step ?? 1));
                        found.Add(null);
                        break;
                    case TensorIndex.Kind.Null:
                        Step(ref window, window.unsqueeze(at));
                        found.Add(null);
                        break;
                    case TensorIndex.Kind.Bool:
                        Step(ref window, window.unsqueeze(at));
                        found.Add(tensor(index.Start == 1 ? new long[] { 0 } : Array.Empty<long>()));
                        break;
                    default:
                        found.Add(index.Values);
                        if (index.Values!.dtype == ScalarType.Bool) found.AddRange(new Tensor?[Math.Max(0, index.Values.Rank - 1)]);
                        break;
                }
            }
            advanced = [.. found];
            return window;

            static void Step(ref Tensor window, Tensor next)
            {
                window.Dispose();
                window = next;
            }
        }

        // A mask stands for the places where it is true, one tensor for each of its dimensions.
        private static Tensor?[] Masks(Tensor window, Tensor?[] advanced)
        {
            var result = new Tensor?[window.Rank];
            for (int d = 0; d < advanced.Length; d++)
            {
                if (advanced[d] is not { } values) continue;
                if (values.dtype == ScalarType.Bool)
                {
                    for (int m = 0; m < values.Rank; m++)
                    {
                        if (values.Sizes[m] != window.Sizes[d + m])
                            throw TorchException.Index($"The shape of the mask {Shape.Text(values.Sizes)} at index {m} does not match the shape of the indexed tensor {Shape.Text(window.Sizes)} at index {d + m}");
                    }
                    using Tensor places = values.nonzero();
                    for (int m = 0; m < values.Rank; m++) result[d + m] = places.select(1, m);
                }
                else if (IsReal(values.dtype))
                {
                    throw TorchException.Index("tensors used as indices must be long, int, byte or bool tensors");
                }
                else
                {
                    result[d] = values;
                }
            }
            return result;
        }
    }
}
