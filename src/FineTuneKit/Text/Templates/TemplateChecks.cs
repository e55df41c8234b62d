namespace FineTuneKit.Text.Templates;

/// <summary>
/// What Jinja finds before it renders: filters and tests that do not exist, unless a condition stands directly before
/// them, and <c>break</c> or <c>continue</c> outside a loop.
/// </summary>
internal static class TemplateChecks
{
    public static void Check(IReadOnlyList<Statement> template) => CheckAll(template, new Place(InLoop: false, Soft: false));

    /// <summary>The names that a body reads.</summary>
    public static HashSet<string> NamesIn(IReadOnlyList<Statement> body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        void Visit(Node node)
        {
            TemplateBudget.RequireStack();
            if (node is NameExpression name) names.Add(name.Name);
            foreach (Node child in NodeChildren.Of(node)) Visit(child);
        }
        foreach (Statement statement in body) Visit(statement);
        return names;
    }

    /// <param name="InLoop">Whether the Python function that Jinja makes of this place has a loop around it.</param>
    /// <param name="Soft">Whether it is directly within a condition.</param>
    private readonly record struct Place(bool InLoop, bool Soft);

    private static void CheckAll(IEnumerable<Node> nodes, Place place)
    {
        foreach (Node node in nodes) Check(node, place);
    }

    private static void Check(Node node, Place place)
    {
        TemplateBudget.RequireStack();
        switch (node)
        {
            case BreakStatement when !place.InLoop: throw new TemplateException(TemplateErrorKind.Placement, "'break' outside loop", node.Line);
            case ContinueStatement when !place.InLoop: throw new TemplateException(TemplateErrorKind.Placement, "'continue' not properly in loop", node.Line);
            case FilterExpression filter when !place.Soft && !Filters.Exists(filter.Name):
                throw new TemplateException(TemplateErrorKind.Assertion, $"No filter named {PythonText.Quote(filter.Name)}.", node.Line);
            case TestExpression test when !place.Soft && !Tests.Exists(test.Name):
                throw new TemplateException(TemplateErrorKind.Assertion, $"No test named {PythonText.Quote(test.Name)}.", node.Line);
        }
        switch (node)
        {
            case IfStatement or ConditionalExpression:
                CheckAll(NodeChildren.Of(node), place with { Soft = true });
                break;
            case ForStatement loop:
                Check(loop.Items, place);
                if (loop.Test is not null) Check(loop.Test, place with { Soft = false });
                CheckAll(loop.Body, new Place(InLoop: true, Soft: false));
                CheckAll(loop.Else, new Place(place.InLoop && !loop.IsRecursive, Soft: false));
                break;
            case MacroStatement or CallBlockStatement or GenerationStatement or BlockStatement:
                // Each becomes a function of its own, whose loops are its own.
                CheckAll(NodeChildren.Of(node), new Place(InLoop: false, Soft: false));
                break;
            case Statement and not PrintStatement and not SetStatement:
                CheckAll(NodeChildren.Of(node), place with { Soft = false });
                break;
            default:
                CheckAll(NodeChildren.Of(node), place);
                break;
        }
    }
}
