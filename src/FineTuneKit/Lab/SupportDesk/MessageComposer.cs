namespace FineTuneKit.Lab.SupportDesk;

/// <summary>
/// Writes one customer's message and its ticket. The labels are drawn first; then every sentence is chosen so
/// that a reader can tell them from the text alone, by the rules in data-samples/README.md.
/// </summary>
internal sealed class MessageComposer
{
    // How often a message of an intent names its product, and its order number.
    private static readonly double[] ProductChance = [0.55, 0.75, 0.7, 0.9, 0.9, 0.7, 0.65, 0.6];
    private static readonly double[] OrderChance = [0.8, 0.6, 0.35, 0.12, 0.12, 0.6, 0.25, 0.25];
    private const double HighChance = 0.3, LowChance = 0.25;

    private readonly DeskGrammar _grammar;
    private readonly FrameGroup _group;
    private readonly NamedRandom _random;
    private readonly MessageDraft _draft;
    private readonly Phrase _phrase;
    private readonly int _request;
    private readonly TicketUrgency _urgency;
    private readonly List<string> _sentences = [];
    private readonly List<char> _structure = [];
    private string? _person;

    private MessageComposer(DeskGrammar grammar, FrameGroup group, NamedRandom random, Func<string> drawOrderId)
    {
        (_grammar, _group, _random) = (grammar, group, random);
        _request = random.Next(group.Requests.Length);
        bool asksForOrder = Request.Contains("{ord}");
        double product = NamesSomething ? ProductChance[(int)group.Intent] : 0.15;
        double order = asksForOrder ? 0.75 : NamesSomething ? OrderChance[(int)group.Intent] : 0.12;

        BicycleProduct thing = random.Pick([.. group.Products.Where(p => p.IsBicycle || !DeskGrammar.IsForBicycles(Request))]);
        string? name = random.Chance(product) ? thing.Name : null;
        BicycleProduct other = random.Pick([.. group.Products.Where(p => p != thing)]);
        _draft = new MessageDraft
        {
            Group = group,
            Random = random,
            Politeness = Pick(random.NextDouble()),
            Kind = thing,
            Product = name,
            OrderId = random.Chance(order) ? drawOrderId() : null,
            SecondProduct = name is not null && NamesSomething && random.Chance(0.07) ? other : null,
        };
        double soon = random.NextDouble();
        _urgency = soon < HighChance ? TicketUrgency.High : soon < HighChance + LowChance ? TicketUrgency.Low : TicketUrgency.Normal;
        _phrase = new Phrase(random, _draft.Politeness, slot => grammar.Slot(slot, _draft));
    }

    private string Request => _group.Requests[_request];

    private bool NamesSomething => _grammar.NamesAThing(Request) || Request.Contains("{ord}");

    public static DeskTicketRow Compose(DeskGrammar grammar, FrameGroup group, NamedRandom random, Func<string> drawOrderId) =>
        new MessageComposer(grammar, group, random, drawOrderId).Compose();

    private DeskTicketRow Compose()
    {
        Open();
        bool sideFirst = _random.Chance(0.04);
        if (sideFirst) SayAside(_grammar.EarlySideMarkers);
        bool cueFirst = _random.Chance(0.25);
        if (cueFirst) SayUrgency();
        SayRequest(sideFirst);
        SayMissingReferences();
        if (!cueFirst) SayUrgency();
        if (_draft.SecondProduct is not null) Say('2', _grammar.SecondProducts);
        if (!sideFirst && _random.Chance(0.12)) SayAside(_grammar.SideMarkers);
        Close();
        return Finish();
    }

    private void Open()
    {
        if (_random.Chance(0.07)) Say('F', _grammar.ForeignGreetings);
        else if (_random.Chance(0.6)) Say('G', _grammar.Greetings);
        if (_random.Chance(0.15)) SayName('N', _grammar.Introductions);
        if (_random.Chance(0.27)) Say('D', _random.Pick(FittingDetours()));
    }

    private List<string[]> FittingDetours()
    {
        List<string[]> kinds = [_grammar.Detours, _grammar.Detours];
        if (!_grammar.NamesAThing(Request)) return kinds;
        kinds.Add(_draft.Owned ? _grammar.OwnerDetours : _grammar.BuyerDetours);
        if (_draft.Kind.IsBicycle) kinds.Add(_grammar.BicycleDetours);
        return kinds;
    }

    private void SayRequest(bool afterAside)
    {
        if (afterAside) Say('!', _grammar.RealReasonMarkers);
        else if (_random.Chance(0.1)) Say('?', _grammar.ReasonMarkers);
        Say('R', [Request]);
    }

    private void SayMissingReferences()
    {
        if (_draft.Product is not null && !_draft.ProductSaid)
            Say('P', NamesSomething ? _grammar.ProductSentences : _grammar.CustomerOfSentences);
        if (_draft.OrderId is null || _draft.OrderIdSaid) return;
        Say('O', _draft.Owned ? _grammar.OwnerOrderSentences : _grammar.BuyerOrderSentences);
    }

    private void SayUrgency()
    {
        if (_urgency == TicketUrgency.Normal && _random.Chance(0.5)) return;
        // Only a bicycle strands or endangers its rider.
        bool bicycle = _draft.Kind.IsBicycle && NamesSomething;
        Say('U', _random.Pick(_grammar.Urgency.Fitting(_urgency, _group.Intent, bicycle)));
    }

    private void SayAside(string[] markers)
    {
        TicketIntent intent;
        do intent = (TicketIntent)_random.Next(Ticket.IntentNames.Count); while (intent == _group.Intent);
        string marker = _phrase.Expand(_random.Pick(markers));
        string question = _phrase.Expand(_random.Pick(_grammar.SideQuestions[(int)intent]));
        _sentences.Add(_grammar.Language == TicketLanguage.English ? $"{marker} {question}" : marker + question);
        _structure.Add('S');
    }

    private void Close()
    {
        if (_random.Chance(0.06)) Say('f', _grammar.ForeignClosings);
        else if (_person is null && _random.Chance(0.2)) SayName('n', _grammar.SignedClosings);
        else if (_random.Chance(0.35)) Say('c', _grammar.Closings);
    }

    private void SayName(char part, string[] phrases)
    {
        Say(part, phrases);
        _person = $"{_group.FirstName} {_group.Surname}".Trim();
    }

    private void Say(char part, string[] phrases)
    {
        _sentences.Add(_phrase.Expand(_random.Pick(phrases)));
        _structure.Add(part);
    }

    private DeskTicketRow Finish()
    {
        if (_random.Chance(0.12))
        {
            int slip = _random.Next(_sentences.Count);
            _sentences[slip] = _grammar.WithTypo(_sentences[slip], _random);
        }
        string reply = HouseReply.For(_group.Intent, _draft.Product, _draft.OrderId, _urgency, _grammar.Language);
        var ticket = new Ticket(_group.Intent, _draft.Product, _draft.OrderId, _urgency, _grammar.Language, reply);
        return new DeskTicketRow
        {
            Message = _grammar.Join(_sentences, _draft),
            Answer = ticket.ToJson(),
            Ticket = ticket,
            Group = _group.Id,
            Frame = $"{_group.Id}{(char)('a' + _request)}/{string.Concat(_structure)}",
            Person = _person,
        };
    }

    private static Politeness Pick(double share) =>
        share < 0.3 ? Politeness.Casual : share < 0.78 ? Politeness.Polite : Politeness.Formal;
}
