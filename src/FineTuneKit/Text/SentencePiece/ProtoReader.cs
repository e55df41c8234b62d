using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace FineTuneKit.Text;

/// <summary>Reads the fields of a Protocol Buffers message, one after another.</summary>
/// <param name="message">Its bytes.</param>
/// <param name="file">For messages.</param>
internal ref struct ProtoReader(ReadOnlySpan<byte> message, string file)
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;
    private int _wireType;

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (_at == _message.Length) return false;
        ulong tag = ReadVarint();
        (field, _wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return true;
    }

    public long Int() => Of(Varint, (long)ReadVarint());

    public bool Flag() => Int() != 0;

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(_wireType == Fixed32 ? Take(sizeof(float)) : throw Broken());

    public ReadOnlySpan<byte> Blob() => _wireType == Bytes ? Take((long)ReadVarint()) : throw Broken();

    public string Text()
    {
        ReadOnlySpan<byte> bytes = Blob();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new InputException($"{file}: a text that ends at byte {_at} of its message is not UTF-8");
    }

    /// <summary>Passes over a field that is not needed.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case Varint: ReadVarint(); break;
            case Fixed64: Take(sizeof(ulong)); break;
            case Bytes: Take((long)ReadVarint()); break;
            case Fixed32: Take(sizeof(uint)); break;
            default: throw Broken();
        }
    }

    private readonly long Of(int wireType, long value) => _wireType == wireType ? value : throw Broken();

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _message.Length) throw Broken();
            byte next = _message[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Broken();
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _message.Length - _at) throw Broken();
        _at += (int)count;
        return _message.Slice(_at - (int)count, (int)count);
    }

    private readonly InputException Broken() => new($"{file}: not a SentencePiece model: the message is cut short or broken at byte {_at} of {_message.Length}");
}
