using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>Jupyter Notebook 6 over a folder, on a port of its own.</summary>
internal sealed partial class JupyterServer : IDisposable
{
    private readonly Process _process;

    private JupyterServer(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>The address with its token.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<JupyterServer> StartAsync(JupyterPython python, string folder)
    {
        Process process = python.Start("-m", "notebook", "--no-browser", "--allow-root", $"--port={FreePort()}", "--ip=127.0.0.1", $"--notebook-dir={folder}");
        _ = process.StandardOutput.ReadToEndAsync();
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
        {
            said.Add(line);
            if (AddressPattern().Match(line) is not { Success: true } match) continue;
            _ = process.StandardError.ReadToEndAsync();
            return new JupyterServer(process, new Uri(match.Value));
        }
        throw new InvalidOperationException("Jupyter ended: " + string.Join('\n', said));
    }

    /// <summary>The page of a notebook.</summary>
    public Uri Page(string notebook) => new(Address, $"notebooks/{Uri.EscapeDataString(notebook)}{Address.Query}");

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    // Where another took it meanwhile, Jupyter goes on to the next and says so.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/\?token=[0-9a-f]+")]
    private static partial Regex AddressPattern();
}
