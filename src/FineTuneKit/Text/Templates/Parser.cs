namespace FineTuneKit.Text.Templates;

/// <summary>Jinja's grammar: this half reads tokens and statements, the other expressions.</summary>
internal sealed partial class Parser
{
    private readonly List<LexToken> _tokens;
    private readonly List<string[]> _endTags = [];
    private readonly Stack<string> _openTags = new();
    private int _at;

    private Parser(List<LexToken> tokens) => _tokens = tokens;

    private LexToken Current => _tokens[_at];

    /// <exception cref="TemplateException">The text is no template.</exception>
    public static IReadOnlyList<Statement> Parse(string source)
    {
        var parser = new Parser(Lexer.Tokenize(source));
        parser.RequireReadable();
        IReadOnlyList<Statement> body = parser.Statements([]);
        TemplateChecks.Check(body);
        return body;
    }

    private List<Statement> Statements(string[] endTags)
    {
        TemplateBudget.RequireStack();
        var body = new List<Statement>();
        if (endTags.Length > 0) _endTags.Add(endTags);
        while (Current.Kind != LexKind.End)
        {
            int line = Current.Line;
            LexKind kind = Current.Kind;
            string text = Current.Text;
            Advance();
            if (kind == LexKind.Data) body.Add(new DataStatement(text) { Line = line });
            else if (kind == LexKind.VariableBegin)
            {
                body.Add(new PrintStatement(Tuple()) { Line = line });
                Expect(LexKind.VariableEnd);
            }
            else
            {
                if (Current.Kind == LexKind.Name && endTags.Contains(Current.Text)) break;
                Statement(body, line);
                Expect(LexKind.BlockEnd);
            }
        }
        if (endTags.Length > 0) _endTags.RemoveAt(_endTags.Count - 1);
        return body;
    }

    private void Statement(List<Statement> body, int line)
    {
        if (Current.Kind != LexKind.Name) throw Fail("tag name expected");
        string tag = Current.Text;
        _openTags.Push(tag);
        if (tag == "print")
        {
            Advance();
            for (bool first = true; Current.Kind != LexKind.BlockEnd; first = false)
            {
                if (!first) Expect(",");
                body.Add(new PrintStatement(Expression()) { Line = line });
            }
            _openTags.Pop();
            return;
        }
        Statement? statement = tag switch
        {
            "for" => For(),
            "if" => If(),
            "set" => Set(),
            "with" => With(),
            "macro" => Macro(),
            "call" => CallBlock(),
            "filter" => FilterBlock(),
            "generation" => new GenerationStatement(Body("endgeneration")),
            "block" => Block(),
            "autoescape" => Autoescape(),
            "break" => Alone(new BreakStatement()),
            "continue" => Alone(new ContinueStatement()),
            "include" or "extends" or "import" or "from" => Load(tag),
            _ => null,
        };
        if (statement is null)
        {
            _openTags.Pop();
            throw UnknownTag(tag);
        }
        body.Add(statement with { Line = line });
        _openTags.Pop();
    }

    private BreakStatement Alone(BreakStatement statement)
    {
        Advance();
        return statement;
    }

    private ContinueStatement Alone(ContinueStatement statement)
    {
        Advance();
        return statement;
    }

    private ForStatement For()
    {
        Advance();
        Expression target = Target("in");
        ExpectName("in");
        Expression items = Tuple(withConditions: false, endName: "recursive");
        Expression? test = SkipName("if") ? Expression() : null;
        bool recursive = SkipName("recursive");
        IReadOnlyList<Statement> body = BodyUntil("endfor", "else");
        bool hasElse = Current.Text == "else";
        Advance();
        return new ForStatement(target, items, test, recursive, body, hasElse ? BodyThrough("endfor") : []);
    }

