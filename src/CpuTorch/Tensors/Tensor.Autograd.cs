namespace CpuTorch;

public static partial class torch
{
    public partial class Tensor
    {
        private AutogradMeta? meta;
        private int seenHistory;

        internal AutogradMeta? Meta => meta;

        internal int OutputNumber => meta?.OutputNumber ?? 0;

        /// <summary>What made this tensor, or null for a leaf; follows in-place writes to the tensor that this is a view of.</summary>
        internal Node? GradFunction
        {
            get
            {
                FollowBase();
                return meta?.Function;
            }
        }

        /// <summary>The node that adds to <see cref="grad"/>.</summary>
        internal Node Accumulator
        {
            get
            {
                AutogradMeta own = meta ??= new AutogradMeta();
                return own.Accumulator ??= new AccumulateGrad(own);
            }
        }

        public bool requires_grad
        {
            get
            {
                FollowBase();
                return meta is not null && meta.RequiresGrad;
            }
            set => requires_grad_(value);
        }

        public bool is_leaf => !requires_grad || GradFunction is null;

        /// <summary>The gradient that backward accumulated, by a new handle; null before.</summary>
        public Tensor? grad
        {
            get => meta?.Grad is { IsInvalid: false } held ? held.Alias() : null;
            set
            {
                Tensor? before = meta?.Grad;
                if (value is not null)
                {
                    if (!Shape.Same(value.Sizes, sizes))
                        throw TorchException.Runtime($"assigned grad has data of a different size: {Shape.Text(value.Sizes)} for a tensor of {Shape.Text(shape)}");
                    if (value.dtype != dtype)
                        throw TorchException.Runtime($"assigned grad has data of a different type: {value.dtype} for {dtype}");
                    (meta ??= new AutogradMeta()).Grad = value.Alias().Unscoped();
                }
                else if (meta is not null)
                {
                    meta.Grad = null;
                }
                before?.Recycle();
            }
        }

        /// <summary>The accumulated gradient itself, for optimizers.</summary>
        internal Tensor? HeldGrad => meta?.Grad;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            if (requires_grad && !is_floating_point())
                throw TorchException.Runtime("only Tensors of floating point and complex dtype can require gradients");
            if (!requires_grad && GradFunction is not null)
                throw TorchException.Runtime("you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
            if (requires_grad || meta is not null) (meta ??= new AutogradMeta()).RequiresGrad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>The same memory, outside the graph.</summary>
        public Tensor detach() => Alias();

        public Tensor detach_()
        {
            if (meta is null) return this;
            ReleaseHistory();
            meta = null;
            return this;
        }

        /// <summary>Runs the graph backward from here and adds to the gradients of its leaves.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            if (create_graph) throw new NotSupportedException("create_graph: this engine computes first derivatives only");
            if (inputs is not null) throw new NotSupportedException("backward(inputs): use autograd.grad");
            autograd.backward([this], grad_tensors, retain_graph);
        }

        /// <summary>Runs the graph backward with the gradient of this tensor.</summary>
        public void backward(Tensor gradient, bool retain_graph = false) => autograd.backward([this], [gradient], retain_graph);

        internal void SetHistory(Node node, int output)
        {
            Node? before = meta?.Function;
            AutogradMeta own = meta ??= new AutogradMeta();
            own.Function = node.Acquire();
            own.OutputNumber = output;
            own.RequiresGrad = true;
            before?.Release();
        }

        /// <summary>Marks this tensor as a view, so that in-place writes to either reach the other's history.</summary>
        internal Tensor AsViewOf(Tensor other)
        {
            if (!is_floating_point()) return this;
            Tensor root = other.meta?.Base ?? other;
            AutogradMeta own = meta ??= new AutogradMeta();
            own.Base = root;
            seenHistory = root.meta?.HistoryVersion ?? 0;
            return this;
        }

        private void FollowBase()
        {
            if (meta?.Base is not { } root || root.meta is null || root.meta.HistoryVersion == seenHistory) return;
            seenHistory = root.meta.HistoryVersion;
            if (root.meta.RequiresGrad) Autograd.Record(this, "AsStrided", [], (root, PartOf(root.sizes, offset - root.offset)));
        }

        // The gradient of a base: this view's in its place, zeros around it.
        private Gradient PartOf(long[] baseSizes, long start) => (_, g) =>
        {
            Tensor whole = Zeros(baseSizes, g.dtype);
            using Tensor part = whole.Window(start, sizes, strides);
            part.add_(g);
            return whole;
        };

        private void ReleaseHistory()
        {
            if (meta is null) return;
            meta.Function?.Release();
            meta.Grad?.Dispose();
            meta.Grad = null;
        }
    }

    public static class autograd
    {
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool retain_graph = false)
        {
            var roots = new (Node, int, Tensor)[tensors.Count];
            for (int i = 0; i < roots.Length; i++)
            {
                Tensor tensor = tensors[i];
                if (!tensor.requires_grad)
                    throw TorchException.Runtime($"element {i} of tensors does not require grad and does not have a grad_fn");
                roots[i] = (tensor.GradFunction ?? tensor.Accumulator, tensor.OutputNumber, StartGradient(tensor, grad_tensors?[i]));
            }
            Engine.Run(roots, retain_graph);
        }

        private static Tensor StartGradient(Tensor tensor, Tensor? given)
        {
            if (given is null)
            {
                if (tensor.numel() != 1) throw TorchException.Runtime("grad can be implicitly created only for scalar outputs");
                return ones(tensor.Sizes, dtype: tensor.dtype).Unscoped();
            }
            if (!Shape.Same(given.Sizes, tensor.Sizes))
                throw TorchException.Runtime($"Mismatch in shape: grad_output[0] has a shape of torch.Size({Shape.Text(given.Sizes)}) and output[0] has a shape of torch.Size({Shape.Text(tensor.Sizes)}).");
            return given.dtype == tensor.dtype ? given.Alias().Unscoped() : given.to_type(tensor.dtype).Unscoped();
        }
    }
}
