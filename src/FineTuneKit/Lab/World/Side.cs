namespace FineTuneKit.Lab.World;

/// <summary>
/// The training side or the held-out side of everything that has a key: a name, a code, a pair of summands, a prompt.
/// One key in eight is held out, by a hash of its text, so neither side ever makes a key of the other.
/// </summary>
/// <param name="HeldOut">True for the questions that measure; false for the text that trains.</param>
public readonly record struct Side(bool HeldOut)
{
    private const int HeldOutOneIn = 8;

    /// <summary>The side of the training text.</summary>
    public static Side Training => new(HeldOut: false);

    /// <summary>True where the key belongs to this side.</summary>
    public bool Has(string key) => (Hash(key) % HeldOutOneIn == 0) == HeldOut;

    // FNV-1a over UTF-16 units, with a final mix because its low bits alone are weak.
    private static ulong Hash(string key)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in key) hash = (hash ^ c) * 1099511628211;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        return hash ^ (hash >> 33);
    }
}
