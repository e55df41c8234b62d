namespace CpuTorch;

/// <summary>Order, search and sets.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            int at = Shape.Dim(dim, Rank);
            Tensor places = Ordered(at, descending, Rank == 0 ? 1 : sizes[at]);
            return (TakenAlong(at, places), places);
        }

        public Tensor argsort(long dim = -1, bool descending = false) => Ordered(Shape.Dim(dim, Rank), descending, Rank == 0 ? 1 : sizes[Shape.Dim(dim, Rank)]);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            int at = Shape.Dim(dim, Rank);
            if (k < 0 || k > (Rank == 0 ? 1 : sizes[at])) throw TorchException.Runtime("selected index k out of range");
            Tensor places = Ordered(at, largest, k);
            return (TakenAlong(at, places), places);
        }

        public (Tensor values, Tensor indexes) kthvalue(long k, long dim = -1, bool keepdim = false)
        {
            int at = Shape.Dim(dim, Rank);
            if (k < 1 || k > sizes[at]) throw TorchException.Runtime("kthvalue(): selected number k out of range for dimension " + at);
            return Composite.Run(() =>
            {
                (Tensor values, Tensor places) = topk((int)k, at, largest: false);
                Tensor value = values.narrow(at, k - 1, 1);
                Tensor place = places.narrow(at, k - 1, 1);
                return keepdim ? (value, place) : (value.squeeze(at), place.squeeze(at));
            });
        }

        public Tensor median() => Composite.Run(() => reshape(-1).kthvalue((numel() + 1) / 2, 0).values);

        public Tensor nonzero()
        {
            using Tensor set = ne(0);
            bool[] values = set.data<bool>().ToArray();
            var places = new List<long>();
            long found = 0;
            for (long i = 0; i < values.Length; i++)
            {
                if (!values[i]) continue;
                found++;
                int first = places.Count;
                long rest = i;
                for (int d = Rank - 1; d >= 0; d--)
                {
                    places.Insert(first, rest % sizes[d]);
                    rest /= sizes[d];
                }
            }
            return tensor(places.ToArray(), [found, Rank]);
        }

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false)
        {
            using Tensor flat = reshape(-1);
            (Tensor values, Tensor places) = flat.detach().sort(0);
            using (values)
            using (places)
            {
                double[] ordered = is_floating_point() ? [.. values.to_type(ScalarType.Float32).data<float>().ToArray()] : [];
                long[] whole = is_floating_point() ? [] : values.to_type(ScalarType.Int64).data<long>().ToArray();
                long[] from = places.data<long>().ToArray();
                var firsts = new List<long>();
                var inverse = new long[from.Length];
                for (int i = 0; i < from.Length; i++)
                {
                    bool isNew = i == 0 || (is_floating_point() ? ordered[i] != ordered[i - 1] : whole[i] != whole[i - 1]);
                    if (isNew) firsts.Add(i);
                    inverse[from[i]] = firsts.Count - 1;
                }
                long[] counts = [.. firsts.Select((first, i) => (i + 1 < firsts.Count ? firsts[i + 1] : from.Length) - first)];
                using Tensor index = tensor(firsts.ToArray());
                return (values.index_select(0, index), return_inverse ? tensor(inverse, sizes) : null, return_counts ? tensor(counts) : null);
            }
        }

        public Tensor bincount(Tensor? weights = null, long minlength = 0)
        {
            if (Rank != 1 || is_floating_point()) throw TorchException.Runtime("bincount only supports 1-d non-negative integral inputs.");
            using Tensor whole = to_type(ScalarType.Int64);
            long[] values = whole.data<long>().ToArray();
            if (values.Any(value => value < 0)) throw TorchException.Runtime("bincount only supports 1-d non-negative integral inputs.");
            long bins = Math.Max(minlength, values.Length == 0 ? 0 : values.Max() + 1);
            if (weights is not null)
            {
                Tensor sums = zeros([bins]);
                return sums.scatter_add_(0, whole, weights.to_type(ScalarType.Float32));
            }
            var counts = new long[bins];
            foreach (long value in values) counts[value]++;
            return tensor(counts);
        }

        // The first `count` places along the dimension in stable order; NaN counts as largest.
        private unsafe Tensor Ordered(int at, bool descending, long count)
        {
            var along = new bool[Rank];
            if (Rank > 0) along[at] = true;
            using var input = new ReductionRows(this, along);
            using Tensor places = Empty([.. input.Kept, .. Rank == 0 ? Array.Empty<long>() : [count]], ScalarType.Int64);
            long* to = places.LongPointer;
            if (input.IsReal)
            {
                input.ForEach((long row, float* x, long n) => new Ordering<float>(x, n, descending).Write(to + (row * count), count));
            }
            else
            {
                input.ForEach((long row, long* x, long n) => new Ordering<long>(x, n, descending).Write(to + (row * count), count));
            }
            if (Rank == 0) return places.clone();
            using Tensor back = places.movedim(-1, at);
            return back.clone();
        }

        private Tensor TakenAlong(int at, Tensor places) => Rank == 0 ? clone() : gather(at, places);
    }
}

/// <summary>The places of a row's elements in their order.</summary>
internal readonly unsafe struct Ordering<T>(T* values, long n, bool descending)
    where T : unmanaged, IComparable<T>
{
    private readonly T* values = values;

    internal void Write(long* places, long count)
    {
        if (count <= 64 && count < n) Select(places, count);
        else Sort(places, count);
    }

    private bool Before(long a, long b)
    {
        int order = Compare(values[a], values[b]);
        if (descending) order = -order;
        return order < 0 || (order == 0 && a < b);
    }

    // IComparable puts NaN first; here it is the largest.
    private static int Compare(T a, T b)
    {
        if (typeof(T) == typeof(float))
        {
            (bool isNaN, bool otherIsNaN) = (float.IsNaN((float)(object)a), float.IsNaN((float)(object)b));
            if (isNaN || otherIsNaN) return isNaN.CompareTo(otherIsNaN);
        }
        return a.CompareTo(b);
    }

    // A short sorted list into which each element is inserted.
    private void Select(long* places, long count)
    {
        long held = 0;
        for (long i = 0; i < n; i++)
        {
            if (held == count && !Before(i, places[held - 1])) continue;
            long at = held < count ? held++ : held - 1;
            for (; at > 0 && Before(i, places[at - 1]); at--) places[at] = places[at - 1];
            places[at] = i;
        }
    }

    private void Sort(long* places, long count)
    {
        var order = new long[n];
        for (long i = 0; i < n; i++) order[i] = i;
        Ordering<T> self = this;
        Array.Sort(order, (a, b) => a == b ? 0 : self.Before(a, b) ? -1 : 1);
        new ReadOnlySpan<long>(order, 0, (int)count).CopyTo(new Span<long>(places, (int)count));
    }
}
