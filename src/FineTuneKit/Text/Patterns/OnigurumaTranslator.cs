using System.Globalization;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>Writes an Oniguruma regex (Ruby's syntax) as one for .NET. What has no counterpart is refused.</summary>
internal sealed class OnigurumaTranslator(string source)
{
    private const int DeepestClass = 100;

    private readonly StringBuilder _result = new();
    private readonly Stack<int> _groups = new();
    private int _at;
    private int _atom;
    private int _depth;

    public string Translate()
    {
        while (_at < source.Length) Element();
        return _result.ToString();
    }

    private char Current => _at < source.Length ? source[_at] : throw Error("it ends too early");

    private void Element()
    {
        char c = source[_at];
        switch (c)
        {
            case '(':
                OpenGroup();
                return;
            case ')':
                _at++;
                _result.Append(')');
                _atom = _groups.Count > 0 ? _groups.Pop() : throw Error("a ) has no (");
                return;
            case '*' or '+' or '?':
                _at++;
                _result.Append(c);
                QuantifierSuffix(mayBePossessive: true);
                return;
            case '{' when Interval() is string interval:
                _result.Append(interval);
                QuantifierSuffix(mayBePossessive: false);
                return;
            case '|':
                _at++;
                _result.Append('|');
                return;
            case '^':
                Emit(@"(?:\A|(?<=\n)(?!\z))");
                return;
            case '$':
                Emit(@"(?=\n|\z)");
                return;
            case '.':
                Emit(CodePointSet.Where(x => x != '\n').ToRegex());
                return;
            case '[':
                StartAtom();
                _result.Append(Class().ToRegex());
                return;
            case '\\':
                StartAtom();
                Escape();
                return;
            default:
                StartAtom();
                Literal(NextCodePoint());
                return;
        }
    }

    private void Emit(string regex)
    {
        StartAtom();
        _at++;
        _result.Append(regex);
    }

    private void StartAtom() => _atom = _result.Length;

    private void Literal(int codePoint)
    {
        if (!Rune.IsValid(codePoint)) throw Error("there is no such character");
        string text = char.ConvertFromUtf32(codePoint);
        foreach (char unit in text.Length > 1 ? $"(?:{text})" : "")
            _result.Append(char.IsSurrogate(unit) ? $"\\u{(int)unit:X4}" : unit.ToString());
        if (text.Length == 1) _result.Append(char.IsAsciiLetterOrDigit(text[0]) ? text : $"\\u{(int)text[0]:X4}");
    }

    private void OpenGroup()
    {
        _groups.Push(_result.Length);
        _at++;
        if (Current != '?')
        {
            _result.Append('(');
            return;
        }
        foreach (string kind in new[] { "?:", "?=", "?!", "?<=", "?<!", "?>" })
        {
            if (string.CompareOrdinal(source, _at, kind, 0, kind.Length) != 0) continue;
            _at += kind.Length;
            _result.Append('(').Append(kind);
            return;
        }
        int end = source.AsSpan(_at).IndexOfAny(":)");
        string options = end > 0 ? source.Substring(_at + 1, end - 1) : "";
        if (options is not ("i" or "-i")) throw Error($"the group (?{options} is not supported");
        _at += end + 1;
        _result.Append("(?").Append(options).Append(source[_at - 1]);
        if (source[_at - 1] == ')') _groups.Pop();
    }

    /// <summary>Lazy and possessive marks; .NET writes the second as an atomic group.</summary>
    private void QuantifierSuffix(bool mayBePossessive)
    {
        if (_at >= source.Length) return;
        if (source[_at] == '?')
        {
            _at++;
            _result.Append('?');
        }
        else if (source[_at] == '+' && mayBePossessive)
        {
            _at++;
            _result.Insert(_atom, "(?>").Append(')');
        }
    }

    private string? Interval()
    {
        int end = source.IndexOf('}', _at);
        if (end < 0) return null;
        string[] bounds = source[(_at + 1)..end].Split(',');
        if (bounds.Length > 2 || bounds.Any(b => !b.All(char.IsAsciiDigit)) || bounds.All(b => b.Length == 0)) return null;
        _at = end + 1;
        return bounds.Length == 1 ? $"{{{bounds[0]}}}" : $"{{{(bounds[0].Length == 0 ? "0" : bounds[0])},{bounds[1]}}}";
    }

    private void Escape()
    {
        _at++;
        char c = Current;
        if (SetEscape(inClass: false) is CodePointSet set)
        {
            _result.Append(set.ToRegex());
            return;
        }
        if (char.IsAsciiDigit(c) && c != '0')
        {
            _at++;
            _result.Append('\\').Append(c);
            return;
        }
        string? anchor = c switch
        {
            'A' => @"\A",
            'z' => @"\z",
            'Z' => @"(?=\n?\z)",
            'b' => $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))",
            'B' => $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))",
            'R' => @"(?>\r\n|[\n-\r\u0085\u2028\u2029])",
            _ => null,
        };
        if (anchor is null)
        {
            Literal(CharacterEscape());
            return;
        }
        _at++;
        _result.Append(anchor);
    }

    private static string Word => CharacterClasses.WordAlone.ToRegex();

    /// <summary>A set such as <c>\s</c> or <c>\p{L}</c>; the backslash has been read.</summary>
    private CodePointSet? SetEscape(bool inClass)
    {
        char c = Current;
        CodePointSet? set = char.ToLowerInvariant(c) switch
        {
            's' => CharacterClasses.Space,
            'w' => inClass ? CharacterClasses.Word : CharacterClasses.WordAlone,
            'd' => CharacterClasses.Named("nd"),
            'h' => CharacterClasses.Named("xdigit"),
            'p' => Property(),
            _ => null,
        };
        if (set is null) return null;
        if (c is not ('p' or 'P')) _at++;
        return char.IsAsciiLetterUpper(c) ? set.Complement() : set;
    }

    private CodePointSet Property()
    {
        _at++;
        int end = source.IndexOf('}', _at);
        if (Current != '{' || end < 0) throw Error(@"\p must be followed by {name}");
        string name = source[(_at + 1)..end];
        _at = end + 1;
        bool negated = name.StartsWith('^');
        CodePointSet set = CharacterClasses.Named(name.TrimStart('^')) ?? throw Error($"the property '{name}' is not supported");
        return negated ? set.Complement() : set;
    }

    /// <summary>An escape that stands for one character; the backslash has been read.</summary>
    private int CharacterEscape()
    {
        char c = Current;
        if (c == 'x' || c == 'u') return HexEscape(c);
        int codePoint = NextCodePoint();
        return c switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => 0x1B,
            '0' => 0,
            _ => char.IsAsciiLetterOrDigit(c) ? throw Error($"the escape \\{c} is not supported") : codePoint,
        };
    }

    private int HexEscape(char kind)
    {
        _at++;
        int end;
        if (kind == 'x' && _at < source.Length && source[_at] == '{')
        {
            end = source.IndexOf('}', _at);
            if (end < 0) throw Error(@"\x{ has no }");
            _at++;
        }
        else
        {
            end = _at;
            while (end < source.Length && end - _at < (kind == 'x' ? 2 : 4) && char.IsAsciiHexDigit(source[end])) end++;
        }
        if (!int.TryParse(source.AsSpan(_at, end - _at), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int value))
            throw Error($"\\{kind} needs hexadecimal digits");
        _at = end < source.Length && source[end] == '}' && source[_at - 1] == '{' ? end + 1 : end;
        return value;
    }

    private CodePointSet Class()
    {
        if (++_depth > DeepestClass) throw Error($"classes stand in one another more than {DeepestClass} deep");
        _at++;
        bool negated = Current == '^';
        if (negated) _at++;
        CodePointSet set = new();
        CodePointSet? others = null;
        for (bool first = true; first || Current != ']'; first = false)
        {
            if (string.CompareOrdinal(source, _at, "&&", 0, 2) == 0)
            {
                _at += 2;
                if (others is not null) set.Intersect(others);
                (others, set) = (set, new());
                continue;
            }
            ClassMember(set);
        }
        _at++;
        if (others is not null) set.Intersect(others);
        _depth--;
        return negated ? set.Complement() : set;
    }

    private void ClassMember(CodePointSet set)
    {
        if (Current == '[')
        {
            set.Add(string.CompareOrdinal(source, _at, "[:", 0, 2) == 0 ? PosixClass() : Class());
            return;
        }
        if (Current == '\\')
        {
            _at++;
            if (SetEscape(inClass: true) is CodePointSet escaped)
            {
                set.Add(escaped);
                return;
            }
            Range(set, CharacterEscape());
            return;
        }
        Range(set, NextCodePoint());
    }

    private void Range(CodePointSet set, int first)
    {
        int last = first;
        if (Current == '-' && _at + 1 < source.Length && source[_at + 1] != ']')
        {
            _at++;
            if (Current == '\\') _at++;
            last = source[_at - 1] == '\\' ? CharacterEscape() : NextCodePoint();
        }
        if (last < first) throw Error("a range runs backwards");
        if (last > 0x10FFFF) throw Error("there is no such character");
        set.AddRange(first, last);
    }

    private CodePointSet PosixClass()
    {
        int end = source.IndexOf(":]", _at, StringComparison.Ordinal);
        if (end < 0) throw Error("[: has no :]");
        string name = source[(_at + 2)..end];
        _at = end + 2;
        CodePointSet set = CharacterClasses.Named(name.TrimStart('^')) ?? throw Error($"the class '{name}' is not supported");
        return name.StartsWith('^') ? set.Complement() : set;
    }

    private int NextCodePoint()
    {
        int codePoint = char.IsHighSurrogate(Current) && _at + 1 < source.Length ? char.ConvertToUtf32(source, _at) : source[_at];
        _at += codePoint >= 0x10000 ? 2 : 1;
        return codePoint;
    }

    private FormatException Error(string reason) => new($"{reason} (at {_at})");
}
