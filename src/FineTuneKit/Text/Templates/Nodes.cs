namespace FineTuneKit.Text.Templates;

/// <summary>A part of a template's syntax tree.</summary>
internal abstract record Node
{
    public int Line { get; init; }
}

internal abstract record Expression : Node;

internal sealed record Literal(object? Value) : Expression;

internal sealed record NameExpression(string Name) : Expression;

/// <summary>A list or tuple written out; as a target of an assignment, what it unpacks into.</summary>
internal sealed record ItemsExpression(IReadOnlyList<Expression> Items, bool IsTuple) : Expression;

internal sealed record DictExpression(IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression;

internal sealed record AttributeExpression(Expression Owner, string Name) : Expression;

internal sealed record ElementExpression(Expression Owner, Expression Index) : Expression;

internal sealed record SliceExpression(Expression? Start, Expression? Stop, Expression? Step) : Expression;

internal sealed record CallExpression(Expression Callee, CallArguments Arguments) : Expression;

/// <summary>A filter; without a value, that of a filter block or block set.</summary>
internal sealed record FilterExpression(Expression? Value, string Name, CallArguments Arguments) : Expression;

internal sealed record TestExpression(Expression Value, string Name, CallArguments Arguments) : Expression;

internal sealed record UnaryExpression(string Sign, Expression Value) : Expression;

internal sealed record NotExpression(Expression Value) : Expression;

internal sealed record BinaryExpression(string Sign, Expression Left, Expression Right) : Expression;

/// <summary><c>and</c> or <c>or</c>: the value that decided.</summary>
internal sealed record LogicExpression(bool IsAnd, Expression Left, Expression Right) : Expression;

/// <summary><c>~</c>: texts of values, one after another.</summary>
internal sealed record ConcatExpression(IReadOnlyList<Expression> Parts) : Expression;

/// <summary>A chain of comparisons, as <c>1 &lt; a &lt; 3</c>.</summary>
internal sealed record CompareExpression(Expression First, IReadOnlyList<(string Sign, Expression Value)> Rest) : Expression;

internal sealed record ConditionalExpression(Expression Test, Expression Then, Expression? Else) : Expression;

/// <summary>A member of a namespace as the target of an assignment.</summary>
internal sealed record MemberTarget(string Name, string Member) : Expression;

/// <summary>The arguments of a call as written.</summary>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? Rest, Expression? NamedRest)
{
    public static CallArguments None { get; } = new([], [], null, null);

    public bool IsEmpty => Positional.Count == 0 && Named.Count == 0 && Rest is null && NamedRest is null;
}

internal abstract record Statement : Node;

internal sealed record DataStatement(string Text) : Statement;

internal sealed record PrintStatement(Expression Value) : Statement;

internal sealed record ForStatement(
    Expression Target, Expression Items, Expression? Test, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else) : Statement;

internal sealed record IfStatement(IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else) : Statement;

internal sealed record SetStatement(Expression Target, Expression Value) : Statement;

internal sealed record SetBlockStatement(Expression Target, FilterExpression? Filter, IReadOnlyList<Statement> Body) : Statement;

internal sealed record WithStatement(IReadOnlyList<(Expression Target, Expression Value)> Values, IReadOnlyList<Statement> Body) : Statement;

/// <summary>The parameters and body of a macro or of the block that a call hands over.</summary>
internal sealed record MacroBody(IReadOnlyList<string> Parameters, IReadOnlyList<Expression> Defaults, IReadOnlyList<Statement> Body)
{
    public bool TakesCaller { get; init; }

    public bool TakesNamed { get; init; }

    public bool TakesRest { get; init; }
}

internal sealed record MacroStatement(string Name, MacroBody Macro) : Statement;

internal sealed record CallBlockStatement(CallExpression Call, MacroBody Block) : Statement;

internal sealed record FilterBlockStatement(FilterExpression Filter, IReadOnlyList<Statement> Body) : Statement;

/// <summary>transformers' <c>{% generation %}</c>: what it prints is the assistant's.</summary>
internal sealed record GenerationStatement(IReadOnlyList<Statement> Body) : Statement;

internal sealed record BlockStatement(string Name, IReadOnlyList<Statement> Body) : Statement;

internal sealed record BreakStatement : Statement;

internal sealed record ContinueStatement : Statement;

/// <summary><c>include</c>, <c>import</c> and the like, which need a loader that a chat template has not.</summary>
internal sealed record LoadStatement(string Tag) : Statement;

/// <summary><c>autoescape</c>, which can only be switched off.</summary>
internal sealed record AutoescapeStatement(Expression On, IReadOnlyList<Statement> Body) : Statement;
