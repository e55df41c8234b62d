using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>
/// Cuts a template into tokens as Jinja does with <c>trim_blocks</c> and <c>lstrip_blocks</c>: a newline after a tag
/// goes, and so do the blanks of a line before a tag that is its first. An error becomes a token of its own, since
/// Jinja complains only when the parser comes to that place.
/// </summary>
internal sealed class Lexer
{
    // The longest sign first.
    private static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _source;
    private readonly List<LexToken> _tokens = [];
    private readonly Stack<char> _open = new();
    private int _at;
    private int _counted;
    private int _line = 1;

    // Whether the last piece ended with a newline, so that what follows starts a line.
    private bool _lineStarts = true;

    private Lexer(string source) => _source = source;

    public static List<LexToken> Tokenize(string source)
    {
        var lexer = new Lexer(Normalize(source));
        try
        {
            lexer.Root();
            lexer.Add(LexKind.End, "");
        }
        catch (TemplateException e)
        {
            lexer._tokens.Add(new(LexKind.Error, e.Message, e.Line));
        }
        return lexer._tokens;
    }

    /// <summary>Line ends become LF; the last one goes.</summary>
    private static string Normalize(string source)
    {
        string text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    private void Root()
    {
        while (_at < _source.Length)
        {
            int begin = NextTag();
            if (begin < 0)
            {
                AddData(_source[_at..]);
                _at = _source.Length;
                return;
            }
            char kind = _source[begin + 1];
            char sign = SignAt(begin + 2);
            string text = StripBefore(_source[_at..begin], sign, kind == '{');
            if (kind == '%' && RawBodyAt(begin) is int body)
            {
                AddData(text);
                MoveTo(body);
                Raw();
                continue;
            }
            AddData(text);
            MoveTo(begin + 2 + (sign == ' ' ? 0 : 1));
            if (kind == '#') Comment();
            else Inside(kind == '{');
        }
    }

    private int NextTag()
    {
        for (int at = _at; ; at++)
        {
            at = _source.IndexOf('{', at);
            if (at < 0 || at + 1 >= _source.Length) return -1;
            if (_source[at + 1] is '%' or '{' or '#') return at;
        }
    }

    private char SignAt(int at) => at < _source.Length && _source[at] is '-' or '+' ? _source[at] : ' ';

    /// <summary>The blanks before a tag: all of them after a minus, those of the line before a block that starts it.</summary>
    private string StripBefore(string text, char sign, bool isPrint)
    {
        if (sign == '-') return PythonSpace.TrimEnd(text);
        if (sign == '+' || isPrint) return text;
        int line = text.LastIndexOf('\n') + 1;
        return (line > 0 || _lineStarts) && text.AsSpan(line).IndexOfAnyExcept(PythonSpace.All) < 0 ? text[..line] : text;
    }

    private void Comment()
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw Error("Missing end of comment tag");
        char sign = end > _at && _source[end - 1] is '-' or '+' ? _source[end - 1] : ' ';
        EndTag(end + 2, sign);
    }

    /// <summary>Moves behind a tag's end and what its sign says of the white space there.</summary>
    private void EndTag(int end, char sign)
    {
        if (sign == '-') end = AfterSpace(end);
        else if (sign != '+' && end < _source.Length && _source[end] == '\n') end++;
        MoveTo(end);
    }

    /// <summary>Where the text of a raw block begins, if the tag at this place opens one.</summary>
    private int? RawBodyAt(int begin)
    {
        int at = begin + 2;
        if (SignAt(at) != ' ') at++;
        at = AfterSpace(at);
        if (!Matches(at, "raw")) return null;
        at = AfterSpace(at + 3);
        if (Matches(at, "-%}")) return AfterSpace(at + 3);
        return Matches(at, "%}") ? at + 2 : null;
    }

    private void Raw()
    {
        for (int begin = _source.IndexOf("{%", _at, StringComparison.Ordinal); begin >= 0; begin = _source.IndexOf("{%", begin + 1, StringComparison.Ordinal))
        {
            int at = begin + 2;
            char sign = SignAt(at);
            if (sign != ' ') at++;
            at = AfterSpace(at);
            if (!Matches(at, "endraw")) continue;
            at = AfterSpace(at + 6);
            char last = SignAt(at);
            if (last != ' ') at++;
            if (!Matches(at, "%}")) continue;
            AddData(StripBefore(_source[_at..begin], sign, isPrint: false));
            EndTag(at + 2, last);
            return;
        }
        throw Error("Missing end of raw directive");
    }

