namespace CpuTorch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Throws where PyTorch would: a leaf that requires a gradient keeps its value while the graph records.</summary>
        internal void CheckInPlace()
        {
            if (!Autograd.Enabled) return;
            if (requires_grad && GradFunction is null)
                throw TorchException.Runtime("a leaf Variable that requires grad is being used in an in-place operation.");
            if (meta?.Base is { } root && root.requires_grad && root.GradFunction is null)
                throw TorchException.Runtime("a view of a leaf Variable that requires grad is being used in an in-place operation.");
        }

        /// <summary>
        /// The in-place form of an operation: where nothing is recorded <paramref name="direct"/> writes into this
        /// tensor, else the result of the recorded form is copied here and brings its history along.
        /// </summary>
        internal Tensor InPlace(Tensor? other, Func<Tensor> recorded, Action direct)
        {
            CheckInPlace();
            if (!Autograd.Wanted(this, other))
            {
                direct();
                Storage.Version++;
                return this;
            }
            using Tensor result = recorded();
            return TakeOver(result);
        }

        /// <summary>Copies a result of this tensor's shape here, with its history.</summary>
        private Tensor TakeOver(Tensor result)
        {
            if (!Shape.Same(Shape.Broadcast(sizes, result.sizes), sizes))
                throw TorchException.Runtime($"output with shape {Shape.Text(sizes)} doesn't match the broadcast shape {Shape.Text(Shape.Broadcast(sizes, result.sizes))}");
            Tensor fitted = result.dtype == dtype ? result : result.to_type(dtype);
            using (no_grad()) ElementLoop.Copy(this, fitted);
            Storage.Version++;
            if (Autograd.Wanted(fitted))
            {
                if (meta?.Base is { } root) root.TakeSlice(this, fitted);
                else Rebase(fitted.meta!.Function!, fitted.OutputNumber);
            }
            if (!ReferenceEquals(fitted, result)) fitted.Dispose();
            return this;
        }

        private void Rebase(Node function, int output)
        {
            SetHistory(function, output);
            meta!.HistoryVersion++;
        }

        // The history of a tensor of which one window was overwritten: the window's gradient goes to what was
        // written there, the rest to what the tensor was before.
        private void TakeSlice(Tensor window, Tensor written)
        {
            (long start, long[] windowSizes, long[] windowStrides) = (window.offset - offset, window.sizes, window.strides);
            if (!IsContiguous) throw new NotSupportedException("an in-place write, recorded by the graph, to a view of a tensor that is not contiguous");
            Gradient ofBase = (_, g) =>
            {
                Tensor rest = g.contiguous_copy();
                using Tensor part = rest.Window(start, windowSizes, windowStrides);
                part.zero_();
                return rest;
            };
            Gradient ofWritten = (_, g) =>
            {
                using Tensor whole = g.contiguous_copy();
                return whole.Window(start, windowSizes, windowStrides).clone();
            };
            Edge before = Autograd.EdgeTo(this);
            Edge there = Autograd.EdgeTo(written);
            Rebase(new OperationNode("CopySlices", [before, there], [], [ofBase, ofWritten]), 0);
        }

        /// <summary>A contiguous copy outside the graph, also where this is contiguous already.</summary>
        internal Tensor contiguous_copy()
        {
            Tensor copy = Empty(sizes, dtype);
            ElementLoop.Copy(copy, this);
            return copy;
        }
    }
}
