namespace CpuTorch;

/// <summary>Gather, scatter and their relatives along one dimension.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor gather(long dim, Tensor index)
        {
            int at = CheckAlong(dim, index, "gather");
            for (int d = 0; d < Rank; d++)
            {
                if (d != at && index.sizes[d] > sizes[d])
                    throw TorchException.Runtime($"Size does not match at dimension {d} expected index {Shape.Text(index.sizes)} to be no larger than self {Shape.Text(sizes)} apart from dimension {at}");
            }
            Tensor result = Empty(index.sizes, dtype);
            Along.Gather(this, at, index, result);
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Gather", [index], (this, (n, g) => Zeros(n.Next[0].Shape, g.dtype).scatter_add_(at, n[0], g)));
        }

        public Tensor take_along_dim(Tensor indices, long dim)
        {
            int at = Shape.Dim(dim, Rank);
            long[] own = [.. sizes];
            long[] wanted = [.. indices.sizes];
            own[at] = wanted[at] = 1;
            long[] common = Shape.Broadcast(own, wanted);
            return Composite.Run(() =>
            {
                long[] source = [.. common];
                long[] places = [.. common];
                source[at] = sizes[at];
                places[at] = indices.sizes[at];
                return expand(source).gather(at, indices.expand(places));
            });
        }

        public Tensor scatter(long dim, Tensor index, Tensor src) => Scattered(dim, index, src, add: false);

        public Tensor scatter(long dim, Tensor index, Scalar value)
        {
            int at = CheckAlong(dim, index, "scatter");
            Tensor result = contiguous_copy();
            using (Tensor number = Filled([], dtype, value))
            using (Tensor spread = number.expand(index.sizes)) Along.Scatter(result, at, index, spread, add: false);
            return Autograd.Wanted(this)
                ? Autograd.Record(result, "Scatter", [index], (this, (n, g) => g.scatter(at, n[0], 0)))
                : result;
        }

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Replace(() => scatter(dim, index, src), src);

        public Tensor scatter_(long dim, Tensor index, Scalar value) => Replace(() => scatter(dim, index, value));

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Scattered(dim, index, src, add: true);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace(src, () => scatter_add(dim, index, src), () => Along.Scatter(this, CheckAlong(dim, index, "scatter_add"), index, src, add: true));

        public Tensor index_select(long dim, Tensor index)
        {
            int at = Shape.Dim(dim, Rank);
            if (index.Rank > 1) throw TorchException.Index("index_select(): Index is supposed to be a vector");
            CheckPlaces(index, at);
            if (at == 0 && Rank == 2 && index.Rank == 1 && IsContiguous) return SelectRows(index);
            var places = new Tensor?[Math.Max(1, Rank)];
            places[at] = index;
            return Composite.Run(() => (Rank == 0 ? reshape(1) : alias()).Gathered(places));
        }

        private Tensor SelectRows(Tensor index)
        {
            using Tensor ids = nn.functional.WholeNumbers(index);
            Tensor result = Empty([index.numel(), sizes[1]], dtype);
            nn.functional.TakeRows(this, ids, result);
            return Autograd.Wanted(this) ? Autograd.Record(result, "IndexSelect", [ids], (this, nn.functional.IntoTable(padding: -1))) : result;
        }

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar? alpha = null) =>
            Composite.Run(() => Written(PlacesAt(dim, index), alpha is { } factor ? source.mul(factor) : source, accumulate: true));

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar? alpha = null) => Replace(() => index_add(dim, index, source, alpha), source);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Written(PlacesAt(dim, index), source, accumulate: false);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => WriteHere(PlacesAt(dim, index), source, accumulate: false);

        public Tensor index_fill(long dim, Tensor index, Scalar value) => Composite.Run(() => Written(PlacesAt(dim, index), Filled([], dtype, value), accumulate: false));

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Replace(() => index_fill(dim, index, value));

        public Tensor masked_select(Tensor mask) => Composite.Run(() =>
        {
            long[] common = Shape.Broadcast(sizes, mask.sizes);
            Tensor spread = expand(common);
            return spread.index(mask.expand(common));
        });

        private Tensor Scattered(long dim, Tensor index, Tensor src, bool add)
        {
            int at = CheckAlong(dim, index, add ? "scatter_add" : "scatter");
            if (src.dtype != dtype) throw TorchException.Runtime("scatter(): Expected self.dtype to be equal to src.dtype");
            Tensor result = contiguous_copy();
            Along.Scatter(result, at, index, src, add);
            if (!Autograd.Wanted(this, src)) return result;
            long[] given = src.Sizes;
            return Autograd.Record(
                result,
                add ? "ScatterAdd" : "Scatter",
                [index],
                (this, add ? static (_, g) => g : (n, g) => g.scatter(at, n[0], 0)),
                (src, (n, g) => Padded(g.gather(at, n[0]), given)));

            static Tensor Padded(Tensor gathered, long[] shape)
            {
                if (Shape.Same(gathered.Sizes, shape)) return gathered;
                Tensor whole = Zeros(shape, gathered.dtype);
                Tensor window = whole.Window(0, gathered.Sizes, whole.strides);
                ElementLoop.Copy(window, gathered);
                return whole;
            }
        }

        private Tensor?[] PlacesAt(long dim, Tensor index)
        {
            var places = new Tensor?[Rank];
            places[Shape.Dim(dim, Rank)] = index;
            return places;
        }

        private int CheckAlong(long dim, Tensor index, string name)
        {
            int at = Shape.Dim(dim, Rank);
            if (index.dtype != ScalarType.Int64) throw TorchException.Runtime($"{name}(): Expected dtype int64 for index");
            if (index.Rank != Rank)
                throw TorchException.Runtime("Index tensor must have the same number of dimensions as input tensor");
            return at;
        }

        private void CheckPlaces(Tensor index, int dim)
        {
            using Tensor whole = index.detach().to_type(ScalarType.Int64);
            long size = Rank == 0 ? 1 : sizes[dim];
            foreach (long place in whole.data<long>().ToArray())
            {
                if (place < 0 || place >= size) throw TorchException.Index("index out of range in self");
            }
        }
    }
}
