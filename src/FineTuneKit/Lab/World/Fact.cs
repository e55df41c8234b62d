namespace FineTuneKit.Lab.World;

/// <summary>
/// Something a being of the world has: its name as a key, its value, and how it is told and asked.
/// English verb phrases follow the name; Japanese ones stand as <c>名前は、価格が…</c>.
/// </summary>
/// <param name="Key">The key: <c>price=価格</c>.</param>
/// <param name="Tell">English verb phrases with <c>{v}</c>: <c>costs {v}</c>; they answer "which one …?" too.</param>
/// <param name="Ask">Whole questions with <c>{n}</c> in both languages.</param>
/// <param name="Value">Draws a value.</param>
public sealed record FactKind(Term Key, Frame[] Tell, Frame[] Ask, Func<NamedRandom, Side, Term> Value)
{
    private readonly Frame[] _english = [.. Ask.Where(f => !Domain.IsJapanese(f.ToString()))];
    private readonly Frame[] _japanese = [.. Ask.Where(f => Domain.IsJapanese(f.ToString()))];

    /// <summary>The questions in one of the languages.</summary>
    public Frame[] AskIn(Tongue tongue) => tongue == Tongue.English ? _english : _japanese;
}

/// <summary>A fact about one being.</summary>
public sealed record Fact(FactKind Kind, Term Value);

/// <summary>A named being with some facts.</summary>
public sealed record Being(string Name, BeingKind Kind, Fact[] Facts)
{
    /// <summary>The fact of a kind, or null.</summary>
    public Fact? Of(FactKind kind) => Array.Find(Facts, f => f.Kind == kind);
}

/// <summary>A kind of being: what it may be called and which facts it may have.</summary>
/// <param name="Name">The kind in both languages: <c>product=商品</c>.</param>
/// <param name="IsPerson">True where one asks "who", not "which one".</param>
/// <param name="Facts">What its beings may have.</param>
/// <param name="DrawName">Draws a name.</param>
public sealed record BeingKind(Term Name, bool IsPerson, FactKind[] Facts, Func<NamedRandom, Side, Tongue, string> DrawName)
{
    /// <summary>Beings of distinct names that all have the same kinds of facts, whose values differ where they can.</summary>
    public Being[] Draw(NamedRandom random, Side side, Tongue tongue, int count, int factCount)
    {
        var kinds = random.PickSome(Facts, factCount);
        var beings = new List<Being>();
        for (int tries = 0; beings.Count < count; tries++)
        {
            string name = DrawName(random, side, tongue);
            if (beings.Exists(b => b.Name.Contains(name, StringComparison.Ordinal) || name.Contains(b.Name, StringComparison.Ordinal))) continue;
            var facts = kinds.Select(k => new Fact(k, k.Value(random, side))).ToArray();
            if (tries < 20 && beings.Exists(b => b.Facts.Zip(facts).Any(pair => pair.First.Value == pair.Second.Value))) continue;
            beings.Add(new Being(name, this, facts));
        }
        return [.. beings];
    }
}
