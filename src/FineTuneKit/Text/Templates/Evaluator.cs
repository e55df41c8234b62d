namespace FineTuneKit.Text.Templates;

/// <summary>
/// Runs a template's statements. Loops, macros, blocks and the like have scopes of their own, conditions have not, as
/// in Jinja; there is nothing that it could reach beyond the values it was given.
/// </summary>
internal sealed partial class Evaluator
{
    private readonly Func<DateTime> _now;
    private readonly Output _root;
    private readonly Scope _global;

    public Evaluator(IReadOnlyDictionary<string, object?> context, TemplateLimits limits, Func<DateTime> now)
    {
        _now = now;
        Budget = new TemplateBudget(limits);
        _root = new Output(Budget);
        _global = new Scope(new Scope(new Scope(null, Globals.All), context));
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public TemplateBudget Budget { get; }

    public List<GenerationSpan> Spans { get; } = [];

    public DateTime Now() => _now();

    public string Render(IReadOnlyList<Statement> template)
    {
        Run(template, _global, _root);
        return _root.ToString();
    }

    /// <summary>What statements print, as a text.</summary>
    public string Capture(IReadOnlyList<Statement> body, Scope scope)
    {
        Budget.Enter();
        TemplateBudget.RequireStack();
        var output = new Output(Budget);
        Run(body, scope, output);
        Budget.Leave();
        return output.ToString();
    }

    private Flow Run(IReadOnlyList<Statement> body, Scope scope, Output output)
    {
        foreach (Statement statement in body)
        {
            Budget.Step();
            try
            {
                Flow flow = Run(statement, scope, output);
                if (flow != Flow.Next) return flow;
            }
            catch (TemplateException e) when (Located(e, statement.Line))
            {
                throw;
            }
        }
        return Flow.Next;
    }

    /// <summary>Notes the innermost line of an error; never catches it.</summary>
    private static bool Located(TemplateException error, int line)
    {
        if (error.Line == 0) error.Line = line;
        return false;
    }

    private Flow Run(Statement statement, Scope scope, Output output)
    {
        switch (statement)
        {
            case DataStatement data: output.Write(data.Text); break;
            case PrintStatement print: output.Write(PythonText.Str(Evaluate(print.Value, scope), Budget)); break;
            case IfStatement condition: return If(condition, scope, output);
            case SetStatement set: Assign(set.Target, Evaluate(set.Value, scope), scope); break;
            case ForStatement loop: return For(loop, scope, output);
            case GenerationStatement generation: Generation(generation, scope, output); break;
            case MacroStatement macro: scope.Set(macro.Name, new MacroValue(macro.Name, macro.Macro, scope)); break;
            case CallBlockStatement call: output.Write(PythonText.Str(CallBlock(call, scope), Budget)); break;
            case SetBlockStatement block: return SetBlock(block, scope);
            case FilterBlockStatement block: return FilterBlock(block, scope, output);
            case WithStatement with: return With(with, scope, output);
            case BlockStatement block: return Run(block.Body, new Scope(_global), output);
            case BreakStatement: return Flow.Break;
            case ContinueStatement: return Flow.Continue;
            case AutoescapeStatement escape:
                if (Sequences.IsTrue(Evaluate(escape.On, scope))) throw new TemplateException(TemplateErrorKind.Runtime, "a chat template cannot switch autoescape on here");
                return Run(escape.Body, new Scope(scope), output);
            case LoadStatement: throw TemplateException.OfType("no loader for this environment specified");
        }
        return Flow.Next;
    }

    private Flow If(IfStatement condition, Scope scope, Output output)
    {
        TemplateBudget.RequireStack();
        foreach ((Expression test, IReadOnlyList<Statement> body) in condition.Branches)
            if (Sequences.IsTrue(Evaluate(test, scope))) return Run(body, scope, output);
        return Run(condition.Else, scope, output);
    }

    private Flow For(ForStatement loop, Scope scope, Output output)
    {
        object? items = Evaluate(loop.Items, scope);
        if (!loop.IsRecursive) return Loop(loop, items, scope, output, 0, recurse: null);
        // A recursive loop is a function, which break and continue of a loop around it cannot leave.
        output.Write(Recursive(loop, items, scope, 0));
        return Flow.Next;
    }

    private string Recursive(ForStatement loop, object? items, Scope scope, int depth)
    {
        Budget.Enter();
        TemplateBudget.RequireStack();
        var output = new Output(Budget);
        Loop(loop, items, scope, output, depth, inner => Recursive(loop, inner, scope, depth + 1));
        Budget.Leave();
        return output.ToString();
    }

    private Flow Loop(ForStatement loop, object? items, Scope scope, Output output, int depth, Func<object?, object?>? recurse)
    {
        TemplateBudget.RequireStack();
        IEnumerable<object?> source = Sequences.Iterate(items, Budget);
        if (loop.Test is not null) source = source.Where(item => Sequences.IsTrue(Evaluate(loop.Test, Inner(loop.Target, item, scope))));
        var state = new LoopValue(source, depth, recurse);
        // As in Jinja, an iteration counts for "else" only if its body came to its end.
        bool completed = false;
        while (state.Next(out object? item))
        {
            // A round costs as much as a few expressions even if its body is empty.
            Budget.Step(3);
            Scope inner = Inner(loop.Target, item, scope);
            inner.Set("loop", state);
            Flow flow = Run(loop.Body, inner, output);
            if (flow == Flow.Break) break;
            completed |= flow == Flow.Next;
        }
        return completed ? Flow.Next : Run(loop.Else, new Scope(scope), output);
    }

    private Scope Inner(Expression target, object? item, Scope scope)
    {
        var inner = new Scope(scope);
        Assign(target, item, inner);
        return inner;
    }

    private void Generation(GenerationStatement generation, Scope scope, Output output)
    {
        string text = Capture(generation.Body, new Scope(scope));
        // transformers counts what the template itself has printed, also where this block prints into a macro or a set.
        int start = _root.CodePointCount();
        Spans.Add(new GenerationSpan(start, start + CodePoints.Length(text), IsPlaced: output == _root));
        output.Write(text);
    }

    private object? CallBlock(CallBlockStatement block, Scope scope)
    {
        var caller = new MacroValue(null, block.Block, scope);
        Arguments arguments = Bind(block.Call.Arguments, scope);
        return Call(Evaluate(block.Call.Callee, scope), arguments with { Named = [.. arguments.Named, new("caller", caller)] });
    }

    private Flow SetBlock(SetBlockStatement block, Scope scope)
    {
        Flow flow = Captured(block.Body, scope, out string text);
        if (flow == Flow.Next) Assign(block.Target, block.Filter is null ? text : FilterText(block.Filter, text, scope), scope);
        return flow;
    }

    private Flow FilterBlock(FilterBlockStatement block, Scope scope, Output output)
    {
        Flow flow = Captured(block.Body, scope, out string text);
        if (flow == Flow.Next) output.Write(PythonText.Str(FilterText(block.Filter, text, scope), Budget));
        return flow;
    }

    private Flow Captured(IReadOnlyList<Statement> body, Scope scope, out string text)
    {
        Budget.Enter();
        TemplateBudget.RequireStack();
        var output = new Output(Budget);
        Flow flow = Run(body, new Scope(scope), output);
        Budget.Leave();
        text = output.ToString();
        return flow;
    }

    private object? FilterText(FilterExpression filter, string text, Scope scope) => Filters.Apply(
        this, filter.Name, filter.Value is FilterExpression before ? FilterText(before, text, scope) : text, Bind(filter.Arguments, scope));

    private Flow With(WithStatement with, Scope scope, Output output)
    {
        var inner = new Scope(scope);
        foreach ((Expression target, Expression value) in with.Values) Assign(target, Evaluate(value, scope), inner);
        return Run(with.Body, inner, output);
    }

    private void Assign(Expression target, object? value, Scope scope)
    {
        switch (target)
        {
            case NameExpression name: scope.Set(name.Name, value); break;
            case MemberTarget member:
                if (scope.Get(member.Name) is not NamespaceValue names)
                    throw new TemplateException(TemplateErrorKind.Runtime, "cannot assign attribute on non-namespace object");
                names.Set(member.Member, value);
                break;
            case ItemsExpression items: Unpack(items.Items, value, scope); break;
        }
    }

    private void Unpack(IReadOnlyList<Expression> targets, object? value, Scope scope)
    {
        if (!Sequences.IsIterable(value)) throw TemplateException.OfType($"cannot unpack non-iterable {PythonType.Name(value)} object");
        List<object?> items = [.. Sequences.Iterate(value, Budget).Take(targets.Count + 1)];
        if (items.Count > targets.Count) throw TemplateException.OfValue($"too many values to unpack (expected {targets.Count})");
        if (items.Count < targets.Count) throw TemplateException.OfValue($"not enough values to unpack (expected {targets.Count}, got {items.Count})");
        for (int i = 0; i < items.Count; i++) Assign(targets[i], items[i], scope);
    }
}
