using System.Text.Json;
using CpuTorch.Modules;
using FineTuneKit.Fixtures;
using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests.Golden;

/// <summary>Optimizers over several steps with given gradients, some of them missing.</summary>
[Trait("Category", "Fixtures")]
public class OptimizerTests
{
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Optimizers => FixtureFolder.Cases(Golden.File, "optimizers");

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement entry = FixtureFolder.Case(Golden.File, id, "optimizers");
        using DisposeScope scope = NewDisposeScope();
        Parameter[] parameters = [.. entry.GetProperty("initial").EnumerateArray().Select(name => new Parameter(Golden.Load(name.GetString()!)))];
        using optim.Optimizer optimizer = Made(entry, parameters);
        int number = 0;
        foreach (JsonElement step in entry.GetProperty("steps").EnumerateArray())
        {
            SetGradients(parameters, step);
            Clip(parameters, step);
            optimizer.step();
            JsonElement after = step.GetProperty("after");
            for (int i = 0; i < parameters.Length; i++) Golden.Compare(parameters[i], after[i].GetString()!, Tolerance, $"step {number}, parameter {i}");
            number++;
        }
    }

    private static void SetGradients(Parameter[] parameters, JsonElement step)
    {
        JsonElement grads = step.GetProperty("grads");
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].grad = grads[i].ValueKind == JsonValueKind.Null ? null : Golden.Load(grads[i].GetString()!);
    }

    private static void Clip(Parameter[] parameters, JsonElement step)
    {
        if (!step.TryGetProperty("clip_grad_norm", out JsonElement limit)) return;
        double norm = nn.utils.clip_grad_norm_(parameters, limit.GetDouble());
        Assert.Equal(step.GetProperty("norm").GetDouble(), norm, 1e-5);
    }

    // Options that the case does not name have PyTorch's defaults.
    private static optim.Optimizer Made(JsonElement entry, Parameter[] parameters)
    {
        JsonElement options = entry.GetProperty("options");
        JsonElement[] groups = [.. entry.GetProperty("groups").EnumerateArray()];
        string kind = entry.GetProperty("optimizer").GetString()!;
        (double beta1, double beta2) = options.TryGetProperty("betas", out JsonElement betas) ? (betas[0].GetDouble(), betas[1].GetDouble()) : (0.9, 0.999);
        Parameter[] all = [.. groups.SelectMany(group => Of(group))];
        double decay = Number(kind == "AdamW" ? 0.01 : 0, "weight_decay");
        return kind switch
        {
            "AdamW" => optim.AdamW(
                groups.Select(group => new AdamW.ParamGroup(Of(group), In(group, "lr", Number(1e-3, "lr")), beta1, beta2, Number(1e-8, "eps"), In(group, "weight_decay", decay), Flag("amsgrad"), Flag("maximize"))),
                Number(1e-3, "lr")),
            "Adam" => optim.Adam(all, Number(1e-3, "lr"), beta1, beta2, Number(1e-8, "eps"), decay, Flag("amsgrad"), Flag("maximize")),
            "SGD" => optim.SGD(all, Number(1e-3, "lr"), Number(0, "momentum"), Number(0, "dampening"), decay, Flag("nesterov"), Flag("maximize")),
            "RMSprop" => optim.RMSProp(all, Number(0.01, "lr"), Number(0.99, "alpha"), Number(1e-8, "eps"), decay, Number(0, "momentum"), Flag("centered"), Flag("maximize")),
            "Adagrad" => optim.Adagrad(all, Number(0.01, "lr"), Number(0, "lr_decay"), decay, Number(0, "initial_accumulator_value"), Number(1e-10, "eps")),
            _ => throw new NotSupportedException(kind),
        };

        Parameter[] Of(JsonElement group) => [.. group.GetProperty("params").EnumerateArray().Select(i => parameters[i.GetInt32()])];

        double Number(double otherwise, string name) => In(options, name, otherwise);

        bool Flag(string name) => options.TryGetProperty(name, out JsonElement value) && value.GetBoolean();

        static double In(JsonElement from, string name, double otherwise) => from.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;
    }
}
