namespace CpuTorch;

public static partial class torch
{
    /// <summary>Sums of products by index letters: "bhtd,bhsd->bhts". Operands are folded from left to right, each pair by one batched product.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors) => Composite.Run(() =>
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] inputs = sides[0].Split(',');
        if (inputs.Length != tensors.Length)
            throw TorchException.Runtime("einsum(): more operands were provided than specified in the equation");
        if (equation.Contains("...", StringComparison.Ordinal)) throw new NotSupportedException("einsum: ellipsis");
        string output = sides.Length > 1
            ? sides[1]
            : string.Concat(sides[0].Where(c => c != ',').GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());
        var terms = new List<(string Labels, Tensor Value)>();
        for (int i = 0; i < inputs.Length; i++) terms.Add(WithoutRepeats(inputs[i], tensors[i]));
        (string labels, Tensor value) = terms[0];
        for (int i = 1; i < terms.Count; i++)
        {
            string later = output + string.Concat(terms.Skip(i + 1).Select(term => term.Labels));
            (labels, value) = Contract(labels, value, terms[i].Labels, terms[i].Value, later);
        }
        return Arranged(labels, value, output);
    });

    private static (string Labels, Tensor Value) WithoutRepeats(string labels, Tensor value)
    {
        if (labels.Length != value.Rank)
            throw TorchException.Runtime($"einsum(): the number of subscripts in the equation ({labels.Length}) does not match the number of dimensions ({value.Rank}) for operand");
        for (int i = 0; i < labels.Length; i++)
        {
            int again = labels.IndexOf(labels[i], i + 1);
            if (again < 0) continue;
            // The diagonal becomes the last dimension.
            char label = labels[i];
            return WithoutRepeats(labels.Remove(again, 1).Remove(i, 1) + label, value.diagonal(0, i, again));
        }
        return (labels, value);
    }

    private static (string Labels, Tensor Value) Contract(string left, Tensor a, string right, Tensor b, string later)
    {
        // What only one operand has and nobody asks for is summed first.
        (left, a) = Summed(left, a, right + later);
        (right, b) = Summed(right, b, left + later);
        string shared = string.Concat(left.Where(right.Contains));
        string batch = string.Concat(shared.Where(later.Contains));
        string inner = string.Concat(shared.Where(c => !later.Contains(c)));
        string rows = string.Concat(left.Where(c => !right.Contains(c)));
        string columns = string.Concat(right.Where(c => !left.Contains(c)));
        Tensor x = Ordered(left, a, batch + rows + inner);
        Tensor y = Ordered(right, b, batch + inner + columns);
        long[] batchSizes = x.Sizes[..batch.Length];
        long[] rowSizes = x.Sizes[batch.Length..(batch.Length + rows.Length)];
        long[] columnSizes = y.Sizes[(batch.Length + inner.Length)..];
        long middle = Shape.Count(x.Sizes[(batch.Length + rows.Length)..]);
        Tensor product = x.reshape([.. batchSizes, Shape.Count(rowSizes), middle]).matmul(y.reshape([.. batchSizes, middle, Shape.Count(columnSizes)]));
        return (batch + rows + columns, product.reshape([.. batchSizes, .. rowSizes, .. columnSizes]));
    }

    private static (string Labels, Tensor Value) Summed(string labels, Tensor value, string wanted)
    {
        long[] dims = [.. labels.Select((c, d) => (c, d)).Where(pair => !wanted.Contains(pair.c)).Select(pair => (long)pair.d)];
        return dims.Length == 0 ? (labels, value) : (string.Concat(labels.Where(wanted.Contains)), value.sum(dims));
    }

    private static Tensor Ordered(string labels, Tensor value, string order) => value.permute([.. order.Select(c => (long)labels.IndexOf(c))]);

    private static Tensor Arranged(string labels, Tensor value, string output)
    {
        (labels, value) = Summed(labels, value, output);
        return Ordered(labels, value, output);
    }
}
