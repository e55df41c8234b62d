using System.Runtime.Intrinsics;

namespace FineTuneKit.Data;

/// <summary>
/// Signatures of sets whose share of equal places estimates the Jaccard similarity (Broder, 1997). Each place is the
/// least value of the set under another permutation of 32 bits, (a h + b) mod 2^32 with odd a, as in datasketch 2.
/// </summary>
public sealed class MinHash
{
    private readonly uint[] _a, _b;

    /// <summary>Permutations from a fixed stream, so that signatures are the same on every machine.</summary>
    /// <param name="permutations">Length of a signature; a multiple of 8.</param>
    public MinHash(int permutations)
    {
        if (permutations <= 0 || permutations % 8 != 0)
            throw new InputException($"{permutations} permutations; a positive multiple of 8 is required");
        var random = new NamedRandom("minhash", 0);
        _a = Enumerable.Range(0, permutations).Select(_ => (uint)random.NextBits() | 1).ToArray();
        _b = Enumerable.Range(0, permutations).Select(_ => (uint)random.NextBits()).ToArray();
    }

    /// <summary>Given permutations: the factors a, which are odd, and the summands b.</summary>
    public MinHash(uint[] a, uint[] b)
    {
        if (a.Length != b.Length || a.Length % 8 != 0)
            throw new InputException($"{a.Length} factors and {b.Length} summands; equally many are required, a multiple of 8");
        (_a, _b) = (a, b);
    }

    /// <summary>The length of a signature.</summary>
    public int Permutations => _a.Length;

    /// <summary>The least value of the items under each permutation; all ones for the empty set.</summary>
    public void Sign(ReadOnlySpan<uint> items, Span<uint> signature)
    {
        uint[] mixed = new uint[items.Length];
        for (int i = 0; i < mixed.Length; i++) mixed[i] = Mix(items[i]);
        for (int at = 0; at < Permutations; at += Vector256<uint>.Count)
        {
            Vector256<uint> a = Vector256.Create(_a, at), b = Vector256.Create(_b, at);
            var least = Vector256<uint>.AllBitsSet;
            foreach (uint item in mixed) least = Vector256.Min(least, a * item + b);
            least.CopyTo(signature[at..]);
        }
    }

    /// <summary>The share of equal places, which estimates the Jaccard similarity with a standard error of at most 0.5 / √length.</summary>
    public static double Similarity(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        int equal = 0;
        for (int at = 0; at < a.Length; at += Vector256<uint>.Count)
            equal += Vector256.CountWhereAllBitsSet(Vector256.Equals(Vector256.Create(a[at..]), Vector256.Create(b[at..])));
        return (double)equal / a.Length;
    }

    /// <summary>
    /// The older scheme, which datasketch had before version 2: ((a h + b) mod 2^64 mod (2^61 - 1)) mod 2^32 of the hash
    /// as it is. For comparing with signatures that were stored by it; the kit's own are <see cref="Sign"/>'s.
    /// </summary>
    /// <param name="items">Hashes of the set's items.</param>
    /// <param name="a">A factor for each place.</param>
    /// <param name="b">A summand for each place.</param>
    /// <exception cref="InputException">Not as many factors as summands.</exception>
    public static uint[] SignLegacy(ReadOnlySpan<uint> items, ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        const ulong MersennePrime = (1UL << 61) - 1;
        if (a.Length != b.Length) throw new InputException($"{a.Length} factors and {b.Length} summands; equally many are required");
        uint[] signature = new uint[a.Length];
        Array.Fill(signature, uint.MaxValue);
        for (int i = 0; i < signature.Length; i++)
            foreach (uint item in items) signature[i] = Math.Min(signature[i], (uint)((a[i] * item + b[i]) % MersennePrime));
        return signature;
    }

    // The finaliser of MurmurHash3 (Appleby), 32 bits: neighbouring hashes must not stay neighbours.
    private static uint Mix(uint h)
    {
        h = (h ^ (h >> 16)) * 0x85EBCA6B;
        h = (h ^ (h >> 13)) * 0xC2B2AE35;
        return h ^ (h >> 16);
    }
}