    private void Inside(bool isPrint)
    {
        _open.Clear();
        Add(isPrint ? LexKind.VariableBegin : LexKind.BlockBegin, "");
        string end = isPrint ? "}}" : "%}";
        while (_at < _source.Length)
        {
            if (_open.Count == 0)
            {
                if (Matches(_at, end) || Matches(_at, "-" + end) || (!isPrint && Matches(_at, "+%}")))
                {
                    Add(isPrint ? LexKind.VariableEnd : LexKind.BlockEnd, "");
                    char sign = SignAt(_at);
                    int behind = _at + (sign == ' ' ? 2 : 3);
                    // No newline goes after a print statement.
                    EndTag(behind, isPrint && sign == ' ' ? '+' : sign);
                    return;
                }
            }
            One();
        }
    }

    private void One()
    {
        char c = _source[_at];
        if (PythonSpace.Is(c)) _at = AfterSpace(_at);
        else if (char.IsAsciiDigit(c)) Number();
        else if (c is '\'' or '"') Quoted(c);
        else if (IsWordAt(_at)) Name();
        else Sign();
    }

    private void Number()
    {
        int end = LexNumber.End(_source, _at, afterDot: _at > 0 && _source[_at - 1] == '.', out bool isFloat);
        Add(isFloat ? LexKind.Float : LexKind.Integer, _source[_at..end].Replace("_", "", StringComparison.Ordinal));
        _at = end;
    }

    private void Name()
    {
        int end = _at;
        while (end < _source.Length && IsWordAt(end)) end += char.IsHighSurrogate(_source[end]) ? 2 : 1;
        string name = _source[_at..end];
        if (Rune.GetRuneAt(name, 0) is var first && !Rune.IsLetter(first) && first.Value != '_') throw Error("Invalid character in identifier");
        Add(LexKind.Name, name);
        _at = end;
    }

    private bool IsWordAt(int at) =>
        Rune.TryGetRuneAt(_source, at, out Rune rune) && (Rune.IsLetterOrDigit(rune) || rune.Value == '_');

    private void Quoted(char quote)
    {
        int end = _at + 1;
        while (end < _source.Length && _source[end] != quote) end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length) throw Unexpected();
        string text;
        try
        {
            text = StringLiteral.Unescape(_source.AsSpan(_at + 1, end - _at - 1));
        }
        catch (FormatException e)
        {
            throw Error(e.Message);
        }
        Add(LexKind.String, text);
        _at = end + 1;
    }

    private void Sign()
    {
        string? sign = Array.Find(Operators, o => Matches(_at, o)) ?? throw Unexpected();
        if (sign is "(" or "[" or "{")
        {
            _open.Push(sign switch { "(" => ')', "[" => ']', _ => '}' });
        }
        else if (sign is ")" or "]" or "}")
        {
            if (_open.Count == 0) throw Error($"unexpected '{sign}'");
            char expected = _open.Pop();
            if (expected != sign[0]) throw Error($"unexpected '{sign}', expected '{expected}'");
        }
        Add(LexKind.Operator, sign);
        _at += sign.Length;
    }

    private TemplateException Unexpected()
    {
        Rune.TryGetRuneAt(_source, _at, out Rune rune);
        return Error($"unexpected char {PythonText.Quote(rune.ToString())} at {CodePoints.Length(_source.AsSpan(0, _at))}");
    }

    private void AddData(string text)
    {
        if (text.Length > 0) Add(LexKind.Data, text);
    }

    private void Add(LexKind kind, string text)
    {
        _tokens.Add(new(kind, text, LineAt()));
    }

    private int LineAt()
    {
        _line += _source.AsSpan(_counted, _at - _counted).Count('\n');
        _counted = _at;
        return _line;
    }

    private TemplateException Error(string message) => new(TemplateErrorKind.Syntax, message, LineAt());

    private void MoveTo(int at)
    {
        _at = at;
        _lineStarts = at > 0 && _source[at - 1] == '\n';
    }

    private bool Matches(int at, string text) => string.CompareOrdinal(_source, at, text, 0, text.Length) == 0;

    private int AfterSpace(int at)
    {
        while (at < _source.Length && PythonSpace.Is(_source[at])) at++;
        return at;
    }
}
