using System.Runtime.CompilerServices;

namespace CpuTorch;

/// <summary>Indexing by tensors: every place resolves to an offset, then whole runs of elements move.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The runs that index tensors pick: indexed dimensions first, the others contiguous behind them.</summary>
        private sealed class Picks
        {
            internal required long[] Offsets { get; init; }

            /// <summary>The common shape of the index tensors.</summary>
            internal required long[] Shape { get; init; }

            /// <summary>The order of dimensions that puts the indexed ones first.</summary>
            internal required long[] Order { get; init; }

            /// <summary>The sizes of the dimensions that are taken whole.</summary>
            internal required long[] Rest { get; init; }

            /// <summary>Where the indexed dimensions stand in the result.</summary>
            internal required int Position { get; init; }

            internal long Run => CpuTorch.Shape.Count(Rest);
        }

        private Tensor Gathered(Tensor?[] places)
        {
            Picks picks = Resolve(places);
            Tensor result = Pick(picks);
            if (!Autograd.Wanted(this)) return result;
            return Autograd.Record(result, "Index", [], (this, Backward));

            Tensor Backward(OperationNode n, Tensor g)
            {
                Tensor whole = Zeros(n.Next[0].Shape, ScalarType.Float32);
                whole.Drop(picks, g, accumulate: true);
                return whole;
            }
        }

        private Tensor Written(Tensor?[] places, Tensor value, bool accumulate)
        {
            Picks picks = Resolve(places);
            Tensor result = contiguous_copy();
            long[] spreadShape = ResultShape(picks);
            using (Tensor spread = value.detach().expand(spreadShape)) result.Drop(picks, spread, accumulate);
            if (!Autograd.Wanted(this, value)) return result;
            return Autograd.Record(result, "IndexPut", [], (this, OfRest), (value, (_, g) => g.Pick(picks)));

            Tensor OfRest(OperationNode n, Tensor g)
            {
                if (accumulate) return g;
                Tensor rest = g.contiguous_copy();
                using Tensor nothing = Zeros([], g.dtype);
                rest.Drop(picks, nothing.expand(spreadShape), accumulate: false);
                return rest;
            }
        }

        /// <summary>The in-place form: where nothing is recorded the places are written and nothing else is touched.</summary>
        private Tensor WriteHere(Tensor?[] places, Tensor value, bool accumulate) => InPlace(
            value,
            () => Written(places, value, accumulate),
            () =>
            {
                Picks picks = Resolve(places);
                using Tensor spread = value.detach().expand(ResultShape(picks));
                Drop(picks, spread, accumulate);
            });

        private Picks Resolve(Tensor?[] places)
        {
            int[] indexed = [.. Enumerable.Range(0, Rank).Where(d => places[d] is not null)];
            int[] rest = [.. Enumerable.Range(0, Rank).Where(d => places[d] is null)];
            long[] common = [];
            foreach (int d in indexed)
            {
                try
                {
                    common = CpuTorch.Shape.Broadcast(common, places[d]!.Sizes);
                }
                catch (TorchException)
                {
                    throw TorchException.Index($"shape mismatch: indexing tensors could not be broadcast together with shapes {string.Join(", ", indexed.Select(i => CpuTorch.Shape.Text(places[i]!.Sizes)))}");
                }
            }
            var offsets = new long[CpuTorch.Shape.Count(common)];
            long step = CpuTorch.Shape.Count([.. rest.Select(d => sizes[d])]);
            foreach (int d in indexed.Reverse())
            {
                using Tensor spread = places[d]!.expand(common);
                using Tensor whole = spread.to_type(ScalarType.Int64);
                long[] values = whole.data<long>().ToArray();
                for (int i = 0; i < values.Length; i++)
                {
                    if (values[i] < -sizes[d] || values[i] >= sizes[d])
                        throw TorchException.Index($"index {values[i]} is out of bounds for dimension {d} with size {sizes[d]}");
                    offsets[i] += (values[i] < 0 ? values[i] + sizes[d] : values[i]) * step;
                }
                step *= sizes[d];
            }
            bool adjacent = indexed[^1] - indexed[0] == indexed.Length - 1;
            return new Picks
            {
                Offsets = offsets,
                Shape = common,
                Order = [.. indexed, .. rest],
                Rest = Array.ConvertAll(rest, d => sizes[d]),
                Position = adjacent ? indexed[0] : 0,
            };
        }

        private static long[] ResultShape(Picks picks) => [.. picks.Rest[..picks.Position], .. picks.Shape, .. picks.Rest[picks.Position..]];

        private Tensor Pick(Picks picks)
        {
            using Tensor permuted = detach().permute(picks.Order);
            using Tensor source = permuted.IsContiguous ? permuted.Alias() : permuted.contiguous_copy();
            Tensor runs = Empty([.. picks.Shape, .. picks.Rest], dtype);
            CopyRuns(source, runs, picks.Offsets, picks.Run);
            if (picks.Position == 0) return runs;
            using (runs)
            {
                using Tensor placed = runs.permute(Placed(picks));
                return placed.contiguous_copy();
            }
        }

        /// <summary>Writes the values into this tensor, in the order of the places.</summary>
        private void Drop(Picks picks, Tensor values, bool accumulate)
        {
            using Tensor runs = picks.Position == 0 ? values.detach() : values.detach().permute(Inverse(Placed(picks)));
            using Tensor ordered = runs.to_type(dtype).contiguous();
            using Tensor window = detach().permute(picks.Order);
            if (window.IsContiguous)
            {
                StoreRuns(window, ordered, picks.Offsets, picks.Run, accumulate);
                return;
            }
            using Tensor copy = window.contiguous_copy();
            StoreRuns(copy, ordered, picks.Offsets, picks.Run, accumulate);
            ElementLoop.Copy(window, copy);
        }

        // From (indexed, rest) to the result's order: the first Position of rest come before.
        private static long[] Placed(Picks picks)
        {
            int width = picks.Shape.Length;
            return [.. Enumerable.Range(width, picks.Position), .. Enumerable.Range(0, width), .. Enumerable.Range(width + picks.Position, picks.Rest.Length - picks.Position)];
        }

        private static long[] Inverse(long[] order)
        {
            var inverse = new long[order.Length];
            for (int d = 0; d < order.Length; d++) inverse[order[d]] = d;
            return inverse;
        }

        private static unsafe void CopyRuns(Tensor source, Tensor runs, long[] offsets, long run)
        {
            long width = source.dtype.ElementSize();
            byte* from = source.Address;
            byte* to = runs.Address;
            long step = run * width;
            for (int i = 0; i < offsets.Length; i++) Unsafe.CopyBlockUnaligned(to + (i * step), from + (offsets[i] * width), checked((uint)step));
        }

        private static unsafe void StoreRuns(Tensor target, Tensor runs, long[] offsets, long run, bool accumulate)
        {
            long width = target.dtype.ElementSize();
            byte* from = runs.Address;
            byte* to = target.Address;
            long step = run * width;
            if (!accumulate)
            {
                for (int i = 0; i < offsets.Length; i++) Unsafe.CopyBlockUnaligned(to + (offsets[i] * width), from + (i * step), checked((uint)step));
            }
            else if (target.dtype == ScalarType.Float32)
            {
                fixed (long* places = offsets) RowScatter.Add((float*)to, places, offsets.Length, 1, (float*)from, run);
            }
            else if (target.dtype == ScalarType.Int64)
            {
                for (int i = 0; i < offsets.Length; i++)
                {
                    for (long j = 0; j < run; j++) ((long*)to)[offsets[i] + j] += ((long*)from)[(i * run) + j];
                }
            }
            else
            {
                throw TorchException.Runtime($"\"index_put accumulate\" not implemented for '{TypeName(target.dtype)}'");
            }
        }
    }
}
