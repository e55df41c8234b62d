using static CpuTorch.torch;
using static CpuTorch.torch.nn;

namespace CpuTorch.Tests.Golden;

/// <summary>PyTorch's calls, one line an op: how its Python arguments reach the engine.</summary>
internal static class Ops
{
    private static readonly Dictionary<string, Func<Arguments, Tensor>> One = new(StringComparer.Ordinal)
    {
        ["zeros"] = a => zeros(a.Longs(0), a.Type()),
        ["ones"] = a => ones(a.Longs(0), a.Type()),
        ["full"] = a => full(a.Longs(0), a.Number(1), a.Type()),
        ["arange"] = a => a.Count switch
        {
            1 => arange(a.Number(0), a.Type()),
            2 => arange(a.Number(0), a.Number(1), a.Type()),
            _ => arange(a.Number(0), a.Number(1), a.Number(2), a.Type()),
        },
        ["eye"] = a => eye(a.Long(0), a.Long(1, "m", -1)),
        ["linspace"] = a => linspace(a.Double(0, "", 0), a.Double(1, "", 0), a.Long(2)),
        ["tril"] = a => a.X.tril(a.Long(1, "diagonal", 0)),
        ["triu"] = a => a.X.triu(a.Long(1, "diagonal", 0)),
        ["to"] = a => a.X.to(a.Type(1)!.Value),
        ["add"] = a => a.IsTensor(1) ? a.X.add(a.Tensor(1), a.NumberOr(-1, "alpha") ?? 1) : a.X.add(a.Number(1)),
        ["sub"] = a => a.IsTensor(1) ? a.X.sub(a.Tensor(1), a.NumberOr(-1, "alpha") ?? 1) : a.X.sub(a.Number(1)),
        ["clamp"] = a => a.X.clamp(a.NumberOr(1, "min"), a.NumberOr(2, "max")),
        ["where"] = a => a.IsTensor(2) ? where(a.X, a.Tensor(1), a.Tensor(2)) : where(a.X, a.Tensor(1), a.Number(2)),
        ["masked_fill"] = a => a.X.masked_fill(a.Tensor(1), a.Number(2)),
        ["lerp"] = a => a.X.lerp(a.Tensor(1), a.Number(2)),
        ["addcmul"] = a => a.X.addcmul(a.Tensor(1), a.Tensor(2), a.NumberOr(-1, "value") ?? 1),
        ["addcdiv"] = a => a.X.addcdiv(a.Tensor(1), a.Tensor(2), a.NumberOr(-1, "value") ?? 1),
        ["gelu"] = a => functional.gelu(a.X, a.Text(1, "approximate", "none") == "tanh" ? Modules.GELU.Approximate.tanh : Modules.GELU.Approximate.none),
        ["softplus"] = a => functional.softplus(a.X, a.Double(1, "beta", 1), a.Double(2, "threshold", 20)),
        ["logsigmoid"] = a => functional.logsigmoid(a.X),
        ["leaky_relu"] = a => functional.leaky_relu(a.X, a.Double(1, "negative_slope", 0.01)),
        ["elu"] = a => functional.elu(a.X, a.Double(1, "alpha", 1)),
        ["hardtanh"] = a => functional.hardtanh(a.X, a.Double(1, "min_val", -1), a.Double(2, "max_val", 1)),
        ["linear"] = a => functional.linear(a.X, a.Tensor(1), a.TensorOr(2, "bias")),
        ["addmm"] = a => a.X.addmm(a.Tensor(1), a.Tensor(2), (float)a.Double(-1, "beta", 1), (float)a.Double(-1, "alpha", 1)),
        ["baddbmm"] = a => a.X.baddbmm(a.Tensor(1), a.Tensor(2), (float)a.Double(-1, "beta", 1), (float)a.Double(-1, "alpha", 1)),
        ["einsum"] = a => einsum(a.Text(0, "", ""), [.. Enumerable.Range(1, a.Count - 1).Select(i => a.Tensor(i))]),
        ["sum"] = a => a.X.sum(a.Longs(1, "dim"), a.Bool(2, "keepdim"), a.Type()),
        ["mean"] = a => a.X.mean(a.Longs(1, "dim"), a.Bool(2, "keepdim"), a.Type()),
        ["amax"] = a => a.X.amax(a.Longs(1, "dim"), a.Bool(2, "keepdim")),
        ["amin"] = a => a.X.amin(a.Longs(1, "dim"), a.Bool(2, "keepdim")),
        ["logsumexp"] = a => a.X.logsumexp(a.Longs(1, "dim"), a.Bool(2, "keepdim")),
        ["var"] = a => a.X.var(a.Longs(1, "dim"), a.Double(-1, "correction", 1), a.Bool(-1, "keepdim")),
        ["std"] = a => a.X.std(a.Longs(1, "dim"), a.Double(-1, "correction", 1), a.Bool(-1, "keepdim")),
        ["prod"] = a => a.Has(1, "dim") ? a.X.prod(a.Long(1, "dim"), a.Bool(2, "keepdim"), a.Type()) : a.X.prod(a.Type()),
        ["argmax"] = a => a.Has(1, "dim") ? a.X.argmax(a.Long(1, "dim"), a.Bool(2, "keepdim")) : a.X.argmax(),
        ["argmin"] = a => a.Has(1, "dim") ? a.X.argmin(a.Long(1, "dim"), a.Bool(2, "keepdim")) : a.X.argmin(),
        ["any"] = a => a.Has(1, "dim") ? a.X.any(a.Long(1, "dim"), a.Bool(2, "keepdim")) : a.X.any(),
        ["all"] = a => a.Has(1, "dim") ? a.X.all(a.Long(1, "dim"), a.Bool(2, "keepdim")) : a.X.all(),
        ["cumsum"] = a => a.X.cumsum(a.Long(1, "dim"), a.Type()),
        ["cumprod"] = a => a.X.cumprod(a.Long(1, "dim"), a.Type()),
        ["norm"] = a => a.X.norm(a.Double(1, "p", 2), a.Longs(2, "dim"), a.Bool(3, "keepdim")),
        ["count_nonzero"] = a => a.X.count_nonzero(a.Longs(1, "dim")),
        ["cosine_similarity"] = a => functional.cosine_similarity(a.X, a.Tensor(1), a.Long(2, "dim", 1)),
        ["bincount"] = a => a.X.bincount(a.TensorOr(1, "weights"), a.Long(2, "minlength", 0)),
        ["softmax"] = a => a.X.softmax(a.Long(1, "dim"), a.Type()),
        ["log_softmax"] = a => a.X.log_softmax(a.Long(1, "dim"), a.Type()),
        ["cross_entropy"] = a => functional.cross_entropy(a.X, a.Tensor(1), a.TensorOr(-1, "weight"), a.Long(-1, "ignore_index", -100), Reduced(a), a.Double(-1, "label_smoothing", 0)),
        ["nll_loss"] = a => functional.nll_loss(a.X, a.Tensor(1), a.TensorOr(-1, "weight"), Reduced(a), a.Long(-1, "ignore_index", -100)),
        ["binary_cross_entropy_with_logits"] = a => functional.binary_cross_entropy_with_logits(a.X, a.Tensor(1), a.TensorOr(-1, "weight"), Reduced(a), a.TensorOr(-1, "pos_weight")),
        ["mse_loss"] = a => functional.mse_loss(a.X, a.Tensor(1), Reduced(a)),
        ["l1_loss"] = a => functional.l1_loss(a.X, a.Tensor(1), Reduced(a)),
        ["smooth_l1_loss"] = a => functional.smooth_l1_loss(a.X, a.Tensor(1), Reduced(a), a.Double(-1, "beta", 1)),
        ["huber_loss"] = a => functional.huber_loss(a.X, a.Tensor(1), a.Double(-1, "delta", 1), Reduced(a)),
        ["kl_div"] = a => functional.kl_div(a.X, a.Tensor(1), a.Bool(-1, "log_target"), Reduced(a)),
        ["layer_norm"] = a => functional.layer_norm(a.X, a.Longs(1), a.TensorOr(2, "weight"), a.TensorOr(3, "bias"), a.Double(4, "eps", 1e-5)),
        ["rms_norm"] = a => functional.rms_norm(a.X, a.Longs(1), a.TensorOr(2, "weight"), a.Double(3, "eps", 1.1920928955078125e-07)),
        ["embedding"] = a => functional.embedding(a.X, a.Tensor(1), a.Has(2, "padding_idx") ? a.Long(2, "padding_idx") : null),
        ["scaled_dot_product_attention"] = a => functional.scaled_dot_product_attention(a.X, a.Tensor(1), a.Tensor(2), a.TensorOr(3, "attn_mask"), 0, a.Bool(-1, "is_causal"), a.Has(-1, "scale") ? a.Double(-1, "scale", 1) : null, a.Bool(-1, "enable_gqa")),
        ["conv2d"] = a => functional.conv2d(a.X, a.Tensor(1), a.TensorOr(2, "bias"), Both(a, "stride"), Both(a, "padding"), Both(a, "dilation"), a.Long(-1, "groups", 1)),
        ["dropout"] = a => functional.dropout(a.X, a.Double(1, "p", 0.5), a.Bool(2, "training", true)),
        ["normalize"] = a => functional.normalize(a.X, a.Double(1, "p", 2), a.Long(2, "dim", 1)),
        ["one_hot"] = a => functional.one_hot(a.X, a.Long(1, "num_classes", -1)),
        ["pad"] = a => functional.pad(a.X, a.Longs(1), value: a.Double(-1, "value", 0)),
        ["view"] = a => a.X.view(a.Longs(1)),
        ["reshape"] = a => a.X.reshape(a.Longs(1)),
        ["transpose"] = a => a.X.transpose(a.Long(1), a.Long(2)),
        ["permute"] = a => a.X.permute(a.Longs(1)),
        ["squeeze"] = a => a.Has(1, "dim") ? a.X.squeeze(a.Long(1, "dim")) : a.X.squeeze(),
        ["unsqueeze"] = a => a.X.unsqueeze(a.Long(1)),
        ["flatten"] = a => a.X.flatten(a.Long(1, "start_dim", 0), a.Long(2, "end_dim", -1)),
        ["expand"] = a => a.X.expand(a.Longs(1)),
        ["repeat"] = a => a.X.repeat(a.Longs(1)),
        ["repeat_interleave"] = a => a.IsTensor(1) ? a.X.repeat_interleave(a.Tensor(1), Dim(a)) : a.X.repeat_interleave(a.Long(1), Dim(a)),
        ["cat"] = a => cat(a.TensorsAt(0), a.Long(1, "dim", 0)),
        ["stack"] = a => stack(a.TensorsAt(0), a.Long(1, "dim", 0)),
        ["narrow"] = a => a.X.narrow(a.Long(1), a.Long(2), a.Long(3)),
        ["select"] = a => a.X.select(a.Long(1), a.Long(2)),
        ["index"] = a => a.X[a.Indices(1)],
        ["flip"] = a => a.X.flip(a.Longs(1, "dims")),
        ["roll"] = a => a.X.roll(a.Long(1), a.Has(2, "dims") ? a.Long(2, "dims") : null),
        ["diag"] = a => a.X.diag(a.Long(1, "diagonal", 0)),
        ["diagonal"] = a => a.X.diagonal(a.Long(1, "offset", 0), a.Long(2, "dim1", 0), a.Long(3, "dim2", 1)),
        ["movedim"] = a => a.X.movedim(a.Long(1), a.Long(2)),
        ["broadcast_to"] = a => a.X.broadcast_to(a.Longs(1)),
        ["index_select"] = a => a.X.index_select(a.Long(1), a.Tensor(2)),
        ["gather"] = a => a.X.gather(a.Long(1), a.Tensor(2)),
        ["scatter"] = a => a.IsTensor(3) ? a.X.scatter(a.Long(1), a.Tensor(2), a.Tensor(3)) : a.X.scatter(a.Long(1), a.Tensor(2), a.Number(3)),
        ["scatter_add"] = a => a.X.scatter_add(a.Long(1), a.Tensor(2), a.Tensor(3)),
        ["index_add"] = a => a.X.index_add(a.Long(1), a.Tensor(2), a.Tensor(3), a.NumberOr(-1, "alpha")),
        ["index_copy"] = a => a.X.index_copy(a.Long(1), a.Tensor(2), a.Tensor(3)),
        ["index_fill"] = a => a.X.index_fill(a.Long(1), a.Tensor(2), a.Number(3)),
        ["take_along_dim"] = a => a.X.take_along_dim(a.Tensor(1), a.Long(2, "dim")),
        ["argsort"] = a => a.X.argsort(a.Long(1, "dim", -1), a.Bool(2, "descending")),
        ["unique"] = a => a.X.unique().output,
        ["searchsorted"] = a => searchsorted(a.X, a.Tensor(1), a.Bool(-1, "right")),
        ["multinomial"] = a => a.X.multinomial(a.Long(1), a.Bool(2, "replacement")),
        ["isin"] = a => isin(a.X, a.Tensor(1)),
        ["equal"] = a => tensor(a.X.allequal(a.Tensor(1))),
        ["requires_grad_"] = a => a.X.requires_grad_(a.Bool(1, "requires_grad", true)),
        ["clamp_"] = a => a.X.clamp_(a.NumberOr(1, "min"), a.NumberOr(2, "max")),
        ["fill_"] = a => a.X.fill_(a.Number(1)),
        ["copy_"] = a => a.X.copy_(a.Tensor(1)),
        ["masked_fill_"] = a => a.X.masked_fill_(a.Tensor(1), a.Number(2)),
    };

