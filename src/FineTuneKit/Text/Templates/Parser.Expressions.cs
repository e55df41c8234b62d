using System.Globalization;
using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>
/// Jinja's expressions, from the loosest to the tightest: condition, or, and, not, comparison, sum, <c>~</c>, product,
/// power, sign, filters and tests. It is not Python's order: <c>~</c> binds tighter than a sum, a sign tighter than a
/// power, a test tighter than both.
/// </summary>
internal sealed partial class Parser
{
    private Expression Expression() => Conditional();

    private Expression Tuple(bool withConditions = true, bool simple = false, string? endName = null, bool inParentheses = false)
    {
        int line = Current.Line;
        var items = new List<Expression>();
        bool isTuple = false;
        while (true)
        {
            if (items.Count > 0) Expect(",");
            if (Current.Kind is LexKind.VariableEnd or LexKind.BlockEnd || Current.IsOperator(")") || (endName is not null && Current.IsName(endName))) break;
            items.Add(simple ? Primary() : withConditions ? Expression() : Or());
            isTuple |= Current.IsOperator(",");
            if (!Current.IsOperator(",")) break;
        }
        if (!isTuple)
        {
            if (items.Count > 0) return items[0];
            if (!inParentheses) throw Fail($"Expected an expression, got '{Current.Description}'");
        }
        return new ItemsExpression(items, IsTuple: true) { Line = line };
    }

    private Expression Conditional()
    {
        TemplateBudget.RequireStack();
        int line = Current.Line;
        Expression value = Or();
        while (SkipName("if"))
        {
            Expression test = Or();
            Expression? otherwise = SkipName("else") ? Conditional() : null;
            value = new ConditionalExpression(test, value, otherwise) { Line = line };
        }
        return value;
    }

    private Expression Or()
    {
        int line = Current.Line;
        Expression left = And();
        while (SkipName("or")) left = new LogicExpression(IsAnd: false, left, And()) { Line = line };
        return left;
    }

    private Expression And()
    {
        int line = Current.Line;
        Expression left = Not();
        while (SkipName("and")) left = new LogicExpression(IsAnd: true, left, Not()) { Line = line };
        return left;
    }

    private Expression Not()
    {
        TemplateBudget.RequireStack();
        int line = Current.Line;
        return SkipName("not") ? new NotExpression(Not()) { Line = line } : Compare();
    }

    private Expression Compare()
    {
        int line = Current.Line;
        Expression first = Sum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (Current is { Kind: LexKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
            {
                string sign = Current.Text;
                Advance();
                rest.Add((sign, Sum()));
            }
            else if (SkipName("in")) rest.Add(("in", Sum()));
            else if (Current.IsName("not") && Look().IsName("in"))
            {
                Advance();
                Advance();
                rest.Add(("not in", Sum()));
            }
            else break;
        }
        return rest.Count == 0 ? first : new CompareExpression(first, rest) { Line = line };
    }

    private Expression Sum() => Chain(Concat, "+", "-");

    private Expression Concat()
    {
        int line = Current.Line;
        var parts = new List<Expression> { Product() };
        while (SkipOperator("~")) parts.Add(Product());
        return parts.Count == 1 ? parts[0] : new ConcatExpression(parts) { Line = line };
    }

    private Expression Product() => Chain(Power, "*", "/", "//", "%");

    private Expression Power() => Chain(() => Unary(), "**");

    private Expression Chain(Func<Expression> operand, params ReadOnlySpan<string> signs)
    {
        int line = Current.Line;
        Expression left = operand();
        while (Current.Kind == LexKind.Operator && signs.Contains(Current.Text))
        {
            string sign = Current.Text;
            Advance();
            left = new BinaryExpression(sign, left, operand()) { Line = line };
        }
        return left;
    }

    private Expression Unary(bool withFilters = true)
    {
        TemplateBudget.RequireStack();
        int line = Current.Line;
        Expression value;
        if (Current.IsOperator("-") || Current.IsOperator("+"))
        {
            string sign = Current.Text;
            Advance();
            value = new UnaryExpression(sign, Unary(withFilters: false)) { Line = line };
        }
        else
        {
            value = Primary();
        }
        value = Postfix(value);
        return withFilters ? FiltersAndTests(value) : value;
    }

    private Expression Primary()
    {
        LexToken token = Current;
        switch (token.Kind)
        {
            case LexKind.Name:
                Advance();
                return token.Text switch
                {
                    "true" or "True" => new Literal(true) { Line = token.Line },
                    "false" or "False" => new Literal(false) { Line = token.Line },
                    "none" or "None" => new Literal(null) { Line = token.Line },
                    _ => new NameExpression(string.Intern(token.Text)) { Line = token.Line },
                };
            case LexKind.String:
                string text = "";
                while (Current.Kind == LexKind.String)
                {
                    text += Current.Text;
                    Advance();
                }
                return new Literal(text) { Line = token.Line };
            case LexKind.Integer:
                Advance();
                return new Literal(Integer(token)) { Line = token.Line };
            case LexKind.Float:
                Advance();
                return new Literal(double.Parse(token.Text, CultureInfo.InvariantCulture)) { Line = token.Line };
            case LexKind.Operator when token.Text == "(":
                Advance();
                Expression inner = Tuple(inParentheses: true);
                Expect(")");
                return inner;
            case LexKind.Operator when token.Text == "[":
                Advance();
                return List();
            case LexKind.Operator when token.Text == "{":
                Advance();
                return Dict();
            default:
                throw Fail($"unexpected '{token.Description}'");
        }
    }

    private object Integer(LexToken token)
    {
        // Python refuses to read more digits; so does the budget of integers.
        if (token.Text.Length > 4300) throw Fail("Exceeds the limit (4300 digits) for integer string conversion");
        return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long small) ? small
            : PythonNumber.ParseInteger(token.Text, 0) ?? PythonNumber.Of(BigInteger.Parse(token.Text, CultureInfo.InvariantCulture));
    }

