namespace FineTuneKit.Data;

/// <summary>
/// The elements of a JSON array one after another, in the memory of the longest. Only the array's own brackets and
/// commas are looked at here; what stands between them is checked as a row.
/// </summary>
internal sealed class JsonArrayRows(Stream stream, string path)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _at, _end;
    private int _line = 1, _column;

    public static IEnumerable<RawRow> Read(Stream stream, string path) => new JsonArrayRows(stream, path).Elements();

    private IEnumerable<RawRow> Elements()
    {
        if (Next(skipWhite: true) != '[') throw Error("not JSON: an array is required");
        Take();
        for (int element = 1; ; element++)
        {
            int first = Next(skipWhite: true);
            if (first < 0) throw Error("not JSON: the file ends inside the array");
            if (first == ']' && element == 1) break;
            var origin = new RowOrigin(path, _line) { Element = element };
            int column = _column;
            ReadOnlyMemory<byte> bytes = Element();
            yield return new RawRow(origin, bytes) { Column = column };
            if (_buffer[_at] == ']') break;
            Take();
        }
        Take();
        if (Next(skipWhite: true) >= 0) throw Error("not JSON: the array has ended, and more follows");
    }

    /// <summary>The bytes up to the comma or bracket that ends an element.</summary>
    private ReadOnlyMemory<byte> Element()
    {
        int length = 0, depth = 0;
        bool text = false;
        while (true)
        {
            int next = Peek(length);
            if (next < 0)
            {
                Pass(length);
                throw Error("not JSON: the file ends inside the array");
            }
            if (text) (text, length) = (next != '"', length + (next == '\\' ? 1 : 0));
            else if (next == '"') text = true;
            else if (next is '{' or '[') depth++;
            else if (depth > 0 && next is '}' or ']') depth--;
            else if (depth == 0 && next is ',' or ']') break;
            if (++length > Utf8Lines.LongestLine) throw Error($"the row is longer than {Utf8Lines.LongestLine:N0} bytes");
        }
        int start = _at;
        Pass(length);
        return _buffer.AsMemory(start, length);
    }

    private int Next(bool skipWhite)
    {
        while (skipWhite && Peek(0) is ' ' or '\t' or '\r' or '\n') Take();
        return Peek(0);
    }

    private void Take() => Pass(1);

    /// <summary>Goes on by so many bytes that are in the buffer, and counts lines and columns.</summary>
    private void Pass(int count)
    {
        count = Math.Min(count, _end - _at);
        foreach (byte b in _buffer.AsSpan(_at, count))
        {
            if (b == '\n') (_line, _column) = (_line + 1, 0);
            else if ((b & 0xC0) != 0x80) _column++;
        }
        _at += count;
    }

    /// <summary>A byte ahead, -1 at the end.</summary>
    private int Peek(int ahead)
    {
        while (_at + ahead >= _end)
        {
            if (_end == _buffer.Length) MakeRoom();
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0) return -1;
            _end += read;
        }
        return _buffer[_at + ahead];
    }

    private void MakeRoom()
    {
        int held = _end - _at;
        byte[] room = held > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _at, room, 0, held);
        (_buffer, _at, _end) = (room, 0, held);
    }

    private InputException Error(string message) => InputException.At(path, _line, $"column {_column + 1}: {message}");
}
