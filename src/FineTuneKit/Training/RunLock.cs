using System.Globalization;

namespace FineTuneKit.Training;

/// <summary>Keeps a run's folder for one process: two that wrote the same checkpoints would spoil both runs.</summary>
internal sealed class RunLock : IDisposable
{
    private const string FileName = "run.lock";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the folder until the result is disposed or the process ends, in whichever way.</summary>
    /// <exception cref="InputException">Another run has it, or it cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return new RunLock(file);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{folder} is in use by another run; wait until it ends, or name another folder"), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