    private ItemsExpression List()
    {
        int line = Current.Line;
        var items = new List<Expression>();
        while (!Current.IsOperator("]"))
        {
            if (items.Count > 0) Expect(",");
            if (Current.IsOperator("]")) break;
            items.Add(Expression());
        }
        Advance();
        return new ItemsExpression(items, IsTuple: false) { Line = line };
    }

    private DictExpression Dict()
    {
        int line = Current.Line;
        var entries = new List<(Expression, Expression)>();
        while (!Current.IsOperator("}"))
        {
            if (entries.Count > 0) Expect(",");
            if (Current.IsOperator("}")) break;
            Expression key = Expression();
            Expect(":");
            entries.Add((key, Expression()));
        }
        Advance();
        return new DictExpression(entries) { Line = line };
    }

    private Expression Postfix(Expression value)
    {
        while (true)
        {
            if (Current.IsOperator(".")) value = Dot(value);
            else if (Current.IsOperator("[")) value = Element(value);
            else if (Current.IsOperator("(")) value = new CallExpression(value, Arguments()) { Line = value.Line };
            else return value;
        }
    }

    private Expression Dot(Expression owner)
    {
        Advance();
        LexToken token = Current;
        Advance();
        return token.Kind switch
        {
            LexKind.Name => new AttributeExpression(owner, token.Text) { Line = token.Line },
            LexKind.Integer => new ElementExpression(owner, new Literal(Integer(token))) { Line = token.Line },
            _ => throw new TemplateException(TemplateErrorKind.Syntax, "expected name or number", token.Line),
        };
    }

    private ElementExpression Element(Expression owner)
    {
        int line = Current.Line;
        Advance();
        var indices = new List<Expression>();
        while (!Current.IsOperator("]"))
        {
            if (indices.Count > 0) Expect(",");
            indices.Add(Subscript());
        }
        Advance();
        return new ElementExpression(owner, indices.Count == 1 ? indices[0] : new ItemsExpression(indices, IsTuple: true)) { Line = line };
    }

    private Expression Subscript()
    {
        int line = Current.Line;
        Expression? start = null;
        if (!Current.IsOperator(":"))
        {
            start = Expression();
            if (!Current.IsOperator(":")) return start;
        }
        Advance();
        bool Ends() => Current.IsOperator("]") || Current.IsOperator(",");
        Expression? stop = Current.IsOperator(":") || Ends() ? null : Expression();
        Expression? step = SkipOperator(":") && !Ends() ? Expression() : null;
        return new SliceExpression(start, stop, step) { Line = line };
    }

    private Expression FiltersAndTests(Expression value)
    {
        while (true)
        {
            if (Current.IsOperator("|")) value = Filters(value);
            else if (Current.IsName("is")) value = Test(value);
            else if (Current.IsOperator("(")) value = new CallExpression(value, Arguments()) { Line = value.Line };
            else return value;
        }
    }

    private Expression Filters(Expression? value, bool inline = false)
    {
        Expression? result = value;
        while (inline || Current.IsOperator("|"))
        {
            if (!inline) Advance();
            inline = false;
            int line = Current.Line;
            string name = DottedName();
            CallArguments arguments = Current.IsOperator("(") ? Arguments() : CallArguments.None;
            result = new FilterExpression(result, name, arguments) { Line = line };
        }
        return result!;
    }

    private Expression Test(Expression value)
    {
        int line = Current.Line;
        Advance();
        bool negated = SkipName("not");
        string name = DottedName();
        CallArguments arguments = CallArguments.None;
        if (Current.IsOperator("(")) arguments = Arguments();
        else if ((Current.Kind is LexKind.Name or LexKind.String or LexKind.Integer or LexKind.Float || Current.IsOperator("[") || Current.IsOperator("{"))
            && !Current.IsName("else") && !Current.IsName("or") && !Current.IsName("and"))
        {
            if (Current.IsName("is")) throw Fail("You cannot chain multiple tests with is");
            arguments = CallArguments.None with { Positional = [Postfix(Primary())] };
        }
        Expression test = new TestExpression(value, name, arguments) { Line = line };
        return negated ? new NotExpression(test) { Line = line } : test;
    }

    private string DottedName()
    {
        string name = ExpectKind(LexKind.Name).Text;
        while (SkipOperator(".")) name += "." + ExpectKind(LexKind.Name).Text;
        return name;
    }

    private CallArguments Arguments()
    {
        int line = Current.Line;
        Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? rest = null, namedRest = null;
        void Ensure(bool holds)
        {
            if (!holds) throw new TemplateException(TemplateErrorKind.Syntax, "invalid syntax for function call expression", line);
        }
        for (bool first = true; !Current.IsOperator(")"); first = false)
        {
            if (!first)
            {
                Expect(",");
                if (Current.IsOperator(")")) break;
            }
            if (Current.IsOperator("*"))
            {
                Ensure(rest is null && namedRest is null);
                Advance();
                rest = Expression();
            }
            else if (Current.IsOperator("**"))
            {
                Ensure(namedRest is null);
                Advance();
                namedRest = Expression();
            }
            else if (Current.Kind == LexKind.Name && Look().IsOperator("="))
            {
                Ensure(namedRest is null);
                string name = Current.Text;
                Advance();
                Advance();
                named.Add((name, Expression()));
            }
            else
            {
                Ensure(rest is null && namedRest is null && named.Count == 0);
                positional.Add(Expression());
            }
        }
        Advance();
        return new CallArguments(positional, named, rest, namedRest);
    }
}
