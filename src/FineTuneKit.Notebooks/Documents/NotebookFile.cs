using FineTuneKit.Records;

namespace FineTuneKit.Notebooks.Documents;

/// <summary>Reads and writes notebooks: .ipynb (nbformat 4) and .dib.</summary>
public static class NotebookFile
{
    /// <summary>The extensions that are read and written.</summary>
    public const string Ipynb = ".ipynb", Dib = ".dib";

    /// <summary>Reads a notebook; the extension says which format.</summary>
    /// <exception cref="InputException">No such file, not a notebook, or an nbformat older than 4.</exception>
    public static NotebookDocument Read(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; a notebook ({Ipynb} or {Dib}) is required");
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; a notebook ({Ipynb} or {Dib}) is required");
        try
        {
            return Format(path) == Dib ? DibFormat.Parse(File.ReadAllText(path)) : IpynbFormat.Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a notebook, whole or not at all. A .dib holds no outputs.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, NotebookDocument notebook) =>
        AtomicFile.WriteText(path, Format(path) == Dib ? DibFormat.Write(notebook) : IpynbFormat.Write(notebook));

    /// <summary>The format by the extension.</summary>
    /// <exception cref="InputException">Another extension.</exception>
    public static string Format(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        Ipynb => Ipynb,
        Dib => Dib,
        var other => throw new InputException($"{path} ends with \"{other}\"; a notebook ends with {Ipynb} or {Dib}"),
    };
}
