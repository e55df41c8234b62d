using System.Text;

namespace FineTuneKit.Text;

/// <summary>The tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> of a vocabulary, by which what it lacks is written.</summary>
internal sealed class ByteTokens
{
    private readonly int[] _ids = new int[256];

    public ByteTokens(Func<string, int?> idOf)
    {
        for (int b = 0; b < _ids.Length; b++) _ids[b] = idOf($"<0x{b:X2}>") ?? -1;
    }

    /// <summary>Adds the UTF-8 bytes of a stretch of the piece, or nothing where one of them has no token.</summary>
    public bool TryAdd(ReadOnlySpan<char> piece, int start, int end, List<Token> tokens)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(piece[start..end].ToArray());
        if (Array.Exists(bytes, b => _ids[b] < 0)) return false;
        foreach (byte b in bytes) tokens.Add(new(_ids[b], start, end));
        return true;
    }
}
