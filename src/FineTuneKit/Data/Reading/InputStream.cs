namespace FineTuneKit.Data;

/// <summary>
/// The bytes of a file or of standard input (<c>-</c>), unpacked where they are gzip, without a byte order mark.
/// Errors of the disk and of the packing name the file.
/// </summary>
internal sealed class InputStream : ReadOnlyStream
{
    public const string StandardInput = "-";

    private const int SniffedBytes = 1 << 12;

    private readonly Stream _raw;
    private readonly Stream _plain;
    private readonly string _path;
    private readonly (long Length, DateTime Written)? _asOpened;
    private byte[] _ahead = [];
    private int _aheadAt;

    private InputStream(Stream raw, string path)
    {
        (_raw, _path) = (raw, path);
        if (raw is FileStream) _asOpened = State();
        byte[] magic = new byte[2];
        int read = ReadAtLeast(raw, magic);
        Stream whole = new JoinedStream(new MemoryStream(magic[..read]), raw);
        _plain = magic is [0x1F, 0x8B] ? new GzipInput(whole) : whole;
    }

    /// <summary>Opens a file, or standard input.</summary>
    /// <exception cref="InputException">It cannot be read, is empty, or is not UTF-8 by its byte order mark.</exception>
    public static InputStream Open(string path)
    {
        if (path == StandardInput) return Begin(new InputStream(Console.OpenStandardInput(), "standard input"));
        if (Directory.Exists(path)) throw new InputException($"{path}: is a folder; a file of rows is required");
        try
        {
            return Begin(new InputStream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan), path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>How much of the file has been read, from 0 to 1; 0 where its length is not known.</summary>
    public double Fraction => _asOpened is { Length: > 0 } opened ? (double)_raw.Position / opened.Length : 0;

    /// <summary>The first bytes, which reading gives once more.</summary>
    public ReadOnlySpan<byte> Beginning => _ahead.AsSpan(_aheadAt);

    /// <summary>Throws where the file is no longer the one that was opened.</summary>
    public void RequireUnchanged()
    {
        if (_asOpened is { } opened && State() is { } now && now != opened)
            throw new InputException($"{_path}: the file changed while it was read ({opened.Length:N0} bytes before, {now.Length:N0} now); read it again when its writer is done");
    }

    public override int Read(Span<byte> buffer)
    {
        if (_aheadAt < _ahead.Length)
        {
            int given = Math.Min(buffer.Length, _ahead.Length - _aheadAt);
            _ahead.AsSpan(_aheadAt, given).CopyTo(buffer);
            _aheadAt += given;
            return given;
        }
        try
        {
            return _plain.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{_path}: is packed by gzip and cannot be unpacked: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new InputException($"{_path}: cannot be read: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plain.Dispose();
            _raw.Dispose();
        }
        base.Dispose(disposing);
    }

    private static InputStream Begin(InputStream stream)
    {
        try
        {
            byte[] start = new byte[SniffedBytes];
            int read = ReadAtLeast(stream, start);
            if (read == 0) throw new InputException($"{stream._path}: the file is empty; at least one row is required");
            if (start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
                throw new InputException($"{stream._path}: the file is UTF-16; save it as UTF-8");
            stream._ahead = start[..read];
            stream._aheadAt = start is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static int ReadAtLeast(Stream stream, byte[] bytes) => stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

    private (long Length, DateTime Written)? State()
    {
        var file = new FileInfo(_path);
        // A pipe has no length of its own.
        return file.Exists && _raw.CanSeek ? (file.Length, file.LastWriteTimeUtc) : null;
    }
}
