using System.Globalization;

namespace FineTuneKit.Text;

/// <summary>
/// Decompositions, compositions and combining classes of Unicode 9.0. The platform's own normalisation needs ICU,
/// gives no alignment, and knows characters that the reference's tables leave alone.
/// </summary>
internal sealed class UnicodeTables
{
    private const string Resource = "FineTuneKit.Text.Normalizers.unicode-9-normalization.txt";
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;

    private static readonly Lazy<UnicodeTables> Loaded = new(() => new());

    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int, int), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];

    private UnicodeTables()
    {
        using Stream stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is string line)
            if (line[0] != '#') ReadLine(line);
    }

    public static UnicodeTables Instance => Loaded.Value;

    /// <summary>0 for a character that stands by itself.</summary>
    public byte CombiningClass(int codePoint) => _classes.GetValueOrDefault(codePoint);

    /// <summary>Hands on the full decomposition, from left to right.</summary>
    public void Decompose(int codePoint, bool compatible, Action<int> add)
    {
        if (codePoint is >= SBase and < SBase + LCount * VCount * TCount)
        {
            int index = codePoint - SBase;
            add(LBase + index / (VCount * TCount));
            add(VBase + index / TCount % VCount);
            if (index % TCount != 0) add(TBase + index % TCount);
        }
        else if (_canonical.TryGetValue(codePoint, out int[]? parts) || (compatible && _compatible.TryGetValue(codePoint, out parts)))
        {
            foreach (int part in parts) Decompose(part, compatible, add);
        }
        else
        {
            add(codePoint);
        }
    }

    /// <summary>The character that two make together, or null.</summary>
    public int? Compose(int first, int second)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
            return SBase + ((first - LBase) * VCount + second - VBase) * TCount;
        if (first is >= SBase and < SBase + LCount * VCount * TCount && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
            return first + second - TBase;
        return _compositions.TryGetValue((first, second), out int composed) ? composed : null;
    }

    private void ReadLine(string line)
    {
        int at = line.AsSpan().IndexOfAny("=!~@");
        string left = line[..at], right = line[(at + 1)..];
        if (line[at] == '@')
        {
            string[] range = left.Split('-');
            byte value = byte.Parse(right, CultureInfo.InvariantCulture);
            for (int c = Hex(range[0]); c <= Hex(range[^1]); c++) _classes[c] = value;
            return;
        }
        int codePoint = Hex(left);
        int[] parts = Array.ConvertAll(right.Split(' '), Hex);
        (line[at] == '~' ? _compatible : _canonical)[codePoint] = parts;
        if (line[at] == '=') _compositions[(parts[0], parts[1])] = codePoint;
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
