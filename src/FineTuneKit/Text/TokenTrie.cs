namespace FineTuneKit.Text;

/// <summary>Finds the leftmost of many strings in a text, and the longest of those that start there.</summary>
internal sealed class TokenTrie
{
    private sealed class Node
    {
        public Dictionary<char, Node> Next { get; } = [];

        public int Id { get; set; } = -1;
    }

    private readonly Node _root = new();

    public void Add(string token, int id)
    {
        Node node = _root;
        foreach (char c in token)
        {
            if (!node.Next.TryGetValue(c, out Node? next)) node.Next[c] = next = new();
            node = next;
        }
        node.Id = id;
    }

    public bool Next(ReadOnlySpan<char> text, int from, out int start, out int end, out int id)
    {
        for (start = from; start < text.Length && _root.Next.Count > 0; start++)
        {
            id = -1;
            end = start;
            Node node = _root;
            for (int i = start; i < text.Length && node.Next.TryGetValue(text[i], out Node? next); i++)
            {
                node = next;
                if (node.Id < 0) continue;
                id = node.Id;
                end = i + 1;
            }
            if (id >= 0) return true;
        }
        (end, id) = (start, -1);
        return false;
    }
}
