namespace FineTuneKit.Text;

/// <summary>A set of strings, each with an id, in which prefixes of a text are looked up.</summary>
internal sealed class TokenTrie
{
    public const int Root = 0, None = -1;

    // A node's number and the next character, to the next node's number.
    private readonly Dictionary<ulong, int> _next = [];
    private readonly List<int> _ids = [None];

    public void Add(string token, int id)
    {
        int node = Root;
        foreach (char c in token)
        {
            if (!_next.TryGetValue(Key(node, c), out int next))
            {
                _next[Key(node, c)] = next = _ids.Count;
                _ids.Add(None);
            }
            node = next;
        }
        _ids[node] = id;
    }

    /// <summary>The node after one more character, or <see cref="None"/> where no string goes on so.</summary>
    public int Step(int node, char c) => _next.TryGetValue(Key(node, c), out int next) ? next : None;

    /// <summary>The id of the string that ends at a node, or <see cref="None"/>.</summary>
    public int IdAt(int node) => _ids[node];

    /// <summary>The length of the longest string that the text begins with, or 0.</summary>
    public int Longest(ReadOnlySpan<char> text, out int id)
    {
        id = None;
        int length = 0;
        for (int i = 0, node = Step(Root, text, 0); node != None; node = Step(node, text, ++i))
        {
            if (_ids[node] == None) continue;
            id = _ids[node];
            length = i + 1;
        }
        return length;
    }

    /// <summary>Finds the leftmost string in a text from a place on, and the longest of those that start there.</summary>
    public bool Next(ReadOnlySpan<char> text, int from, out int start, out int end, out int id)
    {
        for (start = from; start < text.Length && _next.Count > 0; start++)
        {
            end = start + Longest(text[start..], out id);
            if (end > start) return true;
        }
        (end, id) = (start, None);
        return false;
    }

    private int Step(int node, ReadOnlySpan<char> text, int index) => index < text.Length ? Step(node, text[index]) : None;

    private static ulong Key(int node, char c) => ((ulong)node << 16) | c;
}
