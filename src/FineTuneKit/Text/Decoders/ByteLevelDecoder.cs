using System.Buffers;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>Turns the byte alphabet back into text; a token with any other character stands for itself.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (string token in tokens)
        {
            Span<byte> target = bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(token.Length));
            bytes.Advance(WriteBytes(token, target) ?? Encoding.UTF8.GetBytes(token, target));
        }
        return [Encoding.UTF8.GetString(bytes.WrittenSpan)];
    }

    private static int? WriteBytes(string token, Span<byte> target)
    {
        for (int i = 0; i < token.Length; i++)
        {
            int value = ByteAlphabet.ByteOf(token[i]);
            if (value < 0) return null;
            target[i] = (byte)value;
        }
        return token.Length;
    }
}
