using System.Reflection;
using FineTuneKit.Notebooks.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace FineTuneKit.Notebooks.Editing;

/// <summary>
/// The session as Roslyn's editing services want it: each cell that ran a project that knows the one before it. It is made
/// when an editor first asks, since it takes a second and some memory that a run without editor can do without.
/// </summary>
internal sealed class SessionWorkspace(ScriptSession session)
{
    private readonly Lazy<AdhocWorkspace> _workspace = new(() => new AdhocWorkspace(MefHostServices.Create(MefHostServices.DefaultAssemblies
        .Add(Assembly.Load("Microsoft.CodeAnalysis.Features")).Add(Assembly.Load("Microsoft.CodeAnalysis.CSharp.Features")))));

    private ProjectId? _last;
    private int _ran;

    /// <summary>The cell that is being written, knowing all cells that ran.</summary>
    public Document Document(string code)
    {
        Solution solution = _workspace.Value.CurrentSolution;
        for (; _ran < session.Submissions.Count; _ran++) (solution, _last) = Add(solution, session.Submissions[_ran], _last);
        _workspace.Value.TryApplyChanges(solution);
        // The cell itself is not kept.
        (solution, ProjectId current) = Add(_workspace.Value.CurrentSolution, code, _last);
        return solution.GetProject(current)!.Documents.Single();
    }

    private (Solution Solution, ProjectId Id) Add(Solution solution, string code, ProjectId? before)
    {
        ProjectId id = ProjectId.CreateNewId();
        string name = $"cell{solution.ProjectIds.Count}";
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: ScriptSession.Imports, allowUnsafe: true, metadataReferenceResolver: KitReferences.Here());
        ProjectInfo project = ProjectInfo.Create(id, VersionStamp.Create(), name, name, LanguageNames.CSharp, isSubmission: true,
            compilationOptions: options, parseOptions: ScriptParsing.Options,
            metadataReferences: session.Options.MetadataReferences.OfType<PortableExecutableReference>().Distinct(),
            projectReferences: before is null ? [] : [new ProjectReference(before)]);
        solution = solution.AddProject(project);
        DocumentId document = DocumentId.CreateNewId(id);
        solution = solution.AddDocument(DocumentInfo.Create(document, name, sourceCodeKind: SourceCodeKind.Script,
            loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Create()))));
        return (solution, id);
    }
}
