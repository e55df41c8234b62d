using System.Text.RegularExpressions;

namespace FineTuneKit.Notebooks.Directives;

/// <summary>The options behind a directive: <c>--name value</c>, quoted where the value holds blanks, and at most one argument.</summary>
internal sealed partial class Options
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>What stands without a name.</summary>
    public string? Argument { get; private set; }

    /// <summary>An option's value, or null.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public static Options Parse(string text, int line)
    {
        var options = new Options();
        string[] words = [.. Words().Matches(text).Select(m => m.Value.Length > 1 && m.Value[0] is '"' or '\'' ? m.Value[1..^1] : m.Value)];
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal)) options.Argument = options.Argument is null ? words[i] : throw new DirectiveException(line, $"\"{words[i]}\" is one argument too many");
            else if (i + 1 == words.Length) throw new DirectiveException(line, $"{words[i]} has no value");
            else options._values[words[i][2..]] = words[++i];
        }
        return options;
    }

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""")]
    private static partial Regex Words();
}
