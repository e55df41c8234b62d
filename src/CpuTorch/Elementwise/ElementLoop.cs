using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CpuTorch.Kernels;
using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>A tensor or a number that an elementwise operation reads.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Operand
{
    internal readonly Tensor? Tensor;
    internal readonly Scalar Number;

    private Operand(Tensor? tensor, Scalar number)
    {
        Tensor = tensor;
        Number = number;
    }

    public static implicit operator Operand(Tensor tensor) => new(tensor, default);

    public static implicit operator Operand(Scalar number) => new(null, number);

    public static implicit operator Operand(float number) => new(null, number);
}

/// <summary>
/// Runs a kernel over contiguous blocks for operands of any type, stride and broadcast shape: contiguous operands
/// of the arithmetic type are passed where they lie, others through small buffers.
/// </summary>
internal static unsafe partial class ElementLoop
{
    internal const int MaxOperands = 4;
    private const int MaxRank = 16;
    private const int Block = 512;
    private const long ChunkElements = 16384;

    /// <summary>A new tensor of the broadcast shape.</summary>
    internal static Tensor Apply(in Operation operation, ScalarType type, bool integer, params ReadOnlySpan<Operand> operands)
    {
        long[]? shape = null;
        foreach (Operand operand in operands)
        {
            if (operand.Tensor is not { } tensor) continue;
            // A disposed operand throws here, before a block is taken for the result.
            _ = tensor.Storage;
            shape = shape is null ? tensor.Sizes : Shape.Broadcast(shape, tensor.Sizes);
        }
        Tensor result = Tensor.Empty(shape!, type);
        Run(operation, integer, result, operands);
        return result;
    }

    /// <summary>A new tensor, computed in the arithmetic of its own type.</summary>
    internal static Tensor Apply(in Operation operation, ScalarType type, params ReadOnlySpan<Operand> operands) =>
        Apply(operation, type, !IsReal(type), operands);

    /// <summary>Writes into an existing tensor, to whose shape the operands broadcast.</summary>
    internal static void Run(in Operation operation, bool integer, Tensor output, params ReadOnlySpan<Operand> operands)
    {
        if (output.numel() == 0) return;
        Plan plan = default;
        plan.Whole = operation.Whole;
        plan.Real = operation.Real;
        plan.Integer = integer;
        plan.IsCopy = operation.IsCopy;
        plan.Build(output, operands);
        long chunks = (plan.Count + ChunkElements - 1) / ChunkElements;
        Workers.For(chunks, &RunChunk, &plan);
    }

    /// <summary>Copies, converting and broadcasting.</summary>
    internal static void Copy(Tensor to, Tensor from) => Run(Operation.Copy, !IsReal(from.dtype), to, from);

    /// <summary>Sets every element to one number.</summary>
    internal static void Fill(Tensor target, Scalar value)
    {
        bool integer = !IsReal(target.dtype) && !value.IsFloating;
        Run(Operation.Take, integer, target, value);
    }

    /// <summary>target += term, outside the graph.</summary>
    internal static Tensor AddInto(Tensor target, Tensor term)
    {
        Run(Operation.Add, integer: false, target, target, term);
        target.Storage.Version++;
        return target;
    }

    [SkipLocalsInit]
    private static void RunChunk(void* context, long chunk)
    {
        var plan = (Plan*)context;
        byte* buffers = stackalloc byte[MaxOperands * Block * sizeof(long)];
        byte** at = stackalloc byte*[MaxOperands];
        FillNumbers(plan, buffers);
        long* place = stackalloc long[MaxRank];
        long position = chunk * ChunkElements;
        long end = Math.Min(position + ChunkElements, plan->Count);
        long within = plan->Locate(position, at, place);
        while (true)
        {
            long n = Math.Min(plan->Inner - within, end - position);
            RunRow(plan, at, buffers, n);
            position += n;
            if (position == end) return;
            plan->NextRow(at, place, within);
            within = 0;
        }
    }

