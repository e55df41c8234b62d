using System.Text.Json;
using FineTuneKit.Fixtures;
using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests.Golden;

/// <summary>Small programs over named values: aliasing, accumulation, in-place rules.</summary>
[Trait("Category", "Fixtures")]
public class ProgramTests
{
    private const double Tolerance = 1e-5;

    private readonly Dictionary<string, Tensor> values = new(StringComparer.Ordinal);

    public static TheoryData<string> Programs => FixtureFolder.Cases(Golden.File, "programs");

    [Theory]
    [MemberData(nameof(Programs))]
    public void Behaves(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        using DisposeScope scope = NewDisposeScope();
        foreach (JsonElement step in FixtureFolder.Case(Golden.File, id, "programs").GetProperty("program").EnumerateArray()) Run(step);
    }

    private void Run(JsonElement step)
    {
        string name = step.GetArrayLength() > 1 && step[1].ValueKind == JsonValueKind.String ? step[1].GetString()! : "";
        switch (step[0].GetString())
        {
            case "tensor":
                values[name] = Golden.Load(step[2].GetString()!, step[3].GetBoolean());
                break;
            case "call":
                values[name] = Call(step);
                break;
            case "no_grad":
                using (no_grad())
                {
                    foreach (JsonElement inner in step[1].EnumerateArray()) Run(inner);
                }
                break;
            case "backward":
                Backward(step);
                break;
            case "expect":
                Golden.Compare(values[name], step[2].GetString()!, Tolerance, name);
                break;
            case "grad" when step[2].ValueKind == JsonValueKind.Null:
                Assert.Null(values[name].grad);
                break;
            case "grad":
                Golden.Compare(values[name].grad!, step[2].GetString()!, Tolerance, $"gradient of {name}");
                break;
            case "requires_grad":
                Assert.Equal(step[2].GetBoolean(), values[name].requires_grad);
                break;
            case "is_leaf":
                Assert.Equal(step[2].GetBoolean(), values[name].is_leaf);
                break;
            case "shares":
                Assert.Equal(step[3].GetBoolean(), values[name].SharesStorage(values[step[2].GetString()!]));
                break;
            case "throws":
                Golden.Throws(() => Run(step[1]), step[2].GetString()!, step[3].GetString()!);
                break;
            default:
                throw new NotSupportedException(step.GetRawText());
        }
    }

    private Tensor Call(JsonElement step)
    {
        string method = step[3].GetString()!;
        var arguments = new Arguments(method);
        arguments.Add(values[step[2].GetString()!]);
        foreach (JsonElement argument in step.EnumerateArray().Skip(4))
            arguments.Add(argument.ValueKind == JsonValueKind.String ? values[argument.GetString()!] : arguments.Value(argument));
        return Ops.Call(method, arguments)[0];
    }

    private void Backward(JsonElement step)
    {
        JsonElement options = step.GetArrayLength() > 2 ? step[2] : default;
        bool retain = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("retain_graph", out JsonElement flag) && flag.GetBoolean();
        Tensor root = values[step[1].GetString()!];
        if (options.ValueKind == JsonValueKind.Object && options.TryGetProperty("gradient", out JsonElement gradient))
            root.backward(Golden.Load(gradient.GetString()!), retain);
        else
            root.backward(retain_graph: retain);
    }
}
