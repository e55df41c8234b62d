using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Tests.Fuzz;

/// <summary>Damages a file: its bytes, or the values of its JSON.</summary>
internal sealed class Mutation(NamedRandom random)
{
    private static readonly byte[] Telling = [0, 1, 7, 0x7F, 0x80, 0xC0, 0xED, 0xFE, 0xFF, (byte)'"', (byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)',', (byte)':', (byte)'-', (byte)'9', (byte)'\\', (byte)' ', (byte)'\n', (byte)'('];
    private static readonly long[] Extremes = [0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40, 10_000_000_000];
    private static readonly string[] Values =
    [
        "null", "true", "false", "-1", "0", "1", "2", "2147483647", "-2147483648", "4294967296", "9223372036854775807", "1e308", "-1e308", "1e999", "0.5", "1e-300",
        "\"\"", "\" \"", "\"a\"", "\"\\ud800\"", "\"\\u0000\"", "\"▁\"", "\"Sequence\"", "\"(a+)+\"", "[]", "{}", "[[]]", "[{}]", "[null]", "[\"a\",\"b\"]", "[\"a\",1]", "{\"type\":\"ByteLevel\"}",
        new string('[', 70) + new string(']', 70),
    ];

    /// <summary>One to four changes of the bytes.</summary>
    public byte[] OfBytes(byte[] seed)
    {
        var bytes = new List<byte>(seed);
        for (int n = random.Next(1, 5); n > 0 && bytes.Count > 0; n--) Change(bytes);
        return [.. bytes];
    }

    /// <summary>One to three changes of values, keys or items; the result is JSON but for the value 1e999 and lone surrogates.</summary>
    public byte[] OfJson(byte[] seed)
    {
        string text = Encoding.UTF8.GetString(seed);
        for (int n = random.Next(1, 4); n > 0; n--) text = ChangeValue(text);
        return Encoding.UTF8.GetBytes(text);
    }

    private void Change(List<byte> bytes)
    {
        int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 1 + Math.Min(40, bytes.Count)), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = random.Pick(Telling); break;
            case 2: bytes[at] = (byte)random.Next(256); break;
            case 3: bytes.RemoveRange(at, length); break;
            case 4: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
            case 5: bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)).ToArray()); break;
            case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            case 7: bytes.InsertRange(at, Encoding.ASCII.GetBytes(random.Pick(Extremes).ToString())); break;
            default:
                byte[] number = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(number, random.Pick(Extremes));
                at = random.Chance(0.5) ? 0 : at;
                for (int i = 0; i < 8 && at + i < bytes.Count; i++) bytes[at + i] = number[i];
                break;
        }
    }

    private string ChangeValue(string text)
    {
        JsonNode root;
        try
        {
            root = JsonNode.Parse(text)!;
        }
        catch (JsonException)
        {
            return text;
        }
        var places = new List<JsonNode>();
        Collect(root, places);
        if (places.Count == 0) return text;
        JsonNode container = random.Pick(places);
        const string Mark = "\"@@\"";
        if (container is JsonArray list)
        {
            int at = random.Next(list.Count);
            if (random.Chance(0.2)) list.RemoveAt(at);
            else if (random.Chance(0.3)) list.Insert(random.Next(list.Count), list[at]?.DeepClone());
            else list[at] = "@@";
        }
        else if (container is JsonObject map)
        {
            string key = random.Pick([.. map.Select(p => p.Key)]);
            if (random.Chance(0.2)) map.Remove(key);
            else if (random.Chance(0.1)) map[key + "x"] = map[key]?.DeepClone();
            else map[key] = "@@";
        }
        string json;
        try
        {
            json = root.ToJsonString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, from an earlier change, cannot be written again.
            return text;
        }
        int mark = json.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0) return json;
        return string.Concat(json.AsSpan(0, mark), random.Pick(Values), json.AsSpan(mark + Mark.Length));
    }

    // Big vocabularies would be chosen nearly always if each of their entries counted.
    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        switch (node)
        {
            case JsonArray { Count: > 0 } list:
                places.Add(list);
                foreach (JsonNode? item in list.Take(8)) Collect(item, places);
                break;
            case JsonObject { Count: > 0 } map:
                places.Add(map);
                foreach ((_, JsonNode? value) in map.Take(40)) Collect(value, places);
                break;
        }
    }
}
