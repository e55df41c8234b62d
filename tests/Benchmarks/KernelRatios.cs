using CpuTorch.Modules;

namespace Benchmarks;

/// <summary>Single operations against PyTorch's: AdamW over GPT-2 small's 124 million weights, and cross-entropy over its vocabulary.</summary>
internal static class KernelRatios
{
    private const int Rows = 512;
    private const int Classes = 50_257;

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted)
    {
        if (wanted("AdamW"))
        {
            yield return AdamW(rounds);
        }

        if (wanted("cross-entropy"))
        {
            yield return CrossEntropy(rounds);
        }
    }

    private static Ratio AdamW(int rounds)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new WorkFolder();
        long[][] shapes = [[50_257, 768], [1024, 768], .. Enumerable.Range(0, 12).SelectMany(_ => new long[][] { [768, 2304], [768, 768], [768, 3072], [3072, 768] })];
        folder.Task(new { kind = "adamw", shapes });
        Parameter[] parameters = [.. shapes.Select(shape => new Parameter(torch.full(shape, 0.5f)))];
        foreach (Parameter parameter in parameters)
        {
            parameter.grad = torch.full(parameter.shape, 0.25f);
        }

        using torch.optim.Optimizer optimizer = torch.optim.AdamW(parameters, lr: 1e-3, weight_decay: 0.01);
        return Comparison.Run(
            "AdamW 124 M", 2.0, folder,
            () =>
            {
                optimizer.step();
                return parameters[0].data<float>()[0];
            },
            1e-6, rehearsals: 3, rounds);
    }

    private static Ratio CrossEntropy(int rounds)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new WorkFolder();
        folder.Task(new { kind = "cross_entropy", rows = Rows, classes = Classes });
        var values = new float[Rows * Classes];
        for (long i = 0; i < values.Length; i++)
        {
            values[i] = ((float)(i * 2654435761 % 4096) / 1024) - 2;
        }

        Tensor logits = torch.tensor(values, [Rows, Classes]).requires_grad_();
        Tensor targets = torch.tensor([.. Enumerable.Range(0, Rows).Select(i => (long)i * 97 % Classes)]);
        return Comparison.Run(
            "cross-entropy 512 x 50257", 4.0, folder,
            () =>
            {
                using var step = torch.NewDisposeScope();
                logits.grad = null;
                Tensor loss = torch.nn.functional.cross_entropy_sum(logits, targets);
                loss.backward();
                return loss.item<float>();
            },
            1e-5, rehearsals: 2, rounds);
    }
}
