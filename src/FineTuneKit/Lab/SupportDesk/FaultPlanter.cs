namespace FineTuneKit.Lab.SupportDesk;

/// <summary>Makes dirty data: rows as the clean generator makes them, then faults, each on rows of its own.</summary>
internal sealed class FaultPlanter(int rows, long seed)
{
    private sealed class Entry(DeskTicketRow row)
    {
        public DeskTicketRow Row { get; set; } = row;
        public string? Type { get; set; }
        public string Detail { get; set; } = "";
        public Entry? Other { get; init; }
    }

    private const TicketIntent Crowded = TicketIntent.OrderStatus;
    private readonly NamedRandom _random = new("support-desk/faults", seed);
    private readonly List<Entry> _entries = [];
    private readonly List<Entry> _sound = [];

    public DirtyDesk Plant()
    {
        var source = new DeskRowSource(seed);
        int crowd = Share(96), copies = Share(40), nearCopies = Share(40), contradictions = Share(24);
        foreach (DeskTicketRow row in source.Draw(rows - crowd - copies - nearCopies - contradictions)) _sound.Add(new Entry(row));
        _entries.AddRange(_sound);
        foreach (DeskTicketRow row in source.Draw(crowd, g => g.Intent == Crowded)) _entries.Add(new Entry(row));
        _random.Shuffle(_sound);

        // Stale facts come first: they need a row that names a product of which something can be said.
        Spoil("stale_fact", Share(16), StaleFact, HasFact);
        Spoil("personal_data", Share(30), i => PersonalData(i, "personal_data"));
        Spoil("secret", Share(12), i => PersonalData(i, "secret"));
        Spoil("empty_answer", Share(12), Empty);
        Spoil("truncated_answer", Share(16), Truncated);
        Spoil("wrong_language", Share(16), WrongLanguage);
        Copy("exact_duplicate", copies, (row, _) => (row with { Group = AnotherGroup(row) }, "the same message and answer under another group"));
        Copy("near_duplicate", nearCopies, NearDuplicate);
        Copy("contradicting_label", contradictions, Contradiction);
        return Number();
    }

    private int Share(int of800) => Math.Max(1, of800 * rows / 800);

    private Entry Take(Func<DeskTicketRow, bool>? fits)
    {
        int at = fits is null ? _sound.Count - 1 : _sound.FindLastIndex(e => fits(e.Row));
        if (at < 0) throw new InvalidOperationException($"{rows} rows are too few to plant every fault");
        Entry entry = _sound[at];
        _sound.RemoveAt(at);
        return entry;
    }

    private void Spoil(string type, int count, Func<int, Func<DeskTicketRow, (DeskTicketRow, string)>> fault, Func<DeskTicketRow, bool>? fits = null)
    {
        for (int i = 0; i < count; i++)
        {
            Entry entry = Take(fits);
            (entry.Row, entry.Detail) = fault(i)(entry.Row);
            entry.Type = type;
        }
    }

    private void Copy(string type, int count, Func<DeskTicketRow, int, (DeskTicketRow, string)> change)
    {
        for (int i = 0; i < count; i++)
        {
            Entry original = Take(fits: null);
            (DeskTicketRow row, string detail) = change(original.Row, i);
            _entries.Add(new Entry(row) { Type = type, Detail = detail, Other = original });
        }
    }

