using System.Text;

namespace FineTuneKit.Tests.Fuzz;

/// <summary>A small SentencePiece model as the bytes of its file.</summary>
internal static class SentencePieceBytes
{
    public static byte[] Model(bool bpe) =>
    [
        .. new[] { ("<unk>", 0f, 2), ("<s>", 0f, 3), ("</s>", 0f, 3), ("▁", -2f, 1), ("a", -3f, 1), ("b", -3.5f, 1), ("▁a", -1f, 1), ("ab", -1.5f, 1), ("▁H", -4f, 1), ("ll", -2.5f, 1), ("<x>", 0f, 4), ("aab", -1f, 5) }
            .SelectMany(p => Field(1, Piece(p.Item1, p.Item2, p.Item3))),
        .. Field(2, [3 << 3, (byte)(bpe ? 2 : 1)]),
        .. Field(3, [.. Field(2, Map), 3 << 3, 1, 4 << 3, 1, 5 << 3, 1]),
    ];

    // A trie of one unit and no replacement.
    private static byte[] Map => [4, 0, 0, 0, 0, 0, 0, 0, (byte)'x', 0];

    private static byte[] Piece(string text, float score, int kind) => [.. Field(1, Encoding.UTF8.GetBytes(text)), (2 << 3) | 5, .. BitConverter.GetBytes(score), 3 << 3, (byte)kind];

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
}
