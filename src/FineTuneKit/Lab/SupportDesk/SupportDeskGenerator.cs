namespace FineTuneKit.Lab.SupportDesk;

/// <summary>
/// The target task of the lab: customers' messages to a bicycle shop and their tickets, generated from seeds.
/// Data and label rules are described in data-samples/README.md.
/// </summary>
public static class SupportDeskGenerator
{
    internal static readonly DeskGrammar[] Grammars = [new EnglishGrammar(), new JapaneseGrammar()];

    /// <summary>
    /// Rows without fault: intents and languages in equal parts, every message different, order numbers used once.
    /// Rows of one <see cref="DeskTicketRow.Group"/> share their frames, products and people with no other group.
    /// </summary>
    /// <param name="rows">How many rows; with fewer than 192 some groups have none.</param>
    /// <param name="seed">Another seed gives other messages and order numbers from the same groups.</param>
    public static IReadOnlyList<DeskTicketRow> Clean(int rows, long seed) => new DeskRowSource(seed).Draw(rows);

    /// <summary>
    /// Rows with planted faults and the list of them: three quarters are as <see cref="Clean"/> makes them, some of
    /// these are spoilt, and copies, contradictions and too many rows of one intent are added.
    /// </summary>
    /// <param name="rows">How many rows, at least 200.</param>
    /// <param name="seed">Use another seed than for the clean rows.</param>
    public static DirtyDesk Dirty(int rows, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 200);
        return new FaultPlanter(rows, seed).Plant();
    }
}

/// <summary>Rows of one seed; none repeats a message or an order number of those drawn before.</summary>
internal sealed class DeskRowSource(long seed)
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private readonly HashSet<string> _messages = [];
    private readonly HashSet<string> _orderIds = [];
    private readonly NamedRandom _ids = new("support-desk/order-ids", seed);
    private readonly Dictionary<string, int> _drawn = [];

    public List<DeskTicketRow> Draw(int rows, Func<FrameGroup, bool>? filter = null)
    {
        var order = new NamedRandom($"support-desk/order/{_messages.Count}", seed);
        List<Queue<FrameGroup>> strata = [.. FrameGroup.All
            .Where(g => filter?.Invoke(g) ?? true)
            .GroupBy(g => (g.Intent, g.Language))
            .Select(stratum => Shuffled(stratum, order))];
        // Strata in a chance order, so that what does not divide evenly favours no intent.
        order.Shuffle(strata);

        List<DeskTicketRow> drawn = [];
        for (int i = 0; i < rows; i++)
        {
            Queue<FrameGroup> stratum = strata[i % strata.Count];
            FrameGroup group = stratum.Dequeue();
            stratum.Enqueue(group);
            drawn.Add(DrawFrom(group));
        }
        order.Shuffle(drawn);
        return drawn;
    }

    private DeskTicketRow DrawFrom(FrameGroup group)
    {
        while (true)
        {
            int number = _drawn[group.Id] = _drawn.GetValueOrDefault(group.Id) + 1;
            var random = new NamedRandom($"support-desk/{group.Id}/{number}", seed);
            DeskGrammar grammar = SupportDeskGenerator.Grammars[(int)group.Language];
            DeskTicketRow row = MessageComposer.Compose(grammar, group, random, NewOrderId);
            if (_messages.Add(row.Message)) return row;
        }
    }

    public string NewOrderId()
    {
        while (true)
        {
            string id = $"{Letter()}{Letter()}{_ids.Next(10_000, 100_000)}";
            if (_orderIds.Add(id)) return id;
        }
    }

    private char Letter() => Letters[_ids.Next(Letters.Length)];

    private static Queue<FrameGroup> Shuffled(IEnumerable<FrameGroup> groups, NamedRandom random)
    {
        List<FrameGroup> list = [.. groups];
        random.Shuffle(list);
        return new(list);
    }
}
