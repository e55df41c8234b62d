using System.IO.Compression;

namespace FineTuneKit.Data;

/// <summary>
/// Unpacks gzip and notices where it breaks off, which GZipStream takes for its end: a mark, packed by itself, is
/// joined to the file's end, and comes out at the end only where all before it was whole.
/// </summary>
internal sealed class GzipInput : ReadOnlyStream
{
    private static readonly byte[] Mark = "end of the packed file, whole"u8.ToArray();

    private readonly GZipStream _plain;
    private readonly byte[] _held = new byte[1 << 16];
    private int _count;

    public GzipInput(Stream packed) => _plain = new GZipStream(new JoinedStream(packed, new MemoryStream(Pack(Mark))), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The packed data is damaged or breaks off.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_count <= Mark.Length)
        {
            int read = _plain.Read(_held, _count, _held.Length - _count);
            if (read == 0) return Ends() ? 0 : throw new InvalidDataException("the packed data breaks off");
            _count += read;
        }
        int given = Math.Min(buffer.Length, _count - Mark.Length);
        _held.AsSpan(0, given).CopyTo(buffer);
        Buffer.BlockCopy(_held, given, _held, 0, _count -= given);
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _plain.Dispose();
        base.Dispose(disposing);
    }

    private bool Ends() => _held.AsSpan(0, _count).SequenceEqual(Mark);

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