    private static readonly Dictionary<string, Func<Arguments, Tensor[]>> Many = new(StringComparer.Ordinal)
    {
        ["max"] = a => a.IsTensor(1) ? [a.X.maximum(a.Tensor(1))] : a.Has(1, "dim") ? Both(a.X.max(a.Long(1, "dim"), a.Bool(2, "keepdim"))) : [a.X.max()],
        ["min"] = a => a.IsTensor(1) ? [a.X.minimum(a.Tensor(1))] : a.Has(1, "dim") ? Both(a.X.min(a.Long(1, "dim"), a.Bool(2, "keepdim"))) : [a.X.min()],
        ["topk"] = a => Both(a.X.topk((int)a.Long(1), (int)a.Long(2, "dim", -1), a.Bool(3, "largest", true))),
        ["sort"] = a => Both(a.X.sort(a.Long(1, "dim", -1), a.Bool(2, "descending"), a.Bool(3, "stable"))),
        ["split"] = a => a.IsList(1) ? a.X.split(a.Longs(1), a.Long(2, "dim", 0)) : a.X.split(a.Long(1), a.Long(2, "dim", 0)),
        ["chunk"] = a => a.X.chunk(a.Long(1), a.Long(2, "dim", 0)),
        ["unbind"] = a => a.X.unbind(a.Long(1, "dim", 0)),
        ["meshgrid"] = a => meshgrid(Enumerable.Range(0, a.Count).Select(i => a.Tensor(i)), a.Text(-1, "indexing", "ij")),
    };

