using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>
/// A tensor kept for the backward pass: a reference on its storage, and the version it had. It holds no graph,
/// so a node that saves its own output makes no cycle.
/// </summary>
internal sealed class SavedTensor
{
    private readonly Storage storage;
    private readonly long offset;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly ScalarType dtype;
    private readonly int version;
    private readonly AutogradMeta? origin;

    internal SavedTensor(Tensor tensor)
    {
        storage = tensor.Storage.Acquire();
        offset = tensor.Offset;
        shape = tensor.Sizes;
        strides = tensor.Strides;
        dtype = tensor.dtype;
        version = storage.Version;
        origin = tensor.requires_grad ? tensor.Meta : null;
    }

    internal Storage Storage => storage;

    internal long[] Shape => shape;

    internal long[] Strides => strides;

    internal ScalarType Type => dtype;

    /// <summary>Where a saved float32 tensor lies, for formulas that need no handle.</summary>
    internal unsafe float* FloatPointer => (float*)(Unchanged().Address + (offset * dtype.ElementSize()));

    internal Tensor Unpack() => Tensor.Handle(Unchanged().Acquire(), offset, shape, strides, dtype);

    internal void Release() => storage.Release();

    private Storage Unchanged() => storage.Version == version ? storage : throw Modified();

    private TorchException Modified()
    {
        string output = "";
        if (origin?.Function is { } function)
            output = $", which is output {origin.OutputNumber} of {function.Name},";
        return TorchException.Runtime("one of the variables needed for gradient computation has been modified by an inplace operation: "
            + $"[torch.{TypeName(dtype)}Tensor {CpuTorch.Shape.Text(shape)}]{output} is at version {storage.Version}; expected version {version} instead. "
            + "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).");
    }
}