    private static void FillNumbers(Plan* plan, byte* buffers)
    {
        for (int i = 1; i < plan->Operands; i++)
        {
            if (plan->Start[i] != 0) continue;
            byte* buffer = buffers + (i * Block * sizeof(long));
            int n = (int)Math.Min(Block, plan->Count);
            if (plan->Integer) new Span<long>(buffer, n).Fill(plan->WholeNumber[i]);
            else new Span<float>(buffer, n).Fill(plan->RealNumber[i]);
        }
    }

    private static void RunRow(Plan* plan, byte** at, byte* buffers, long n)
    {
        if (plan->IsCopy)
        {
            CopyRow(plan, at, buffers, n);
            return;
        }
        int size = plan->Integer ? sizeof(long) : sizeof(float);
        byte** inputs = stackalloc byte*[MaxOperands];
        long step = plan->AllDirect ? n : Block;
        for (long done = 0; done < n; done += step)
        {
            long count = Math.Min(step, n - done);
            for (int i = 1; i < plan->Operands; i++)
            {
                byte* buffer = buffers + (i * Block * sizeof(long));
                inputs[i - 1] = plan->Direct[i] ? at[i] + (done * size) : buffer;
                if (plan->Direct[i] || at[i] is null) continue;
                long stride = plan->InnerStride[i];
                if (stride == 0 && done > 0) continue;
                var type = (ScalarType)plan->Type[i];
                byte* from = at[i] + (done * stride * type.ElementSize());
                if (plan->Integer) Blocks.Load(type, from, stride, (long*)buffer, count);
                else Blocks.Load(type, from, stride, (float*)buffer, count);
            }
            byte* output = plan->Direct[0] ? at[0] + (done * size) : buffers;
            if (plan->Integer) plan->Whole((long**)inputs, (long*)output, count);
            else plan->Real((float**)inputs, (float*)output, count);
            if (plan->Direct[0]) continue;
            var outType = (ScalarType)plan->Type[0];
            byte* to = at[0] + (done * plan->InnerStride[0] * outType.ElementSize());
            if (plan->Integer) Blocks.Store((long*)output, outType, to, plan->InnerStride[0], count);
            else Blocks.Store((float*)output, outType, to, plan->InnerStride[0], count);
        }
    }

    private static void CopyRow(Plan* plan, byte** at, byte* buffer, long n)
    {
        var (from, to) = ((ScalarType)plan->Type[1], (ScalarType)plan->Type[0]);
        (long fromStride, long toStride) = (plan->InnerStride[1], plan->InnerStride[0]);
        if (from == to && fromStride == 1 && toStride == 1)
        {
            Buffer.MemoryCopy(at[1], at[0], n * from.ElementSize(), n * from.ElementSize());
            return;
        }
        if (from == ScalarType.Float32 && to == from)
        {
            var source = (float*)at[1];
            var target = (float*)at[0];
            for (long i = 0; i < n; i++) target[i * toStride] = source[i * fromStride];
            return;
        }
        for (long done = 0; done < n; done += Block)
        {
            long count = Math.Min(Block, n - done);
            byte* source = at[1] + (done * fromStride * from.ElementSize());
            byte* target = at[0] + (done * toStride * to.ElementSize());
            if (plan->Integer)
            {
                Blocks.Load(from, source, fromStride, (long*)buffer, count);
                Blocks.Store((long*)buffer, to, target, toStride, count);
            }
            else
            {
                Blocks.Load(from, source, fromStride, (float*)buffer, count);
                Blocks.Store((float*)buffer, to, target, toStride, count);
            }
        }
    }

    /// <summary>Where each operand lies, with neighbouring dimensions merged where all operands allow.</summary>
    private struct Plan
    {
        internal delegate*<float**, float*, long, void> Real;
        internal delegate*<long**, long*, long, void> Whole;
        internal bool Integer;
        internal bool IsCopy;
        internal bool AllDirect;
        internal int Operands;
        internal int Rank;
        internal long Count;
        internal long Inner;
        internal fixed bool Direct[MaxOperands];
        internal fixed sbyte Type[MaxOperands];
        internal fixed long Start[MaxOperands];
        internal fixed long InnerStride[MaxOperands];
        internal fixed float RealNumber[MaxOperands];
        internal fixed long WholeNumber[MaxOperands];
        private fixed long sizes[MaxRank];
        private fixed long strides[MaxOperands * MaxRank];