    private DirtyDesk Number()
    {
        _random.Shuffle(_entries);
        // A copy stands below its original, so that "the later one" is the planted one.
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Other is not { } other) continue;
            int j = _entries.IndexOf(other);
            if (j > i) (_entries[i], _entries[j]) = (_entries[j], _entries[i]);
        }
        var lines = _entries.Select((entry, i) => (entry, line: i + 1)).ToDictionary(e => e.entry, e => e.line);
        List<PlantedFault> planted = [.. _entries
            .Where(e => e.Type is not null)
            .Select(e => new PlantedFault(lines[e], e.Type!, e.Detail, e.Other is null ? null : lines[e.Other]))];
        planted.Add(Imbalance());
        return new DirtyDesk([.. _entries.Select(e => e.Row)], planted);
    }

    private PlantedFault Imbalance()
    {
        var counts = Ticket.IntentNames.ToDictionary(n => n, n => _entries.Count(e => e.Row.Label == n));
        string crowded = Ticket.IntentNames[(int)Crowded];
        string others = string.Join(", ", counts.Where(c => c.Key != crowded).Select(c => $"{c.Key} {c.Value}"));
        return new PlantedFault(null, "class_imbalance", $"{crowded} {counts[crowded]} of {rows} rows; {others}", null);
    }

    // Copies change their group: the group alone would let them fall on two sides of a split.
    private string AnotherGroup(DeskTicketRow row)
    {
        List<FrameGroup> others = [.. FrameGroup.All.Where(g => g.Intent == row.Ticket.Intent && g.Language == row.Ticket.Language && g.Id != row.Group)];
        return _random.Pick(others).Id;
    }

    private (DeskTicketRow, string) NearDuplicate(DeskTicketRow row, int number)
    {
        bool japanese = row.Ticket.Language == TicketLanguage.Japanese;
        (string message, string what) = (number % 3) switch
        {
            0 => ((japanese ? "すみません。" : "Hello again. ") + row.Message, "a greeting added"),
            1 => (row.Message + (japanese ? "どうぞよろしく。" : " Thanks again."), "a closing added"),
            _ => (Respell(row), "a letter changed"),
        };
        return (row with { Message = message, Group = AnotherGroup(row) }, $"{what}, under another group");
    }

    private string Respell(DeskTicketRow row)
    {
        DeskGrammar grammar = SupportDeskGenerator.Grammars[(int)row.Ticket.Language];
        string changed = grammar.WithTypo(row.Message, _random);
        return changed != row.Message ? changed : row.Message[..^1] + (row.Message[^1] == '!' ? '.' : '!');
    }

    private (DeskTicketRow, string) Contradiction(DeskTicketRow row, int number)
    {
        Ticket right = row.Ticket;
        Ticket wrong = number % 3 == 0
            ? right with { Urgency = (TicketUrgency)(((int)right.Urgency + 1 + _random.Next(2)) % 3) }
            : right with { Intent = (TicketIntent)(((int)right.Intent + 1 + _random.Next(7)) % 8) };
        wrong = wrong with { Reply = HouseReply.For(wrong.Intent, wrong.Product, wrong.OrderId, wrong.Urgency, wrong.Language) };
        string detail = number % 3 == 0
            ? $"urgency {Ticket.UrgencyNames[(int)wrong.Urgency]} for the same message; {Ticket.UrgencyNames[(int)right.Urgency]} is right"
            : $"intent {Ticket.IntentNames[(int)wrong.Intent]} for the same message; {Ticket.IntentNames[(int)right.Intent]} is right";
        return (row with { Ticket = wrong, Answer = wrong.ToJson() }, detail);
    }

    private Func<DeskTicketRow, (DeskTicketRow, string)> PersonalData(int number, string type) => row =>
    {
        string[] kinds = type == "secret" ? InventedPersonalData.SecretKinds : InventedPersonalData.Kinds;
        string kind = kinds[number % kinds.Length];
        bool japanese = row.Ticket.Language == TicketLanguage.Japanese;
        string value = new InventedPersonalData(_random).Draw(kind, japanese);
        return (row with { Message = row.Message + InventedPersonalData.Sentence(kind, value, japanese) }, $"{kind}: {value}");
    };

    private static Func<DeskTicketRow, (DeskTicketRow, string)> Empty(int number) => row => number % 3 == 0
        ? (row with { Answer = "  " }, "the answer is two spaces")
        : (row with { Answer = "" }, "the answer is empty");

    private Func<DeskTicketRow, (DeskTicketRow, string)> Truncated(int number) => row =>
    {
        int kept = row.Answer.Length * (30 + _random.Next(65)) / 100;
        return (row with { Answer = row.Answer[..kept] }, $"the answer breaks off after {kept} of {row.Answer.Length} characters");
    };

    private static Func<DeskTicketRow, (DeskTicketRow, string)> WrongLanguage(int number) => row =>
    {
        Ticket right = row.Ticket;
        TicketLanguage other = 1 - right.Language;
        string reply = HouseReply.For(right.Intent, right.Product, right.OrderId, right.Urgency, other);
        Ticket wrong = right with { Reply = reply, Language = number % 2 == 0 ? right.Language : other };
        string what = number % 2 == 0 ? "the reply is" : "the language and the reply are";
        return (row with { Answer = wrong.ToJson() }, $"{what} in {Ticket.LanguageNames[(int)other]}; the message is in {row.Language}");
    };

    private static bool HasFact(DeskTicketRow row) =>
        row.Ticket is { Product: not null, Intent: TicketIntent.Price or TicketIntent.Stock or TicketIntent.Return };

    private Func<DeskTicketRow, (DeskTicketRow, string)> StaleFact(int number) => row =>
    {
        BicycleProduct product = Catalogue.Find(row.Ticket.Product!)!;
        int wrongPrice = product.PriceYen * (70 + _random.Next(20)) / 10_000 * 100;
        int wrongStock = product.Stock == 0 ? 1 + _random.Next(5) : 0;
        int wrongDays = ShopFacts.ReturnDays / 2;
        bool japanese = row.Ticket.Language == TicketLanguage.Japanese;
        (string reply, string detail) = row.Ticket.Intent switch
        {
            TicketIntent.Price => (japanese
                ? $"お問い合わせありがとうございます、{product.Name}の価格は{wrongPrice}円でございます。"
                : $"Thank you for your interest; the {product.Name} costs {wrongPrice} yen.",
                $"price {wrongPrice} yen; the catalogue says {product.PriceYen}"),
            TicketIntent.Stock => (japanese
                ? $"お問い合わせありがとうございます、{product.Name}の在庫は{wrongStock}点でございます。"
                : $"Thank you for your interest; we have {wrongStock} of the {product.Name} in stock.",
                $"stock {wrongStock}; the catalogue says {product.Stock}"),
            _ => (japanese
                ? $"ご連絡ありがとうございます、{product.Name}は購入後{wrongDays}日以内なら返品できます。"
                : $"Thank you for telling us; the {product.Name} can be returned within {wrongDays} days.",
                $"returns within {wrongDays} days; the catalogue says {ShopFacts.ReturnDays}"),
        };
        return (row with { Answer = (row.Ticket with { Reply = reply }).ToJson() }, detail);
    };
}
