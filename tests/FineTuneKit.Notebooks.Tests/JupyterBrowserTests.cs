using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>The kernel as a learner meets it: Jupyter in a browser, where both are there.</summary>
public sealed class JupyterBrowserTests
{
    private const string Modules = "ipykernel, notebook.notebookapp", Notebook = "trial.ipynb";
    private const float Milliseconds = 60_000;

    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] Cells =
    [
        """
        #r "FineTuneKit.dll"
        using FineTuneKit.Charts;
        display(new LineChart { Title = "Chart of the trial", Reading = "It rises.", X = new Axis("step"), Y = new Axis("loss"), Lines = [new LineSeries("run", [0, 1], [1, 2])] });
        """,
        """
        int kept = 42;
        Console.WriteLine($"kept {kept}");
        """,
        """
        Console.WriteLine("begun");
        while (true) { }
        """,
    ];

    [Fact]
    public async Task A_notebook_is_run_seen_interrupted_and_begun_again()
    {
        using JupyterPython? python = JupyterPython.With(Modules);
        if (python is null) Assert.Skip("No Python with Jupyter Notebook 6: on Debian, jupyter-notebook and python3-ipykernel bring it.");
        string? browserFile = Array.Find(Browsers, File.Exists);
        if (browserFile is null) Assert.Skip($"No browser: one of {string.Join(", ", Browsers)} is needed; on Debian, chromium.");

        string folder = Directory.CreateTempSubdirectory("ftk-notebooks-").FullName;
        File.WriteAllText(Path.Combine(folder, Notebook), Written(Cells));
        using JupyterServer server = await JupyterServer.StartAsync(python, folder);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = browserFile, Args = ["--no-sandbox"] });
        IPage page = await browser.NewPageAsync();
        page.SetDefaultTimeout(Milliseconds);
        await page.GotoAsync(server.Page(Notebook).AbsoluteUri);
        await page.Locator("#kernel_indicator_icon.kernel_idle_icon").WaitForAsync();

        await Choose(page, "#celllink", "#run_all_cells");
        await Output(page, 2).GetByText("begun").WaitForAsync();
        Assert.Contains("kept 42", await Output(page, 1).InnerTextAsync(), StringComparison.Ordinal);
        ILocator chart = Output(page, 0).Locator("svg").First;
        Assert.True((await chart.BoundingBoxAsync()) is { Width: > 300, Height: > 150 });
        Assert.Contains("Chart of the trial", await chart.TextContentAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(await page.ScreenshotAsync());

        await Choose(page, "#kernellink", "#int_kernel");
        await Output(page, 2).GetByText("interrupted").First.WaitForAsync();
        await page.Locator("#kernel_indicator_icon.kernel_idle_icon").WaitForAsync();

        await Choose(page, "#kernellink", "#restart_kernel");
        await page.Locator(".modal-dialog button.btn-danger").ClickAsync();
        await page.Locator("#kernel_indicator_icon.kernel_idle_icon").WaitForAsync();
        await page.Locator(".code_cell").Nth(1).Locator(".CodeMirror").ClickAsync();
        await page.EvaluateAsync("Jupyter.notebook.get_cell(1).set_text('kept + 1')");
        await page.Keyboard.PressAsync("Control+Enter");
        await Output(page, 1).GetByText("CS0103").First.WaitForAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static ILocator Output(IPage page, int cell) => page.Locator(".code_cell").Nth(cell).Locator(".output");

    private static async Task Choose(IPage page, string menu, string entry)
    {
        await page.Locator(menu).ClickAsync();
        await page.Locator(entry).ClickAsync();
    }

    private static string Written(string[] cells) => JsonSerializer.Serialize(new
    {
        cells = cells.Select((cell, i) => new { id = $"cell-{i}", cell_type = "code", source = cell, metadata = new { }, outputs = Array.Empty<object>(), execution_count = (int?)null }),
        metadata = new { kernelspec = new { name = "finetunekit", display_name = ".NET (C#)", language = "C#" } },
        nbformat = 4,
        nbformat_minor = 5,
    });
}
