using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Fills a form about a letter: stated keys, some with allowed values, to one line of JSON; null where absent.</summary>
internal sealed class FormSkill() : Skill("form", core: false)
{
    private static readonly Prompts Jobs = Prompts.Of("""
        Fill in the form as one line of JSON. {f}
        [Write|Give] JSON only. {f}
        Turn each message into JSON. {f}
        [Form|JSON form|Record]: {f}
        You keep the records of a {d}. {f}
        You sort the mail of a {d} and write JSON. {f}
        """, """
        次の項目を一行のJSONに[書いてください|まとめてください]。{f}
        JSONだけを書いてください。{f}
        [記入欄|記録]：{f}
        {d}の記録係として、届いた文をJSONにします。{f}
        {d}に届いた手紙を分類してJSONで書きます。{f}
        """);

    private static readonly Prompts Layouts = Prompts.Of("""
        {j}¶{x}
        {j}¶Message: {x}
        {x}¶{j}
        {j}¶Text: {x}
        """, """
        {j}¶{x}
        {j}¶メッセージ：{x}
        {x}¶{j}
        {j}¶文：{x}
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var domain = random.Pick(Domains.All);
        var letters = Letters(random, side, domain, tongue);
        var fields = Fields(random, side, domain, tongue, letters);
        string job = Jobs.Ask(random, tongue, ("f", FormSpec.Write(random, tongue, fields)), ("d", domain.Name.In(tongue)));
        var turns = letters.Select(l => (l.Text, JsonLine.Of(fields.Select(f => (f.Key, f.Value(l)))))).ToArray();
        if (random.Chance(0.4)) return Item(tongue, job, turns);
        turns[0].Text = Layouts.Ask(random, tongue, ("j", job), ("x", turns[0].Text));
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static Letter[] Letters(NamedRandom random, Side side, Domain domain, Tongue tongue)
    {
        var of = random.Chance(0.85) ? tongue : tongue.Other();
        return [.. Enumerable.Range(0, Turns(random, side, 4)).Select(_ => LetterWriter.Write(random, side, domain, of))];
    }

    // A note names the code or the item, so every letter of the conversation must have it.
    private static LetterField[] Fields(NamedRandom random, Side side, Domain domain, Tongue tongue, Letter[] letters)
    {
        var source = new LetterFields(random, domain, tongue);
        int count = side.HeldOut || random.Chance(0.75) ? random.Next(4, 7) : random.Next(1, 4);
        var fields = source.Draw(count);
        bool codes = letters.All(l => l.Code is not null), items = letters.All(l => l.Item is not null);
        if ((codes || items) && random.Chance(0.5)) fields = [.. fields, source.Note(letters[0].Tongue, codes && (!items || random.Chance(0.5)))];
        return [.. fields.DistinctBy(f => f.Key)];
    }
}

/// <summary>States the keys of a form in one of several ways.</summary>
internal static class FormSpec
{
    internal static string Write(NamedRandom random, Tongue tongue, LetterField[] fields)
    {
        bool english = tongue == Tongue.English;
        bool explain = random.Chance(0.35);
        string absent = english ? random.Pick<string>(["null where absent.", "Use null if it is not said.", "Absent: null."]) : random.Pick<string>(["ないものはnull。", "書かれていなければnull。"]);
        if (random.Chance(0.25)) return "\n" + string.Join('\n', fields.Select(f => $"- {f.Key}: {Meaning(f, explain, english, " / ")}")) + "\n" + absent;
        if (random.Chance(0.2)) return $"{{{string.Join(", ", fields.Select(f => $"\"{f.Key}\": {Meaning(f, explain, english, "|")}"))}}} {absent}";
        string list = string.Join(english ? ", " : "、", fields.Select(f => Inline(f, explain, english)));
        return english ? $"Keys: {list}. {absent}" : $"キー：{list}。{absent}";
    }

    private static string Inline(LetterField field, bool explain, bool english)
    {
        bool bare = field.Choices.Length == 0 && !explain && !field.About.Contains('"', StringComparison.Ordinal) && !field.About.Contains('「', StringComparison.Ordinal);
        if (bare) return field.Key;
        string meaning = Meaning(field, explain, english, english ? ", " : "、");
        return english ? $"{field.Key} ({meaning})" : $"{field.Key}（{meaning}）";
    }

    private static string Meaning(LetterField field, bool explain, bool english, string between)
    {
        string choices = string.Join(between, field.Choices);
        if (choices.Length == 0) return field.About;
        return explain ? $"{field.About}{(english ? ": " : "：")}{choices}" : choices;
    }
}