    private IfStatement If()
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        while (true)
        {
            Advance();
            Expression test = Tuple(withConditions: false);
            branches.Add((test, BodyUntil("elif", "else", "endif")));
            if (Current.Text == "elif") continue;
            bool hasElse = Current.Text == "else";
            Advance();
            return new IfStatement(branches, hasElse ? BodyThrough("endif") : []);
        }
    }

    private Statement Set()
    {
        Advance();
        Expression target = Target(withMembers: true);
        if (SkipOperator("=")) return new SetStatement(target, Tuple());
        FilterExpression? filter = Current.IsOperator("|") ? (FilterExpression)Filters(null) : null;
        return new SetBlockStatement(target, filter, BodyThrough("endset"));
    }

    private WithStatement With()
    {
        Advance();
        var values = new List<(Expression, Expression)>();
        while (Current.Kind != LexKind.BlockEnd)
        {
            if (values.Count > 0) Expect(",");
            Expression target = Target();
            Expect("=");
            values.Add((target, Expression()));
        }
        return new WithStatement(values, BodyThrough("endwith"));
    }

    private MacroStatement Macro()
    {
        Advance();
        string name = TargetName();
        (List<string> parameters, List<Expression> defaults) = Parameters();
        return new MacroStatement(name, Macro(parameters, defaults, BodyThrough("endmacro")));
    }

    private CallBlockStatement CallBlock()
    {
        Advance();
        (List<string> parameters, List<Expression> defaults) = Current.IsOperator("(") ? Parameters() : ([], []);
        if (Expression() is not CallExpression call) throw Fail("expected call");
        return new CallBlockStatement(call, Macro(parameters, defaults, BodyThrough("endcall")));
    }

    private static MacroBody Macro(List<string> parameters, List<Expression> defaults, IReadOnlyList<Statement> body)
    {
        HashSet<string> used = TemplateChecks.NamesIn(body);
        return new MacroBody(parameters, defaults, body)
        {
            TakesCaller = used.Contains("caller"),
            TakesNamed = used.Contains("kwargs"),
            TakesRest = used.Contains("varargs"),
        };
    }

    private (List<string>, List<Expression>) Parameters()
    {
        var names = new List<string>();
        var defaults = new List<Expression>();
        Expect("(");
        while (!Current.IsOperator(")"))
        {
            if (names.Count > 0) Expect(",");
            names.Add(TargetName());
            if (SkipOperator("=")) defaults.Add(Expression());
            else if (defaults.Count > 0) throw Fail("non-default argument follows default argument");
        }
        Advance();
        return (names, defaults);
    }

    private FilterBlockStatement FilterBlock()
    {
        Advance();
        var filter = (FilterExpression)Filters(null, inline: true);
        return new FilterBlockStatement(filter, BodyThrough("endfilter"));
    }

    private BlockStatement Block()
    {
        Advance();
        string name = ExpectKind(LexKind.Name).Text;
        while (Current.IsName("scoped") || Current.IsName("required")) Advance();
        List<Statement> body = BodyThrough("endblock");
        SkipName(name);
        return new BlockStatement(name, body);
    }

    private AutoescapeStatement Autoescape()
    {
        Advance();
        return new AutoescapeStatement(Expression(), BodyThrough("endautoescape"));
    }

    private LoadStatement Load(string tag)
    {
        Advance();
        while (Current.Kind is not (LexKind.BlockEnd or LexKind.End)) Advance();
        return new LoadStatement(tag);
    }

    /// <summary>The body of a tag without arguments.</summary>
    private List<Statement> Body(string endTag)
    {
        Advance();
        return BodyThrough(endTag);
    }

    private List<Statement> BodyThrough(string endTag)
    {
        List<Statement> body = BodyUntil(endTag);
        Advance();
        return body;
    }

    /// <summary>The statements up to one of these tags, which is the current token then.</summary>
    private List<Statement> BodyUntil(params string[] endTags)
    {
        // For those who are used to Python.
        SkipOperator(":");
        Expect(LexKind.BlockEnd);
        List<Statement> body = Statements(endTags);
        if (Current.Kind != LexKind.End) return body;
        _endTags.Add(endTags);
        throw UnknownTag(null);
    }

    private TemplateException UnknownTag(string? tag)
    {
        string message = tag is null ? "Unexpected end of template." : $"Encountered unknown tag '{tag}'.";
        if (_endTags.Count > 0)
        {
            string wanted = string.Join(" or ", _endTags[^1].Select(t => $"'{t}'"));
            message += tag is not null && _endTags.Any(tags => tags.Contains(tag))
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {wanted}."
                : $" Jinja was looking for the following tags: {wanted}.";
        }
        if (_openTags.Count > 0) message += $" The innermost block that needs to be closed is '{_openTags.Peek()}'.";
        return Fail(message);
    }

    private Expression Target(string? endName = null, bool withMembers = false)
    {
        if (withMembers && Current.Kind == LexKind.Name && Look() is { Kind: LexKind.Operator, Text: "." })
        {
            string name = Current.Text;
            Advance();
            Advance();
            return new MemberTarget(name, ExpectKind(LexKind.Name).Text) { Line = Current.Line };
        }
        Expression target = Tuple(simple: true, endName: endName);
        RequireTarget(target);
        return target;
    }

    private string TargetName()
    {
        string name = ExpectKind(LexKind.Name).Text;
        if (name is "true" or "false" or "none" or "True" or "False" or "None") throw Fail("can't assign to 'name'");
        return name;
    }

    private void RequireTarget(Expression target)
    {
        switch (target)
        {
            case NameExpression: return;
            case ItemsExpression { IsTuple: true } items:
                foreach (Expression item in items.Items) RequireTarget(item);
                return;
            default:
                throw Fail($"can't assign to '{(target is Literal ? "const" : target.GetType().Name.Replace("Expression", "", StringComparison.Ordinal).ToLowerInvariant())}'");
        }
    }

    private void Advance()
    {
        if (Current.Kind == LexKind.End) return;
        _at++;
        RequireReadable();
    }

    private void RequireReadable()
    {
        if (Current.Kind == LexKind.Error) throw new TemplateException(TemplateErrorKind.Syntax, Current.Text, Current.Line);
    }

    private LexToken Look()
    {
        if (Current.Kind == LexKind.End) return Current;
        LexToken next = _tokens[_at + 1];
        if (next.Kind == LexKind.Error) throw new TemplateException(TemplateErrorKind.Syntax, next.Text, next.Line);
        return next;
    }

    private bool SkipName(string name)
    {
        bool found = Current.IsName(name);
        if (found) Advance();
        return found;
    }

    private bool SkipOperator(string sign)
    {
        bool found = Current.IsOperator(sign);
        if (found) Advance();
        return found;
    }

    private void Expect(string sign)
    {
        if (!SkipOperator(sign)) throw Unexpected(sign);
    }

    private void ExpectName(string name)
    {
        if (!SkipName(name)) throw Unexpected(name);
    }

    private void Expect(LexKind kind) => ExpectKind(kind);

    private LexToken ExpectKind(LexKind kind)
    {
        LexToken token = Current;
        if (token.Kind != kind) throw Unexpected(LexToken.Describe(kind));
        Advance();
        return token;
    }

    private TemplateException Unexpected(string expected) => Current.Kind == LexKind.End
        ? Fail($"unexpected end of template, expected '{expected}'.")
        : Fail($"expected token '{expected}', got '{Current.Description}'");

    private TemplateException Fail(string message) => new(TemplateErrorKind.Syntax, message, Current.Line);
}
