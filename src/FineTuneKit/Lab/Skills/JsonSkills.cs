using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Writes JSON from stated keys and values; bare integers become numbers.</summary>
internal sealed class JsonSkill() : Skill("json", core: true)
{
    private static readonly Prompts Ways = Prompts.Of("""
        Write JSON: {x}
        [Write as JSON|As JSON|JSON, please]: {x}
        Make one line of JSON from {x}
        JSON with these keys and values: {x}
        """, """
        JSONで書いてください：{x}
        [JSONにして|JSONに変換して]ください：{x}
        次のキーと値を一行のJSONに：{x}
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var fields = Fields(random, side, tongue);
        string equals = random.Pick<string>([" ", " = ", ": ", "="]);
        string between = tongue == Tongue.English ? random.Pick<string>([", ", "; ", "\n"]) : random.Pick<string>(["、", ", ", "\n"]);
        string text = string.Join(between, fields.Select(f => f.Key + equals + (f.Value ?? "null")));
        if (between == "\n") text = "\n" + text;
        return Item(tongue, Prompts.System(random, tongue), (Ways.Ask(random, tongue, ("x", text)), JsonLine.Of(fields, numbers: true)));
    }

    private static List<(string Key, string? Value)> Fields(NamedRandom random, Side side, Tongue tongue)
    {
        bool plainKeys = random.Chance(0.6);
        var being = random.Pick(Beings.All).Draw(random, side, tongue, 1, random.Next(1, 6))[0];
        var fields = new List<(string, string?)> { (tongue == Tongue.English || random.Chance(0.4) ? "name" : "名前", being.Name) };
        foreach (var fact in being.Facts)
        {
            string key = plainKeys ? fact.Kind.Key.In(tongue).Replace(' ', '_') : Names.Nonsense(random, side);
            string? value = random.Next(8) switch { 0 => random.Next(1, 1000).ToString(), 1 => null, _ => fact.Value.In(tongue) };
            if (!fields.Exists(f => f.Item1 == key)) fields.Add((key, value));
        }
        return fields;
    }
}

/// <summary>Finds the values of stated keys in a sentence and writes them as JSON; null where the sentence has none.</summary>
internal sealed class ExtractSkill() : Skill("extract", core: true)
{
    private static readonly Prompts Ways = Prompts.Of("""
        Extract {k} as JSON: {x}
        [Write|Give] {k} as JSON.¶{x}
        Keys: {k}¶Text: {x}
        {x}¶JSON with {k}[, null if absent|]:
        Fill in {k} from the text: {x}
        """, """
        {k}をJSONで取り出してください：{x}
        キー：{k}¶文：{x}
        次の文から{k}をJSONに[してください|]。¶{x}
        {x}¶{k}をJSONで[。|（なければnull）。]
        """);

    private static readonly Prompts SystemWays = Prompts.Of("""
        Read each text and write {k} as one line of JSON[; null where absent|].
        You turn sentences into JSON with the keys {k}.
        """, """
        文を読み、{k}を一行のJSONで書きます。[ないものはnull。|]
        文を次のキーのJSONにします：{k}
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        return random.Chance(0.5) ? FromHappenings(random, side, tongue) : FromBeings(random, side, tongue);
    }

    private SkillItem FromHappenings(NamedRandom random, Side side, Tongue tongue)
    {
        string[] roles = random.PickSome([.. Happening.Roles.Keys], random.Next(2, 6));
        var turns = new List<(string Text, string Answer)>();
        int count = Turns(random, side, 3);
        while (turns.Count < count)
        {
            var happening = Happening.Draw(random, side, tongue);
            if (!Array.Exists(roles, happening.Parts.ContainsKey)) continue;
            turns.Add((happening.Text, JsonLine.Of(roles.Select(r => (Happening.Roles[r].In(tongue), happening.Parts.GetValueOrDefault(r))), numbers: true)));
        }
        return Ask(random, tongue, roles.Select(r => Happening.Roles[r].In(tongue)), turns);
    }

    private SkillItem FromBeings(NamedRandom random, Side side, Tongue tongue)
    {
        var kind = random.Pick(Beings.All);
        var keys = random.PickSome(kind.Facts, random.Next(1, 5));
        string nameKey = tongue == Tongue.English ? "name" : "名前";
        var turns = new List<(string Text, string Answer)>();
        for (int i = Turns(random, side, 3); i > 0; i--)
        {
            var being = kind.Draw(random, side, tongue, 1, random.Next(2, 6))[0];
            var told = being with { Facts = [.. being.Facts.Where(f => keys.Contains(f.Kind) || random.Chance(0.5))] };
            if (told.Facts.Length == 0) told = being;
            string answer = JsonLine.Of(keys.Select(k => (k.Key.In(tongue).Replace(' ', '_'), told.Of(k)?.Value.In(tongue))).Prepend((nameKey, told.Name)));
            turns.Add((Telling.Prose(random, told, tongue), answer));
        }
        return Ask(random, tongue, keys.Select(k => k.Key.In(tongue).Replace(' ', '_')).Prepend(nameKey), turns);
    }

    private SkillItem Ask(NamedRandom random, Tongue tongue, IEnumerable<string> keys, List<(string Text, string Answer)> turns)
    {
        string list = string.Join(tongue == Tongue.English ? ", " : "、", keys);
        if (random.Chance(0.2)) return Item(tongue, SystemWays.Ask(random, tongue, ("k", list)), turns);
        var (text, answer) = turns[0];
        turns[0] = (Ways.Ask(random, tongue, ("k", list), ("x", text)), answer);
        return Item(tongue, Prompts.System(random, tongue), turns);
    }
}
