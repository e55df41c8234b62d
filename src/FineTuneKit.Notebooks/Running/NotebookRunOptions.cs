using FineTuneKit.Notebooks.Display;
using FineTuneKit.Notebooks.Scripting;

namespace FineTuneKit.Notebooks.Running;

/// <summary>How a notebook is run without a front end.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>Default null. Where the notebook with its outputs goes; null: into the file itself (a .dib holds no outputs, so nowhere).</summary>
    public string? Out { get; init; }

    /// <summary>Default none. Values of the notebook's parameters, by name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Default false. Sets the parameter <c>smoke</c>: the notebook's own small sizes. Without <see cref="Out"/> nothing is written then.</summary>
    public bool Smoke { get; init; }

    /// <summary>Default false. Whether the cells after one that failed are left out.</summary>
    public bool StopOnError { get; init; }

    /// <summary>Default null: none. The time that each cell may take.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>Default false. Whether outputs are compared with those in the file, but for cells tagged <c>changing</c>; the file is left as it is.</summary>
    public bool Check { get; init; }

    /// <summary>Default 1,000,000. Characters of output that a cell keeps.</summary>
    public long OutputLimit { get; init; } = LimitedOutputs.DefaultLimit;

    /// <summary>Told the text of outputs as they come; null tells nobody.</summary>
    public Action<string>? Told { get; init; }
}

/// <summary>A cell that was run.</summary>
/// <param name="Cell">Its number in the notebook, texts counted, from 1.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Difference">How its outputs differ from those in the file, where that was asked.</param>
public sealed record CellRecord(int Cell, CellStatus Status, double Seconds, CellError? Error, string? Difference);

/// <summary>The run of a notebook. Schema <c>finetunekit.notebook/1</c>.</summary>
public sealed record NotebookRunRecord
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.notebook/1";

    /// <summary>The file's name.</summary>
    public required string Notebook { get; init; }

    /// <summary>The code cells that were run.</summary>
    public required IReadOnlyList<CellRecord> Cells { get; init; }

    /// <summary>Code cells that were left out after an error or an interruption.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Time of the whole, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether every cell ran to its end and no output differs.</summary>
    public bool Passed => LeftOut == 0 && Cells.All(c => c is { Status: CellStatus.Done, Difference: null });
}