    internal static Tensor[] Call(string op, Arguments arguments)
    {
        if (Many.TryGetValue(op, out Func<Arguments, Tensor[]>? many)) return many(arguments);
        if (One.TryGetValue(op, out Func<Arguments, Tensor>? one)) return [one(arguments)];
        return [Plain(op, arguments)];
    }

    // Methods of a tensor alone, or with one tensor or number beside it, need no line.
    private static Tensor Plain(string op, Arguments a)
    {
        Type[] types = a.Count == 1 ? [] : a.IsTensor(1) ? [typeof(Tensor)] : [typeof(Scalar)];
        object?[] values = a.Count == 1 ? [] : a.IsTensor(1) ? [a.Tensor(1)] : [a.Number(1)];
        System.Reflection.MethodInfo[] methods = [.. typeof(Tensor).GetMethods().Where(method => method.Name == op && Takes(method, types))];
        if (methods.Length == 0) throw new NotSupportedException($"no line for the op {op}");
        System.Reflection.MethodInfo method = methods.MinBy(found => found.GetParameters().Length)!;
        object?[] all = [.. values, .. method.GetParameters().Skip(values.Length).Select(parameter => parameter.DefaultValue)];
        return (Tensor)method.Invoke(a.X, System.Reflection.BindingFlags.DoNotWrapExceptions, null, all, null)!;
    }

    private static bool Takes(System.Reflection.MethodInfo method, Type[] types)
    {
        System.Reflection.ParameterInfo[] parameters = method.GetParameters();
        return !method.IsStatic && method.ReturnType == typeof(Tensor) && parameters.Length >= types.Length
            && types.Select((type, i) => parameters[i].ParameterType == type).All(same => same) && parameters.Skip(types.Length).All(parameter => parameter.HasDefaultValue);
    }

    private static Tensor[] Both((Tensor First, Tensor Second) pair) => [pair.First, pair.Second];

    private static long[]? Both(Arguments a, string name) => a.Has(-1, name) ? a.Longs(-1, name) is [] ? null : a.Longs(-1, name) : null;

    private static long? Dim(Arguments a) => a.Has(2, "dim") ? a.Long(2, "dim") : null;

    private static Reduction Reduced(Arguments a) => a.Text(-1, "reduction", "mean") switch
    {
        "none" => Reduction.None,
        "sum" => Reduction.Sum,
        "batchmean" => Reduction.BatchMean,
        _ => Reduction.Mean,
    };
}
