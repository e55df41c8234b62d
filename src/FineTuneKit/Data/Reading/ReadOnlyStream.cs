namespace FineTuneKit.Data;

/// <summary>A stream that is read once from its beginning to its end.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>One stream after the other. Closing it leaves them open.</summary>
internal sealed class JoinedStream(Stream first, Stream second) : ReadOnlyStream
{
    private Stream _current = first;

    public override int Read(Span<byte> buffer)
    {
        int read = _current.Read(buffer);
        if (read > 0 || buffer.Length == 0 || _current == second) return read;
        _current = second;
        return Read(buffer);
    }
}
