using System.ComponentModel;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>
/// Lets the loops of a cell be ended: each round asks whether its run is to end. The runtime's own way of ending foreign code
/// (<see cref="System.Runtime.ControlledExecution"/>) is not used: on Linux it now and then stops or crashes the whole process.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InterruptibleLoops
{
    private const string Open = $"{{ global::FineTuneKit.Notebooks.Scripting.{nameof(InterruptibleLoops)}.{nameof(Round)}(); ", Close = " }";

    /// <summary>What each round of a cell's loop begins with.</summary>
    /// <exception cref="OperationCanceledException">The run that the loop belongs to is to end.</exception>
    public static void Round()
    {
        if (InterruptibleRun.SomeEnd) InterruptibleRun.ThrowIfEnding();
    }

    /// <summary>The code with the question in its loops. Lines stay where they were, so that errors and stack traces name them as before.</summary>
    /// <param name="code">A cell's code; what does not parse is left as it is, for the user to be told of it as written.</param>
    internal static string In(string code)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(code, ScriptParsing.Options).GetRoot();
        if (root.ContainsDiagnostics) return code;
        var text = new StringBuilder(code);
        // From the end; where one body ends as the next begins, the end is inserted last and so stands first.
        foreach ((int at, string inserted) in root.DescendantNodes().Select(Repeated).OfType<StatementSyntax>().SelectMany(Around).OrderByDescending(i => i.At).ThenBy(i => i.Text == Close)) text.Insert(at, inserted);
        return text.ToString();
    }

    /// <summary>What a node makes the program do again: the body of a loop, or a jump.</summary>
    private static StatementSyntax? Repeated(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => loop.Statement,
        DoStatementSyntax loop => loop.Statement,
        ForStatementSyntax loop => loop.Statement,
        CommonForEachStatementSyntax loop => loop.Statement,
        GotoStatementSyntax jump => jump,
        _ => null,
    };

    private static IEnumerable<(int At, string Text)> Around(StatementSyntax statement) => [(statement.SpanStart, Open), (statement.Span.End, Close)];
}
