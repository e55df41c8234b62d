using System.Buffers.Binary;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>
/// SentencePiece's compiled rules of normalisation (<c>precompiled_charsmap</c>): a double-array trie (Aoe 1989, in the
/// layout of the library Darts) over UTF-8, whose values are places in a text of replacements that end with a zero byte.
/// </summary>
internal sealed class CharsMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharsMap(uint[] units, byte[] replacements)
    {
        _units = units;
        _replacements = replacements;
    }

    /// <exception cref="InputException">The blob is cut short.</exception>
    public static CharsMap Read(ReadOnlySpan<byte> blob, string file)
    {
        uint size = blob.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(blob);
        if (size > blob.Length - sizeof(uint) || size % sizeof(uint) != 0 || size == 0)
            throw new InputException($"{file}: precompiled_charsmap has {blob.Length} bytes, which do not hold the trie that it begins with");
        var units = new uint[size / sizeof(uint)];
        for (int i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(sizeof(uint) * (i + 1))..]);
        return new(units, blob[(int)(sizeof(uint) + size)..].ToArray());
    }

    /// <summary>What the longest rule that applies at the beginning of a text makes of it; the length is in bytes, 0 where none applies.</summary>
    public string? Longest(ReadOnlySpan<byte> utf8, out int length) => Find(utf8, shortest: false, out length);

    /// <summary>What the shortest rule does, as Hugging Face's library asks.</summary>
    public string? Shortest(ReadOnlySpan<byte> utf8) => Find(utf8, shortest: true, out _);

    private string? Find(ReadOnlySpan<byte> utf8, bool shortest, out int length)
    {
        length = 0;
        int value = -1;
        uint node = OffsetOf(_units[0]);
        for (int i = 0; i < utf8.Length && utf8[i] != 0; i++)
        {
            node ^= utf8[i];
            if (node >= _units.Length || LabelOf(_units[node]) != utf8[i]) break;
            uint unit = _units[node];
            node ^= OffsetOf(unit);
            if (node >= _units.Length) break;
            if (!HasValue(unit)) continue;
            value = (int)(_units[node] & int.MaxValue);
            length = i + 1;
            if (shortest) break;
        }
        return value < 0 || value > _replacements.Length ? null : Replacement(value);
    }

    private string Replacement(int start)
    {
        ReadOnlySpan<byte> rest = _replacements.AsSpan(start);
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static bool HasValue(uint unit) => ((unit >> 8) & 1) == 1;

    private static uint LabelOf(uint unit) => unit & ((1u << 31) | 0xFF);

    private static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);
}
