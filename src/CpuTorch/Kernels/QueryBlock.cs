using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

internal static unsafe partial class Attention
{
    /// <summary>Queries whose attention is computed together, and the keys that they see.</summary>
    private struct QueryBlock
    {
        public long batch;

        /// <summary>The first query, and how many.</summary>
        public long query;
        public long rows;

        /// <summary>The first key that any of them sees, moved back to the start of a tile.</summary>
        public long start;

        /// <summary>From start to the last key that any sees; 0 for none.</summary>
        public long keys;

        // For each query the first key that it sees and one past the last, counted from start; the last query's again up to the end.
        private fixed float first[(int)BlockQueries];
        private fixed float last[(int)BlockQueries];

        /// <summary>The block from a query on. It ends early where a packed sequence begins, whose queries see none of these keys.</summary>
        public static QueryBlock At(in AttentionShape shape, long batch, long query, long tileRows)
        {
            QueryBlock block = new() { batch = batch, query = query };
            (long start, long end) = (long.MaxValue, 0);
            long most = Math.Min(BlockQueries, shape.Queries - query);
            for (; block.rows < most; block.rows++)
            {
                (long from, long to) = shape.Visible(batch, query + block.rows);
                bool sees = from < to;
                if (sees && end > 0 && from >= end)
                {
                    break;
                }

                (start, end) = sees ? (Math.Min(start, from), Math.Max(end, to)) : (start, end);
                block.first[block.rows] = sees ? from : -1;
                block.last[block.rows] = sees ? to : -1;
            }

            if (end > 0)
            {
                block.start = start / tileRows * tileRows;
                block.keys = end - block.start;
            }

            for (long i = 0; i < BlockQueries; i++)
            {
                long row = Math.Min(i, block.rows - 1);
                block.first[i] = block.first[row] - (i < block.rows ? block.start : 0);
                block.last[i] = block.last[row] - (i < block.rows ? block.start : 0);
            }

            return block;
        }

        /// <summary>What a vector of its queries sees.</summary>
        public readonly Sight<T> Seen<T>(long group)
            where T : unmanaged, ILanes<T>
        {
            fixed (float* f = first, l = last)
            {
                (float low, float innerLow, float innerHigh, float high) = (f[group], f[group], l[group], l[group]);
                for (long i = group + 1; i < group + T.Width; i++)
                {
                    (low, innerLow) = (Math.Min(low, f[i]), Math.Max(innerLow, f[i]));
                    (innerHigh, high) = (Math.Min(innerHigh, l[i]), Math.Max(high, l[i]));
                }

                Sight<T> sight = new() { first = T.Load(f + group), last = T.Load(l + group), high = Math.Max(0, (long)high) };
                sight.low = Math.Clamp((long)low, 0, sight.high);
                sight.innerLow = Math.Clamp((long)innerLow, sight.low, sight.high);
                sight.innerHigh = Math.Clamp((long)innerHigh, sight.innerLow, sight.high);
                return sight;
            }
        }
    }

    /// <summary>The keys that a vector of queries sees: each from first to last, any from low to high, all from innerLow to innerHigh.</summary>
    private struct Sight<T>
        where T : unmanaged, ILanes<T>
    {
        public T first;
        public T last;
        public long low;
        public long innerLow;
        public long innerHigh;
        public long high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T Where(long key, T seen, T unseen)
        {
            T place = T.Broadcast(key);
            return T.WhereLess(place, first, unseen, T.WhereLess(place, last, seen, unseen));
        }
    }
}
