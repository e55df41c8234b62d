namespace FineTuneKit.Text.Templates;

/// <summary>The parts of a node, in the order in which they are written.</summary>
internal static class NodeChildren
{
    public static IEnumerable<Node> Of(Node node) => Parts(node).OfType<Node>();

    private static Node?[] Parts(Node node) => node switch
    {
        ItemsExpression n => [.. n.Items],
        DictExpression n => [.. n.Entries.SelectMany(e => new[] { e.Key, e.Value })],
        AttributeExpression n => [n.Owner],
        ElementExpression n => [n.Owner, n.Index],
        SliceExpression n => [n.Start, n.Stop, n.Step],
        CallExpression n => [n.Callee, .. Of(n.Arguments)],
        FilterExpression n => [n.Value, .. Of(n.Arguments)],
        TestExpression n => [n.Value, .. Of(n.Arguments)],
        UnaryExpression n => [n.Value],
        NotExpression n => [n.Value],
        BinaryExpression n => [n.Left, n.Right],
        LogicExpression n => [n.Left, n.Right],
        ConcatExpression n => [.. n.Parts],
        CompareExpression n => [n.First, .. n.Rest.Select(r => r.Value)],
        ConditionalExpression n => [n.Test, n.Then, n.Else],
        MemberTarget n => [new NameExpression(n.Name)],
        PrintStatement n => [n.Value],
        ForStatement n => [n.Target, n.Items, n.Test, .. n.Body, .. n.Else],
        IfStatement n => [.. n.Branches.SelectMany(b => b.Body.Prepend<Node>(b.Test)), .. n.Else],
        SetStatement n => [n.Target, n.Value],
        SetBlockStatement n => [n.Target, n.Filter, .. n.Body],
        WithStatement n => [.. n.Values.SelectMany(v => new[] { v.Target, v.Value }), .. n.Body],
        MacroStatement n => [.. Of(n.Macro)],
        CallBlockStatement n => [n.Call, .. Of(n.Block)],
        FilterBlockStatement n => [n.Filter, .. n.Body],
        GenerationStatement n => [.. n.Body],
        BlockStatement n => [.. n.Body],
        AutoescapeStatement n => [n.On, .. n.Body],
        _ => [],
    };

    private static IEnumerable<Node?> Of(CallArguments arguments) =>
        [.. arguments.Positional, .. arguments.Named.Select(n => n.Value), arguments.Rest, arguments.NamedRest];

    private static IEnumerable<Node> Of(MacroBody macro) => [.. macro.Defaults, .. macro.Body];
}