        internal void Build(Tensor output, ReadOnlySpan<Operand> operands)
        {
            Operands = operands.Length + 1;
            Count = output.numel();
            Bind(0, output, output.Rank);
            for (int i = 0; i < operands.Length; i++)
            {
                if (operands[i].Tensor is { } tensor)
                {
                    Bind(i + 1, tensor, output.Rank);
                }
                else
                {
                    RealNumber[i + 1] = operands[i].Number.ToSingle();
                    WholeNumber[i + 1] = operands[i].Number.ToInt64();
                }
            }
            Merge(output);
            AllDirect = true;
            ScalarType arithmetic = Integer ? ScalarType.Int64 : ScalarType.Float32;
            for (int i = 0; i < Operands; i++)
            {
                Direct[i] = Start[i] != 0 && (ScalarType)Type[i] == arithmetic && (InnerStride[i] == 1 || Inner == 1);
                AllDirect &= Direct[i];
            }
        }

        // Strides are kept in bytes so that walking needs no types; the inner one in elements.
        private void Bind(int operand, Tensor tensor, int rank)
        {
            if (rank > MaxRank) throw TorchException.Runtime($"at most {MaxRank} dimensions are supported, got {rank}");
            Start[operand] = (long)tensor.Address;
            Type[operand] = (sbyte)tensor.dtype;
            int missing = rank - tensor.Rank;
            for (int d = 0; d < rank; d++)
            {
                bool broadcast = d < missing || tensor.Sizes[d - missing] == 1;
                strides[(operand * MaxRank) + d] = broadcast ? 0 : tensor.Strides[d - missing];
            }
        }

        private void Merge(Tensor output)
        {
            Rank = 0;
            for (int d = 0; d < output.Rank; d++)
            {
                long size = output.Sizes[d];
                if (size == 1) continue;
                if (Rank > 0 && Mergeable(d, size))
                {
                    sizes[Rank - 1] *= size;
                    Move(d, Rank - 1);
                }
                else
                {
                    sizes[Rank] = size;
                    Move(d, Rank);
                    Rank++;
                }
            }
            Inner = Rank == 0 ? 1 : sizes[Rank - 1];
            for (int i = 0; i < Operands; i++) InnerStride[i] = Rank == 0 ? 1 : strides[(i * MaxRank) + Rank - 1];
        }

        private readonly bool Mergeable(int d, long size)
        {
            for (int i = 0; i < Operands; i++)
            {
                if (Start[i] != 0 && strides[(i * MaxRank) + Rank - 1] != strides[(i * MaxRank) + d] * size) return false;
            }
            return true;
        }

        private void Move(int from, int to)
        {
            for (int i = 0; i < Operands; i++) strides[(i * MaxRank) + to] = strides[(i * MaxRank) + from];
        }

        /// <summary>Points at the element of that number; returns its place in its row.</summary>
        internal readonly long Locate(long position, byte** at, long* place)
        {
            for (int i = 0; i < Operands; i++) at[i] = (byte*)Start[i];
            long row = position / Inner;
            long within = position - (row * Inner);
            Advance(at, Rank - 1, within);
            for (int d = Rank - 2; d >= 0; d--)
            {
                long next = row / sizes[d];
                place[d] = row - (next * sizes[d]);
                Advance(at, d, place[d]);
                row = next;
            }
            return within;
        }

        /// <summary>Points at the beginning of the next row, coming from a place within one.</summary>
        internal readonly void NextRow(byte** at, long* place, long within)
        {
            Advance(at, Rank - 1, -within);
            for (int d = Rank - 2; d >= 0; d--)
            {
                if (++place[d] < sizes[d])
                {
                    Advance(at, d, 1);
                    return;
                }
                Advance(at, d, 1 - sizes[d]);
                place[d] = 0;
            }
        }

        private readonly void Advance(byte** at, int d, long steps)
        {
            if (steps == 0) return;
            for (int i = 0; i < Operands; i++)
            {
                if (Start[i] != 0) at[i] += strides[(i * MaxRank) + d] * steps * ((ScalarType)Type[i]).ElementSize();
            }
        }
    }
}
