using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>The language of cells.</summary>
internal static class ScriptParsing
{
    /// <summary>C# 14 as a script.</summary>
    public static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14, DocumentationMode.Parse, SourceCodeKind.Script);
}
