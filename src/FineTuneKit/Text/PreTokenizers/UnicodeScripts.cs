using System.Globalization;
using System.Reflection;

namespace FineTuneKit.Text;

/// <summary>The script that a character belongs to, by Unicode 9.0; scripts are compared, never named.</summary>
internal sealed class UnicodeScripts
{
    /// <summary>What has no script of its own and goes with any: blanks and unassigned characters.</summary>
    public const int Any = -1;

    private const string Resource = "FineTuneKit.Text.PreTokenizers.unicode-9-scripts.txt";
    private const string Han = "Han";
    private const int LongSoundMark = 0x30FC;

    private readonly List<int> _first = [], _last = [], _script = [];
    private readonly int _han;

    private UnicodeScripts()
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!);
        while (reader.ReadLine() is string line)
        {
            if (line.StartsWith('#')) continue;
            string[] parts = line.Split(' ');
            // Japanese is written in three scripts at once; the reference takes them for one.
            string script = parts[2] is "Hiragana" or "Katakana" ? Han : parts[2];
            _first.Add(int.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            _last.Add(int.Parse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            _script.Add(numbers.TryGetValue(script, out int number) ? number : numbers[script] = numbers.Count);
        }
        _han = numbers[Han];
    }

    public static UnicodeScripts Instance { get; } = new();

    public int Of(int codePoint)
    {
        if (codePoint == ' ') return Any;
        if (codePoint == LongSoundMark) return _han;
        int at = _first.BinarySearch(codePoint);
        if (at < 0) at = ~at - 1;
        return at >= 0 && codePoint <= _last[at] ? _script[at] : Any;
    }
}
