using System.Globalization;
using FineTuneKit.Notebooks.Documents;
using FineTuneKit.Notebooks.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FineTuneKit.Notebooks.Running;

/// <summary>
/// Sets a notebook's parameters as papermill does: the cell tagged <c>parameters</c> declares them with their defaults, and
/// a cell tagged <c>injected-parameters</c> after it declares them anew.
/// </summary>
internal static class NotebookParameters
{
    /// <summary>The tags.</summary>
    public const string Tag = "parameters", InjectedTag = "injected-parameters";

    /// <summary>The parameter by which a notebook makes itself small.</summary>
    public const string Smoke = "smoke";

    /// <summary>Adds the cell of the given values, in the place of an earlier one.</summary>
    /// <exception cref="InputException">No parameters, no such parameter, or a value of another type.</exception>
    public static void Inject(NotebookDocument notebook, IReadOnlyDictionary<string, string> values, string path)
    {
        notebook.Cells.RemoveAll(c => c.Tags.Contains(InjectedTag));
        if (values.Count == 0) return;
        int at = notebook.Cells.FindIndex(c => c.Kind == CellKind.Code && c.Tags.Contains(Tag));
        if (at < 0) throw new InputException($"{path} has no cell tagged \"{Tag}\", so {string.Join(", ", values.Keys)} cannot be set");
        Dictionary<string, ExpressionSyntax> declared = Declared(notebook.Cells[at].Source);
        string source = string.Join('\n', values.Select(v => Declaration(v.Key, v.Value, declared, path)));
        var cell = new NotebookCell(CellKind.Code, source);
        cell.Metadata["tags"] = new System.Text.Json.Nodes.JsonArray(InjectedTag);
        if ((int?)notebook.Json["nbformat_minor"] >= 5) cell.Json["id"] = InjectedTag;
        notebook.Cells.Insert(at + 1, cell);
    }

    private static Dictionary<string, ExpressionSyntax> Declared(string source)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(source, ScriptParsing.Options).GetRoot();
        return root.DescendantNodes().OfType<VariableDeclaratorSyntax>().Where(v => v.Initializer is not null)
            .ToDictionary(v => v.Identifier.ValueText, v => v.Initializer!.Value);
    }

    private static string Declaration(string name, string value, Dictionary<string, ExpressionSyntax> declared, string path)
    {
        if (!declared.TryGetValue(name, out ExpressionSyntax? initial))
            throw new InputException($"{path} has no parameter {name}; it has {string.Join(", ", declared.Keys.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}");
        string type = initial.Parent?.Parent?.Parent is VariableDeclarationSyntax { Type: { IsVar: false } written } ? written.ToString().TrimEnd('?') : TypeOf(initial);
        return $"{type} {name} = {Literal(type, value) ?? throw new InputException($"{path}: the parameter {name} is {value}; {type} is required")};";
    }

    private static string TypeOf(ExpressionSyntax initial) => initial switch
    {
        PrefixUnaryExpressionSyntax { Operand: { } operand } => TypeOf(operand),
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression or (int)SyntaxKind.FalseLiteralExpression } => "bool",
        LiteralExpressionSyntax { Token.Value: int } => "int",
        LiteralExpressionSyntax { Token.Value: long } => "long",
        LiteralExpressionSyntax { Token.Value: float } => "float",
        LiteralExpressionSyntax { Token.Value: double } => "double",
        _ => "string",
    };

    private static string? Literal(string type, string value) => type switch
    {
        "bool" => bool.TryParse(value, out bool truth) ? (truth ? "true" : "false") : null,
        "int" => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole.ToString(CultureInfo.InvariantCulture) : null,
        "long" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large) ? large.ToString(CultureInfo.InvariantCulture) : null,
        "double" => Number(value, "R", ""),
        "float" => Number(value, "R", "f"),
        "decimal" => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) ? exact.ToString(CultureInfo.InvariantCulture) + "m" : null,
        "string" => SymbolDisplay.FormatLiteral(value, quote: true),
        _ => null,
    };

    private static string? Number(string value, string format, string suffix) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) + suffix : null;
}
