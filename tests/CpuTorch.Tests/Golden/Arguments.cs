using System.Text.Json;
using static CpuTorch.torch;

namespace CpuTorch.Tests.Golden;

/// <summary>The arguments of one call, by place or name, as Python would take them.</summary>
internal sealed class Arguments(string op)
{
    private readonly List<object?> places = [];
    private readonly Dictionary<string, object?> names = new(StringComparer.Ordinal);

    /// <summary>Leaves that were loaded, by their stored name.</summary>
    internal Dictionary<string, Tensor> Leaves { get; } = new(StringComparer.Ordinal);

    internal int Count => places.Count;

    internal Tensor X => Tensor(0);

    internal Arguments Add(object? value)
    {
        places.Add(value);
        return this;
    }

    internal static Arguments Of(JsonElement entry, string op)
    {
        var result = new Arguments(op);
        foreach (JsonElement argument in entry.GetProperty("args").EnumerateArray()) result.places.Add(result.Value(argument));
        if (entry.TryGetProperty("kwargs", out JsonElement named))
        {
            foreach (JsonProperty argument in named.EnumerateObject()) result.names[argument.Name] = result.Value(argument.Value);
        }
        return result;
    }

    internal object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True or JsonValueKind.False => json.GetBoolean(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out long whole) && !json.GetRawText().Contains('.', StringComparison.Ordinal) ? (object)whole : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToArray(),
        _ => Special(json),
    };

    private object? Special(JsonElement json)
    {
        if (json.TryGetProperty("tensor", out JsonElement stored)) return Loaded(stored.GetString()!, json);
        if (json.TryGetProperty("list", out JsonElement list)) return list.EnumerateArray().Select(Value).ToArray();
        if (json.TryGetProperty("dtype", out JsonElement type)) return Golden.TypeOf(type.GetString()!);
        if (json.TryGetProperty("float", out JsonElement text))
        {
            return text.GetString() switch
            {
                "inf" => double.PositiveInfinity,
                "-inf" => double.NegativeInfinity,
                _ => double.NaN,
            };
        }
        if (json.TryGetProperty("slice", out JsonElement slice))
        {
            long?[] parts = [.. slice.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.Null ? (long?)null : part.GetInt64())];
            return TensorIndex.Slice(parts[0], parts[1], parts[2]);
        }
        return json.TryGetProperty("ellipsis", out _) ? TensorIndex.Ellipsis : throw new NotSupportedException(json.GetRawText());
    }

    private Tensor Loaded(string name, JsonElement json)
    {
        bool requiresGrad = json.TryGetProperty("requires_grad", out JsonElement flag) && flag.GetBoolean();
        Tensor tensor = Golden.Load(name, requiresGrad);
        Leaves[name] = tensor;
        if (!json.TryGetProperty("view", out JsonElement views)) return tensor;
        foreach (JsonElement step in views.EnumerateArray())
        {
            var call = new Arguments(step[0].GetString()!).Add(tensor);
            foreach (JsonElement argument in step.EnumerateArray().Skip(1)) call.Add(Value(argument));
            tensor = Ops.Call(step[0].GetString()!, call)[0];
        }
        return tensor;
    }

    internal Tensor Tensor(int place, string name = "") => (Tensor)Required(place, name);

    internal Tensor? TensorOr(int place, string name = "") => Get(place, name) as Tensor;

    internal Tensor[] TensorsAt(int place) => Array.ConvertAll((object?[])Required(place, ""), item => (Tensor)item!);

    internal bool IsTensor(int place) => place < places.Count && places[place] is Tensor;

    internal bool IsList(int place) => place < places.Count && places[place] is object?[];

    internal bool Has(int place, string name) => (place >= 0 && place < places.Count) || names.ContainsKey(name);

    internal long Long(int place, string name = "") => (long)Required(place, name);

    internal long Long(int place, string name, long otherwise) => Get(place, name) is { } value ? (long)value : otherwise;

    internal double Double(int place, string name, double otherwise) => Get(place, name) is { } value ? Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    internal bool Bool(int place, string name, bool otherwise = false) => Get(place, name) is { } value ? (bool)value : otherwise;

    internal string Text(int place, string name, string otherwise) => Get(place, name) as string ?? otherwise;

    internal ScalarType? Type(int place = -1, string name = "dtype") => (ScalarType?)Get(place, name);

    internal Scalar Number(int place, string name = "") => Scalar(Required(place, name));

    internal Scalar? NumberOr(int place, string name = "") => Get(place, name) is { } value ? Scalar(value) : null;

    /// <summary>A list, one number, or the rest of the places.</summary>
    internal long[] Longs(int place, string name = "") => Get(place, name) switch
    {
        object?[] list => Array.ConvertAll(list, item => (long)item!),
        long one when place < 0 || place >= places.Count => [one, one],
        long => [.. places.Skip(place).TakeWhile(item => item is long).Select(item => (long)item!)],
        null => [],
        var other => throw Wrong(other),
    };

    internal TensorIndex[] Indices(int first) => [.. places.Skip(first).Select(Index)];

    private static TensorIndex Index(object? item) => item switch
    {
        null => TensorIndex.None,
        long at => at,
        bool flag => flag,
        Tensor places => places,
        TensorIndex index => index,
        _ => throw new NotSupportedException(item.ToString()),
    };

    private static Scalar Scalar(object value) => value switch
    {
        long whole => whole,
        bool flag => flag,
        _ => (double)value,
    };

    private object? Get(int place, string name)
    {
        if (place >= 0 && place < places.Count) return places[place];
        return names.GetValueOrDefault(name);
    }

    // What a missing argument is in Python; C# would not compile.
    private object Required(int place, string name) => Get(place, name) ?? throw Wrong(null);

    private TorchException Wrong(object? value) =>
        new("TypeError", $"{op}() received an invalid combination of arguments - got ({string.Join(", ", places.Select(item => item is Tensor ? "Tensor" : item is long ? "int" : item?.GetType().Name ?? "None"))}), but expected one of: {value}");
}
