using CpuTorch.Kernels;

namespace CpuTorch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of single elements.</summary>
        public enum Reduction
        {
            None = 0,
            Mean = 1,
            Sum = 2,

            /// <summary>The sum divided by the first dimension: what a KL divergence is.</summary>
            BatchMean = 3,
        }

        public static partial class functional
        {
            /// <summary>
            /// The sum of the cross-entropies of logits (N, V) against class numbers (N); no (N, V) probabilities are kept.
            /// Rows whose target is <paramref name="ignore_index"/> count 0. The sum has a fixed order.
            /// </summary>
            public static Tensor cross_entropy_sum(Tensor logits, Tensor targets, long ignore_index = -100, double label_smoothing = 0.0)
            {
                using Tensor losses = CrossEntropyRows(logits, targets, ignore_index, label_smoothing);
                return losses.sum();
            }

            // Logits at a time, in floats: enough rows for a product to be efficient, at whatever vocabulary.
            private const long LogitsAtATime = 1 << 24;

            /// <summary>
            /// cross_entropy_sum of linear(input, weight): input (N, K), weight (V, K). Logits exist for some rows at a time
            /// and become their own gradient, so neither is ever (N, V). Where a gradient is wanted it is computed with the
            /// loss, as Liger's kernel does (Hsu et al., 2024, arXiv 2410.10989).
            /// </summary>
            public static Tensor linear_cross_entropy_sum(Tensor input, Tensor weight, Tensor targets, long ignore_index = -100, double label_smoothing = 0.0)
            {
                CheckLinear(input, weight);
                if (input.Rank != 2 || targets.Rank != 1 || input.Sizes[0] != targets.Sizes[0])
                    throw TorchException.Runtime($"linear cross entropy: input (N, K) and targets (N), got {Shape.Text(input.Sizes)} and {Shape.Text(targets.Sizes)}");
                if (input.dtype != ScalarType.Float32)
                    throw TorchException.Runtime($"linear cross entropy: input of dtype {TypeName(input.dtype)}; float32 is required");
                (long rows, long vocabulary) = (input.Sizes[0], weight.Sizes[0]);
                using Tensor w = weight.dtype == ScalarType.Float32 ? weight.Alias() : weight.Dense();
                using Tensor classes = WholeNumbers(targets);
                CheckClasses(classes, vocabulary, ignore_index);
                using Tensor losses = Tensor.Empty([rows]);
                using Tensor? dx = Autograd.Wanted(input) ? Tensor.Empty(input.Sizes) : null;
                using Tensor? dw = Autograd.Wanted(weight) ? Tensor.Empty(w.Sizes).zero_() : null;
                long step = Math.Clamp(LogitsAtATime / Math.Max(1, vocabulary), 1, Math.Max(1, rows));
                for (long first = 0; first < rows; first += step)
                {
                    long count = Math.Min(step, rows - first);
                    using Tensor part = input.narrow(0, first, count), target = classes.narrow(0, first, count), loss = losses.narrow(0, first, count);
                    using Tensor? dPart = dx?.narrow(0, first, count);
                    LossOfRows(part, w, target, ignore_index, label_smoothing, loss, dPart, dw);
                }
                Tensor total = losses.sum();
                return dx is null && dw is null
                    ? total
                    : Autograd.RecordJoint(total, "LinearNllLoss", [dx, dw], [input, weight], static (n, grads) =>
                        [n.Needs(0) ? n[0].mul(grads[0]!) : null, n.Needs(1) ? n[1].mul(grads[0]!) : null]);
            }

            private static unsafe void LossOfRows(Tensor x, Tensor w, Tensor targets, long ignore, double smoothing, Tensor losses, Tensor? dx, Tensor? dw)
            {
                (long rows, long vocabulary) = (x.Sizes[0], w.Sizes[0]);
                using MatrixView states = MatrixView.Of(x);
                using MatrixView head = MatrixView.Of(w);
                using Tensor logits = Product(states, head, transposed: true);
                using Tensor logSumExp = Tensor.Empty([rows]);
                float* values = logits.FloatPointer;
                CrossEntropy.Forward(rows, vocabulary, values, vocabulary, targets.LongPointer, ignore, (float)smoothing, losses.FloatPointer, logSumExp.FloatPointer);
                if (dx is null && dw is null) return;
                using Tensor one = ones(rows);
                CrossEntropy.Backward(rows, vocabulary, values, vocabulary, targets.LongPointer, ignore, (float)smoothing, logSumExp.FloatPointer, one.FloatPointer, values);
                if (dx is not null)
                {
                    using MatrixView target = MatrixView.Of(dx), gradient = MatrixView.Of(logits);
                    Multiply(target, gradient, head, transposed: false, beta: 0);
                }
                if (dw is not null)
                    Gemm.Run(vocabulary, head.Columns, rows, values, 1, vocabulary, states.Pointer, states.RowStride, states.ColumnStride, dw.FloatPointer, dw.Strides[0], beta: 1);
            }

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) => Composite.Run(() =>
            {
                int classes = input.Rank == 1 ? 0 : 1;
                if (IsReal(target.dtype)) return SoftCrossEntropy(input, target, weight, classes, reduction, label_smoothing);
                Tensor rows = input.movedim(classes, -1).reshape(-1, input.Sizes[classes]);
                Tensor flat = target.reshape(-1);
                if (rows.Sizes[0] != flat.Sizes[0])
                    throw TorchException.Value($"Expected input batch_size ({rows.Sizes[0]}) to match target batch_size ({flat.Sizes[0]}).");
                Tensor losses = weight is null
                    ? CrossEntropyRows(rows, flat, ignore_index, label_smoothing)
                    : WeightedRows(rows.log_softmax(-1), flat, weight, ignore_index, label_smoothing);
                if (reduction == Reduction.None) return losses.reshape(target.Sizes);
                if (reduction == Reduction.Sum) return losses.sum();
                return losses.sum().div(weight is null ? flat.ne(ignore_index).sum() : WeightOf(flat, weight, ignore_index));
            });

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, long ignore_index = -100) => Composite.Run(() =>
            {
                Tensor rows = input.Rank == 1 ? input.unsqueeze(0) : input.movedim(1, -1).reshape(-1, input.Sizes[1]);
                Tensor flat = target.reshape(-1);
                Tensor weights = weight ?? ones(rows.Sizes[1]);
                Tensor losses = WeightedRows(rows, flat, weights, ignore_index, 0);
                if (reduction == Reduction.None) return losses.reshape(target.Sizes);
                return reduction == Reduction.Sum ? losses.sum() : losses.sum().div(WeightOf(flat, weights, ignore_index));
            });

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) => Composite.Run(() =>
            {
                Tensor positive = pos_weights is null ? input.log_sigmoid() : input.log_sigmoid().mul(pos_weights);
                Tensor losses = target.mul(positive).add(target.neg().add(1).mul(input.neg().log_sigmoid())).neg();
                return Reduced(weight is null ? losses : losses.mul(weight), reduction);
            });

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) => Composite.Run(() =>
            {
                Tensor losses = target.mul(input.log().clamp_min(-100)).add(target.neg().add(1).mul(input.neg().add(1).log().clamp_min(-100))).neg();
                return Reduced(weight is null ? losses : losses.mul(weight), reduction);
            });

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Composite.Run(() => Reduced(input.sub(target).square(), reduction));

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Composite.Run(() => Reduced(input.sub(target).abs(), reduction));

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) => Composite.Run(() =>
            {
                Tensor distance = input.sub(target).abs();
                return Reduced(where(distance.lt(beta), distance.square().mul(0.5 / beta), distance.sub(0.5 * beta)), reduction);
            });

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) => Composite.Run(() =>
            {
                Tensor distance = input.sub(target).abs();
                return Reduced(where(distance.le(delta), distance.square().mul(0.5), distance.sub(0.5 * delta).mul(delta)), reduction);
            });

            public static Tensor kl_div(Tensor x, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) => Composite.Run(() =>
            {
                Tensor losses = log_target
                    ? target.exp().mul(target.sub(x))
                    : where(target.eq(0), 0, target.mul(target.log())).sub(target.mul(x));
                return Reduced(losses, reduction);
            });

            private static Tensor Reduced(Tensor losses, Reduction reduction) => reduction switch
            {
                Reduction.None => losses,
                Reduction.Sum => losses.sum(),
                Reduction.Mean => losses.mean(),
                _ => losses.sum().div(losses.Sizes[0]),
            };

            private static unsafe Tensor CrossEntropyRows(Tensor logits, Tensor targets, long ignore, double smoothing)
            {
                if (logits.Rank != 2 || targets.Rank != 1 || logits.Sizes[0] != targets.Sizes[0])
                    throw TorchException.Runtime($"cross entropy: logits (N, V) and targets (N), got {Shape.Text(logits.Sizes)} and {Shape.Text(targets.Sizes)}");
                long rows = logits.Sizes[0];
                long vocabulary = logits.Sizes[1];
                using Tensor x = logits.Dense();
                using Tensor classes = WholeNumbers(targets);
                CheckClasses(classes, vocabulary, ignore);
                Tensor losses = Tensor.Empty([rows]);
                using Tensor logSumExp = Tensor.Empty([rows]);
                CrossEntropy.Forward(rows, vocabulary, x.FloatPointer, vocabulary, classes.LongPointer, ignore, (float)smoothing, losses.FloatPointer, logSumExp.FloatPointer);
                losses = Narrowed(losses, logits.dtype);
                if (!Autograd.Wanted(logits)) return losses;
                return Autograd.Record(losses, "NllLoss", [x, classes, logSumExp], (logits, Backward));

                Tensor Backward(OperationNode n, Tensor g)
                {
                    using Tensor dy = g.Dense();
                    Tensor dx = Tensor.Empty([rows, vocabulary]);
                    CrossEntropy.Backward(rows, vocabulary, n[0].FloatPointer, vocabulary, n[1].LongPointer, ignore, (float)smoothing, n[2].FloatPointer, dy.FloatPointer, dx.FloatPointer);
                    return dx;
                }
            }

            // From log-probabilities, each class with its weight.
            private static Tensor WeightedRows(Tensor logProbabilities, Tensor target, Tensor weight, long ignore, double smoothing)
            {
                CheckClasses(target, logProbabilities.Sizes[1], ignore);
                Tensor ignored = target.eq(ignore);
                Tensor safe = target.masked_fill(ignored, 0);
                Tensor picked = logProbabilities.gather(1, safe.unsqueeze(1)).squeeze(1).neg().mul(weight.index_select(0, safe));
                if (smoothing > 0)
                {
                    Tensor smooth = logProbabilities.mul(weight).sum(1).neg();
                    picked = picked.mul(1 - smoothing).add(smooth.mul(smoothing / logProbabilities.Sizes[1]));
                }
                return picked.masked_fill(ignored, 0);
            }

            // What a mean over weighted classes divides by.
            private static Tensor WeightOf(Tensor target, Tensor weight, long ignore)
            {
                Tensor ignored = target.eq(ignore);
                return weight.index_select(0, target.masked_fill(ignored, 0)).masked_fill(ignored, 0).sum();
            }

            private static Tensor SoftCrossEntropy(Tensor input, Tensor target, Tensor? weight, int classes, Reduction reduction, double smoothing)
            {
                long count = input.Sizes[classes];
                Tensor wanted = smoothing > 0 ? target.mul(1 - smoothing).add(smoothing / count) : target;
                Tensor products = wanted.mul(input.log_softmax(classes));
                if (weight is not null) products = products.movedim(classes, -1).mul(weight).movedim(-1, classes);
                Tensor losses = products.sum(classes).neg();
                return reduction switch
                {
                    Reduction.None => losses,
                    Reduction.Sum => losses.sum(),
                    _ => losses.sum().div(Math.Max(1, input.numel() / count)),
                };
            }

            private static void CheckClasses(Tensor target, long classes, long ignore)
            {
                using Tensor whole = WholeNumbers(target);
                foreach (long value in whole.span<long>())
                {
                    if (value != ignore && (value < 0 || value >= classes)) throw TorchException.Index($"Target {value} is out of bounds.");
                }
            }
        }
    }
}
