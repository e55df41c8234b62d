using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>
/// A 4-bit weight in a checkpoint, as bitsandbytes keeps it: codes under the weight's own name; beside them
/// <c>absmax</c>, <c>quant_map</c>, under double quantisation <c>nested_absmax</c> and <c>nested_quant_map</c>, and in
/// <c>quant_state.bitsandbytes__nf4</c> the rest as JSON in bytes.
/// </summary>
internal static class FourBitFile
{
    private const string Absmax = ".absmax", QuantMap = ".quant_map", NestedAbsmax = ".nested_absmax", NestedQuantMap = ".nested_quant_map";
    private const string StatePrefix = ".quant_state.bitsandbytes__";

    private static readonly Dictionary<string, ScalarType> Types = new(StringComparer.Ordinal)
    {
        ["float32"] = ScalarType.Float32,
        ["bfloat16"] = ScalarType.BFloat16,
        ["float16"] = ScalarType.Float16,
    };

    /// <summary>What stands beside a weight's codes.</summary>
    /// <param name="name">The weight's name in the file.</param>
    public static IReadOnlySet<string> Companions(string name) => new HashSet<string>(StringComparer.Ordinal)
    {
        name + Absmax, name + QuantMap, name + NestedAbsmax, name + NestedQuantMap, StateName(name, FourBitType.Nf4), StateName(name, FourBitType.Fp4),
    };

    /// <summary>The tensors to write beside the codes; the last one is new, the others are the weight's own.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Write(string name, FourBitWeight weight)
    {
        QuantState state = weight.State;
        yield return KeyValuePair.Create(name + Absmax, state.absmax);
        yield return KeyValuePair.Create(name + QuantMap, state.code);
        if (state.nested_absmax is not null)
        {
            yield return KeyValuePair.Create(name + NestedAbsmax, state.nested_absmax);
            yield return KeyValuePair.Create(name + NestedQuantMap, state.nested_code!);
        }
        yield return KeyValuePair.Create(StateName(name, weight.Options.Type), tensor(Encoding.UTF8.GetBytes(StateJson(weight))));
    }

    /// <summary>Reads a weight.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="name">The weight's name in it.</param>
    /// <param name="rows">Outputs of the projection.</param>
    /// <param name="columns">Inputs.</param>
    /// <exception cref="InputException">A part of the state is missing, malformed, or of the wrong size or type.</exception>
    public static FourBitWeight Read(SafetensorsShards file, string name, long rows, long columns)
    {
        FourBitType type = file.Contains(StateName(name, FourBitType.Fp4)) ? FourBitType.Fp4 : FourBitType.Nf4;
        string stateName = StateName(name, type);
        Require(file, name, stateName);
        try
        {
            using Tensor text = file.Read(stateName);
            JsonObject json = JsonNode.Parse(Encoding.UTF8.GetString(text.bytes))!.AsObject();
            return Read(file, name, type, json, rows, columns);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InputException($"{file.Path}: {stateName} must be a JSON object with quant_type, blocksize, dtype and shape: {e.Message}", e);
        }
    }

    private static FourBitWeight Read(SafetensorsShards file, string name, FourBitType type, JsonObject json, long rows, long columns)
    {
        bool nested = json.ContainsKey("nested_blocksize");
        var options = new QuantizationOptions { Type = type, BlockSize = (int)json["blocksize"]!, DoubleQuantization = nested }.Validated();
        if ((string?)json["quant_type"] != options.TypeName) throw new InputException($"{file.Path}: {StateName(name, type)} has quant_type {json["quant_type"]}; {options.TypeName} is required");
        long[] shape = [.. json["shape"]!.AsArray().Select(size => (long)size!)];
        if (!shape.AsSpan().SequenceEqual([rows, columns])) throw new InputException($"{file.Path}: {name} has shape [{string.Join(", ", shape)}] in its state; required is [{rows}, {columns}]");
        long count = rows * columns, blocks = (count + options.BlockSize - 1) / options.BlockSize;
        int nestedSize = nested ? (int)json["nested_blocksize"]! : FourBitWeight.ScaleBlockSize;
        if (nestedSize < 1) throw new InputException($"{file.Path}: {StateName(name, type)} has nested_blocksize {nestedSize}; 1 or more is required");
        var state = new QuantState(shape, options.BlockSize, Part(file, name, name + QuantMap, "F32", 16), Part(file, name, name + Absmax, nested ? "U8" : "F32", blocks));
        if (nested)
        {
            state = state with
            {
                nested_absmax = Part(file, name, name + NestedAbsmax, "F32", (blocks + nestedSize - 1) / nestedSize),
                nested_code = Part(file, name, name + NestedQuantMap, "F32", 256),
                nested_blocksize = nestedSize,
                nested_offset = (float)(double)json["nested_offset"]!,
            };
        }
        string original = (string?)json["dtype"] ?? "float32";
        if (!Types.TryGetValue(original, out ScalarType scalar)) throw new InputException($"{file.Path}: {StateName(name, type)} has dtype {original}; supported are {string.Join(", ", Types.Keys)}");
        return new FourBitWeight(options, Part(file, name, name, "U8", (count + 1) / 2), state, scalar);
    }

    private static Tensor Part(SafetensorsShards file, string weight, string name, string type, long count)
    {
        Require(file, weight, name);
        SafetensorsEntry entry = file.Entry(name);
        long found = entry.Shape.Aggregate(1L, (product, size) => product * size);
        if (entry.Type != type || found != count) throw new InputException($"{file.Path}: {name} has {found} numbers of type {entry.Type}; {count} of type {type} are required for the 4-bit weight {weight}");
        return file.Read(name);
    }

    private static void Require(SafetensorsShards file, string weight, string name)
    {
        if (!file.Contains(name))
            throw new InputException($"{file.Path}: {weight} holds 4-bit codes, but {name} is missing, without which they mean nothing; save the model with all of its quantisation state, or take the float weights");
    }

    private static string StateName(string name, FourBitType type) => name + StatePrefix + (type == FourBitType.Nf4 ? "nf4" : "fp4");

    // The reference's own spelling, so that files are equal byte for byte.
    private static string StateJson(FourBitWeight weight)
    {
        QuantState state = weight.State;
        string dtype = Types.First(pair => pair.Value == weight.OriginalType).Key;
        string text = $"\"quant_type\": \"{weight.Options.TypeName}\", \"blocksize\": {state.blocksize}, \"dtype\": \"{dtype}\", \"shape\": [{string.Join(", ", state.shape)}]";
        if (state.nested_absmax is not null) text += $", \"nested_blocksize\": {state.nested_blocksize}, \"nested_dtype\": \"float32\", \"nested_offset\": {Number(state.nested_offset)}";
        return "{" + text + "}";
    }

    // As Python writes it: the shortest decimal of the double, exponents from 1e-05 down and from 1e+16 up.
    private static string Number(double value)
    {
        double size = Math.Abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e16))
        {
            string[] parts = value.ToString("E16", CultureInfo.InvariantCulture).Split('E');
            string shortest = value.ToString("R", CultureInfo.InvariantCulture);
            string digits = shortest.Contains('E', StringComparison.Ordinal) ? shortest.Split('E')[0] : parts[0].TrimEnd('0').TrimEnd('.');
            int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
            return $"{digits}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }
}
