namespace FineTuneKit.Lab.SupportDesk;

/// <summary>
/// Two requests of one intent, with the products and people that appear with them and with no other group.
/// So whatever side of a split a group falls on, its frames, products and names are on that side alone.
/// </summary>
internal sealed record FrameGroup(
    string Id, TicketIntent Intent, TicketLanguage Language, string[] Requests, BicycleProduct[] Products, string FirstName, string Surname)
{
    public const int RequestsEach = 2, ProductsEach = 3;

    public static IReadOnlyList<FrameGroup> All { get; } = Build();

    private static FrameGroup[] Build()
    {
        var random = new NamedRandom("support-desk/groups", 2026);
        Queue<BicycleProduct> Deal(bool katakana, bool bicycle)
        {
            List<BicycleProduct> products = [.. Catalogue.Products.Where(p => Catalogue.IsKatakana(p) == katakana && p.IsBicycle == bicycle)];
            random.Shuffle(products);
            return new(products);
        }
        var stock = new Dictionary<(bool Katakana, bool Bicycle), Queue<BicycleProduct>>
        {
            [(false, true)] = Deal(false, true),
            [(false, false)] = Deal(false, false),
            [(true, true)] = Deal(true, true),
            [(true, false)] = Deal(true, false),
        };

        List<FrameGroup> groups = [];
        foreach (DeskGrammar grammar in SupportDeskGenerator.Grammars)
            foreach (TicketIntent intent in Enum.GetValues<TicketIntent>())
                for (int i = 0; i < grammar.Requests[(int)intent].Length / RequestsEach; i++)
                    groups.Add(Build(grammar, intent, i, stock, person: groups.Count(g => g.Language == grammar.Language)));
        return [.. groups];
    }

    private static FrameGroup Build(
        DeskGrammar grammar, TicketIntent intent, int number, Dictionary<(bool Katakana, bool Bicycle), Queue<BicycleProduct>> stock, int person)
    {
        // One wording of a line pair and the other wording of the next: what is asked in a test was asked otherwise in training.
        string[] lines = grammar.Requests[(int)intent];
        string[] requests = [lines[2 * number], lines[(2 * number + 3) % lines.Length]];
        bool bicyclesOnly = requests.All(DeskGrammar.IsForBicycles);
        bool japanese = grammar.Language == TicketLanguage.Japanese;
        // Japanese customers write some names in Latin letters: the third product of their groups.
        BicycleProduct[] products =
        [
            stock[(japanese, true)].Dequeue(),
            stock[(japanese, bicyclesOnly)].Dequeue(),
            stock[(false, true)].Dequeue(),
        ];
        string id = $"{Ticket.LanguageNames[(int)grammar.Language]}-{Ticket.IntentNames[(int)intent]}-{number + 1:00}";
        return japanese
            ? new(id, intent, grammar.Language, requests, products, "", PeopleNames.JapaneseSurnames[person])
            : new(id, intent, grammar.Language, requests, products, PeopleNames.EnglishFirstNames[person], PeopleNames.EnglishSurnames[person]);
    }

}
