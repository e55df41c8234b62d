using System.Text;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>Takes the place of <see cref="Console"/>'s writers: what a cell writes goes to that cell's outputs, the rest where it went before.</summary>
internal sealed class CellConsole(string name, TextWriter outside) : TextWriter
{
    private static readonly Lock Installing = new();
    private static bool _installed;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Redirects <see cref="Console.Out"/> and <see cref="Console.Error"/>, once in a process.</summary>
    public static void Install()
    {
        lock (Installing)
        {
            if (_installed) return;
            Console.SetOut(new CellConsole("stdout", Console.Out));
            Console.SetError(new CellConsole("stderr", Console.Error));
            _installed = true;
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        if (KernelInvocationContext.Current is { } cell) cell.Outputs.Stream(name, value);
        else outside.Write(value);
    }

    // One piece, so that lines of several threads do not mix.
    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine() => Write("\n");

    public override void Flush()
    {
        if (KernelInvocationContext.Current is null) outside.Flush();
    }
}
