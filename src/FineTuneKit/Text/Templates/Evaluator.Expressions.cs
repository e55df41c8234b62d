namespace FineTuneKit.Text.Templates;

/// <summary>The values of expressions.</summary>
internal sealed partial class Evaluator
{
    public object? Evaluate(Expression expression, Scope scope)
    {
        Budget.Step();
        TemplateBudget.RequireStack();
        return expression switch
        {
            Literal literal => literal.Value,
            NameExpression name => scope.Get(name.Name),
            AttributeExpression attribute => Members.Attribute(this, Evaluate(attribute.Owner, scope), attribute.Name),
            ElementExpression element => Element(element, scope),
            CompareExpression compare => Compare(compare, scope),
            LogicExpression logic => Evaluate(logic.Left, scope) is var left && Sequences.IsTrue(left) == logic.IsAnd ? Evaluate(logic.Right, scope) : left,
            NotExpression not => !Sequences.IsTrue(Evaluate(not.Value, scope)),
            BinaryExpression binary => Arithmetic.Apply(binary.Sign, Evaluate(binary.Left, scope), Evaluate(binary.Right, scope), Budget),
            ConcatExpression concat => Concatenate(concat, scope),
            FilterExpression filter => Filters.Apply(this, filter.Name, Evaluate(filter.Value!, scope), Bind(filter.Arguments, scope)),
            TestExpression test => Tests.Apply(this, test.Name, Evaluate(test.Value, scope), Bind(test.Arguments, scope)),
            CallExpression call => Call(Evaluate(call.Callee, scope), Bind(call.Arguments, scope)),
            ConditionalExpression condition => Conditional(condition, scope),
            ItemsExpression items => Items(items, scope),
            DictExpression dict => Dict(dict, scope),
            UnaryExpression unary => Arithmetic.Sign(unary.Sign, Evaluate(unary.Value, scope)),
            _ => throw TemplateException.OfType("a slice can only stand in brackets alone"),
        };
    }

    public object? Call(object? callee, Arguments arguments)
    {
        switch (callee)
        {
            case CallableValue callable: return callable.Call(this, arguments);
            case LoopValue loop: return loop.Call(new Signature("loop(iterable)").Bind(arguments)[0]);
            case UndefinedValue missing: throw missing.Error();
            default: throw TemplateException.OfType($"'{PythonType.Name(callee)}' object is not callable");
        }
    }

    private Arguments Bind(CallArguments written, Scope scope)
    {
        if (written.IsEmpty) return Arguments.None;
        var positional = new List<object?>(written.Positional.Count);
        foreach (Expression argument in written.Positional) positional.Add(Evaluate(argument, scope));
        if (written.Rest is not null) positional.AddRange(Sequences.Iterate(Evaluate(written.Rest, scope), Budget));
        var named = new List<KeyValuePair<string, object?>>(written.Named.Count);
        foreach ((string name, Expression value) in written.Named) named.Add(new(name, Evaluate(value, scope)));
        if (written.NamedRest is not null)
        {
            if (Evaluate(written.NamedRest, scope) is not DictValue dict) throw TemplateException.OfType("argument after ** must be a mapping");
            foreach ((object? key, object? value) in dict)
            {
                if (key is not string name) throw TemplateException.OfType("keywords must be strings");
                if (named.Exists(n => n.Key == name)) throw TemplateException.OfType($"got multiple values for keyword argument '{name}'");
                named.Add(new(name, value));
            }
        }
        return new Arguments(positional, named);
    }

    private object? Element(ElementExpression element, Scope scope)
    {
        object? owner = Evaluate(element.Owner, scope);
        if (element.Index is not SliceExpression slice) return Members.Element(this, owner, Evaluate(element.Index, scope));
        object? Bound(Expression? bound) => bound is null ? null : Evaluate(bound, scope);
        object? start = Bound(slice.Start), stop = Bound(slice.Stop), step = Bound(slice.Step);
        if (owner is UndefinedValue missing) throw missing.Error();
        if (owner is not DictValue && Sequences.Slice(owner, start, stop, step, Budget) is { } cut) return cut;
        string text = $"slice({PythonText.Repr(start)}, {PythonText.Repr(stop)}, {PythonText.Repr(step)})";
        return new UndefinedValue($"{PythonType.Name(owner)} object has no element {text}");
    }

    private object? Conditional(ConditionalExpression condition, Scope scope)
    {
        if (Sequences.IsTrue(Evaluate(condition.Test, scope))) return Evaluate(condition.Then, scope);
        return condition.Else is null ? new UndefinedValue("the inline if-expression evaluated to false and no else section was defined.") : Evaluate(condition.Else, scope);
    }

    private object Compare(CompareExpression compare, Scope scope)
    {
        object? left = Evaluate(compare.First, scope);
        foreach ((string sign, Expression expression) in compare.Rest)
        {
            object? right = Evaluate(expression, scope);
            bool holds = sign switch
            {
                "==" => PythonEquality.AreEqual(left, right, Budget),
                "!=" => !PythonEquality.AreEqual(left, right, Budget),
                "in" => Sequences.Contains(right, left, Budget),
                "not in" => !Sequences.Contains(right, left, Budget),
                "<" => PythonEquality.Order(left, right, sign, Budget) < 0,
                "<=" => PythonEquality.Order(left, right, sign, Budget) <= 0,
                ">" => PythonEquality.Order(left, right, sign, Budget) > 0,
                _ => PythonEquality.Order(left, right, sign, Budget) >= 0,
            };
            if (!holds) return false;
            left = right;
        }
        return true;
    }

    private string Concatenate(ConcatExpression concat, Scope scope)
    {
        string[] parts = [.. concat.Parts.Select(part => PythonText.Str(Evaluate(part, scope), Budget))];
        Budget.Text(parts.Sum(part => (long)part.Length));
        return string.Concat(parts);
    }

    private object Items(ItemsExpression items, Scope scope)
    {
        Budget.Items(items.Items.Count);
        object?[] values = new object?[items.Items.Count];
        for (int i = 0; i < values.Length; i++) values[i] = Evaluate(items.Items[i], scope);
        return items.IsTuple ? new TupleValue(values) : new ListValue(values);
    }

    private DictValue Dict(DictExpression expression, Scope scope)
    {
        Budget.Items(expression.Entries.Count);
        var dict = new DictValue();
        foreach ((Expression key, Expression value) in expression.Entries) dict[Evaluate(key, scope)] = Evaluate(value, scope);
        return dict;
    }
}
