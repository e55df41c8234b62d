namespace FineTuneKit.Notebooks.Display;

/// <summary>Where the outputs of a running cell go: into a notebook or to a front end.</summary>
public interface ICellOutputs
{
    /// <summary>Text that the cell wrote.</summary>
    /// <param name="name"><c>stdout</c> or <c>stderr</c>.</param>
    /// <param name="text">Any piece of text.</param>
    void Stream(string name, string text);

    /// <summary>A value that the cell displays.</summary>
    /// <param name="bundle">Its media types.</param>
    /// <param name="displayId">The name by which it can be updated.</param>
    void Display(MimeBundle bundle, string displayId);

    /// <summary>Takes the place of everything shown under that name.</summary>
    void Update(MimeBundle bundle, string displayId);

    /// <summary>The value of the cell's last expression.</summary>
    void Result(MimeBundle bundle);

    /// <summary>Removes what the cell has shown; where <paramref name="wait"/>, only when the next output comes.</summary>
    void Clear(bool wait);
}
