using FineTuneKit.Fixtures;
using FineTuneKit.Notebooks.Documents;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>What all tutorials have in common, read off their files; that they run is checked by running them at their small size.</summary>
public sealed class TutorialTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "notebooks");

    public static TheoryData<string> Tutorials => [.. Names(Folder)];

    public static TheoryData<string> Twins => [.. Names(Path.Combine(Folder, "ja"))];

    [Theory]
    [MemberData(nameof(Tutorials))]
    public void SaysGoalAndTimeAndCanBeMadeSmall(string name)
    {
        NotebookDocument notebook = NotebookFile.Read(Path.Combine(Folder, name));
        Assert.StartsWith($"# {name[..2]} · ", notebook.Cells[0].Source);
        Assert.Contains("**Goal.**", notebook.Cells[0].Source);
        Assert.Contains("**Time.**", notebook.Cells[0].Source);
        NotebookCell parameters = Assert.Single(notebook.Cells, c => c.Tags.Contains("parameters"));
        Assert.Contains("bool smoke = false;", parameters.Source);
        Assert.Contains(notebook.Cells, c => c.Kind == CellKind.Markdown && c.Source.Contains("**Before you run:**"));
        Assert.Contains(notebook.Cells, c => c.Kind == CellKind.Code && c.Source.Contains("Check("));
        Assert.Equal(".net-csharp", (string?)notebook.Json["metadata"]!["kernelspec"]!["name"]);
    }

    [Theory]
    [MemberData(nameof(Tutorials))]
    public void TheExerciseHasASolution(string name)
    {
        Assert.Contains(NotebookFile.Read(Path.Combine(Folder, name)).Cells, c => c.Kind == CellKind.Markdown && c.Source.Contains($"solutions/{name}"));
        Assert.Single(NotebookFile.Read(Path.Combine(Folder, "solutions", name)).Cells, c => c.Tags.Contains("parameters"));
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public void TheJapaneseTwinHasTheSameCode(string name)
    {
        NotebookDocument original = NotebookFile.Read(Path.Combine(Folder, name)), twin = NotebookFile.Read(Path.Combine(Folder, "ja", name));
        Assert.Equal(original.Cells.Select(c => c.Kind), twin.Cells.Select(c => c.Kind));
        Assert.Equal(Code(original), Code(twin));
        foreach ((NotebookCell text, NotebookCell translated) in original.Cells.Zip(twin.Cells).Where(p => p.First.Kind == CellKind.Markdown))
        {
            Assert.Contains(translated.Source, c => c is >= '\u3041' and <= '\u30ff');
            Assert.Equal(text.Source.Count(c => c == '\n'), translated.Source.Count(c => c == '\n'));
        }
    }

    [Theory]
    [InlineData("notebooks")]
    [InlineData("notebooks/ja")]
    [InlineData("notebooks/solutions")]
    public void NoOutputIsAnError(string folder)
    {
        foreach (string name in Names(Path.Combine(Repository.Root, folder)))
            foreach (NotebookCell cell in NotebookFile.Read(Path.Combine(Repository.Root, folder, name)).Cells.Where(c => c.Kind == CellKind.Code))
                Assert.DoesNotContain(cell.Outputs, output => (string?)output!["output_type"] == "error");
    }

    private static IEnumerable<string> Code(NotebookDocument notebook) => notebook.Cells.Where(c => c.Kind == CellKind.Code).Select(c => c.Source);

    private static IEnumerable<string> Names(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];
}
