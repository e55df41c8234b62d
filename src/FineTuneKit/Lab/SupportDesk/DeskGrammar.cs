namespace FineTuneKit.Lab.SupportDesk;

/// <summary>What a message is about while it is being written, and what of it has been said already.</summary>
internal sealed class MessageDraft
{
    public required FrameGroup Group { get; init; }
    public required NamedRandom Random { get; init; }
    public required Politeness Politeness { get; init; }
    public required BicycleProduct Kind { get; init; }
    public required string? Product { get; init; }
    public required string? OrderId { get; init; }
    public BicycleProduct? SecondProduct { get; init; }
    public bool ProductSaid { get; set; }
    public bool OrderIdSaid { get; set; }

    /// <summary>True where the customer has the thing or has ordered it; false where it still stands in the shop.</summary>
    public bool Owned => Group.Intent is not (TicketIntent.Stock or TicketIntent.Price);

    public string SayProduct()
    {
        ProductSaid = true;
        return Product!;
    }

    public string SayOrderId()
    {
        OrderIdSaid = true;
        return OrderId!;
    }
}

/// <summary>The sentences of one language, as phrases that <see cref="Phrase"/> expands.</summary>
internal abstract class DeskGrammar
{
    public abstract TicketLanguage Language { get; }

    /// <summary>Requests by intent, in pairs of lines that say the same in two ways.</summary>
    public abstract string[][] Requests { get; }

    public abstract string[] Greetings { get; }
    public abstract string[] ForeignGreetings { get; }
    public abstract string[] Introductions { get; }
    public abstract string[] Closings { get; }
    public abstract string[] SignedClosings { get; }
    public abstract string[] ForeignClosings { get; }

    /// <summary>Sentences beside the matter, some with numbers and words that look like labels.</summary>
    public abstract string[] Detours { get; }
    public abstract string[] OwnerDetours { get; }
    public abstract string[] BuyerDetours { get; }
    public abstract string[] BicycleDetours { get; }
    public abstract string[] SecondProducts { get; }

    public abstract string[] OwnerOrderSentences { get; }
    public abstract string[] BuyerOrderSentences { get; }
    public abstract string[] ProductSentences { get; }

    /// <summary>Sentences that name the product where the request is about no thing at all.</summary>
    public abstract string[] CustomerOfSentences { get; }

    public abstract string[] ReasonMarkers { get; }
    public abstract string[] RealReasonMarkers { get; }
    public abstract string[] SideMarkers { get; }
    public abstract string[] EarlySideMarkers { get; }

    /// <summary>Second questions by intent; they do not count.</summary>
    public abstract string[][] SideQuestions { get; }

    public abstract UrgencyCues Urgency { get; }

    /// <summary>What stands for a slot such as <c>{the}</c>; slots that several languages share are not asked here.</summary>
    public abstract string Slot(string name, MessageDraft draft);

    /// <summary>Puts the sentences together, with capitals, stops and spaces as the language wants them.</summary>
    public abstract string Join(IReadOnlyList<string> sentences, MessageDraft draft);

    /// <summary>The same sentence with one slip of the keyboard; product names, numbers and people's names stay.</summary>
    public abstract string WithTypo(string sentence, NamedRandom random);

    public bool NamesAThing(string request) =>
        request.Contains("{the}") || request.Contains("{a}") || request.Contains("{p}") || IsForBicycles(request);

    public static bool IsForBicycles(string request) => request.Contains("{my}") || request.Contains("{bike}");
}

/// <summary>
/// Sentences that say how soon. Some fit every matter; the others fit where a ride is planned, where the customer
/// depends on a bicycle, where a fault can hurt, or where somebody merely asks.
/// </summary>
internal sealed record UrgencyCues
{
    public required string[] HighDeadline { get; init; }
    public required string[] HighDecision { get; init; }
    public required string[] HighRide { get; init; }
    public required string[] HighStranded { get; init; }
    public required string[] HighDanger { get; init; }
    public required string[] LowAny { get; init; }
    public required string[] LowCurious { get; init; }
    public required string[] LowRide { get; init; }
    public required string[] LowSpare { get; init; }

    /// <summary>Sentences with times and rides in them that say nothing of urgency.</summary>
    public required string[] NormalAny { get; init; }
    public required string[] NormalBicycle { get; init; }

    /// <summary>The kinds of sentences that fit; one kind is drawn first, so that a long list is not a frequent one.</summary>
    public List<string[]> Fitting(TicketUrgency urgency, TicketIntent intent, bool bicycle)
    {
        bool asks = intent is TicketIntent.Stock or TicketIntent.Price or TicketIntent.Other;
        bool rides = intent is not (TicketIntent.Other or TicketIntent.Price);
        bool depends = bicycle && rides && intent != TicketIntent.Return;
        bool faulty = bicycle && intent is TicketIntent.Repair or TicketIntent.Complaint or TicketIntent.Return or TicketIntent.Appointment;
        List<string[]> kinds = [];
        void Add(bool fits, string[] kind)
        {
            if (fits) kinds.Add(kind);
        }
        switch (urgency)
        {
            case TicketUrgency.High:
                Add(true, HighDeadline);
                Add(asks || intent == TicketIntent.Return, HighDecision);
                Add(rides, HighRide);
                Add(depends, HighStranded);
                Add(faulty && bicycle, HighDanger);
                break;
            case TicketUrgency.Low:
                Add(true, LowAny);
                Add(true, LowAny);
                Add(asks, LowCurious);
                Add(rides, LowRide);
                Add(depends, LowSpare);
                break;
            default:
                Add(true, NormalAny);
                Add(depends, NormalBicycle);
                break;
        }
        return kinds;
    }
}
