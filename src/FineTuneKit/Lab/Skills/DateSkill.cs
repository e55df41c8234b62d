using FineTuneKit.Lab.World;

namespace FineTuneKit.Lab.Skills;

/// <summary>Writes dates of many forms, alone or in a sentence, as ISO 8601; held-out dates are never trained.</summary>
internal sealed class DateSkill() : Skill("date", core: true)
{
    private static readonly Prompts Ways = Prompts.Of("""
        [Write as an ISO date|ISO date|In ISO format]: {x}
        {x} [in ISO format|as ISO 8601], please.
        Convert to YYYY-MM-DD: {x}
        [Which date is named? Use ISO format.|Give the date as YYYY-MM-DD.] {s}
        """, """
        {x}をISO形式で。
        ISO形式の日付に[してください|]：{x}
        {x}を年-月-日の[形|形式]（YYYY-MM-DD）で[書いてください|]。
        文中の日付をISO形式で[答えてください|]。{s}
        """);

    private static readonly Prompts Sentences = Prompts.Of("""
        The [meeting|concert|exam] is on {x}.
        We [moved in|opened|arrived] on {x}.
        It must be paid by {x}.
        She was born on {x} in a small town.
        """, """
        [会議|試験|演奏会]は{x}です。
        {x}に[引っ越しました|開店しました|着きました]。
        支払いの期限は{x}です。
        彼は{x}に小さな町で生まれました。
        """);

    protected override SkillItem Draw(NamedRandom random, Side side)
    {
        var tongue = random.PickTongue();
        var turns = Enumerable.Range(0, Turns(random, side, 3)).Select(_ => Question(random, side, tongue)).ToArray();
        return Item(tongue, Prompts.System(random, tongue), turns);
    }

    private static (string, string) Question(NamedRandom random, Side side, Tongue tongue)
    {
        DateOnly date;
        do date = new DateOnly(random.Next(1950, 2050), random.Next(1, 13), 1).AddDays(random.Next(28)); while (!side.Has($"{date:yyyy-MM-dd}"));
        string text = tongue == Tongue.English ? English(random, date) : Japanese(random, date);
        string sentence = Sentences.Ask(random, tongue, ("x", text));
        return (Ways.Ask(random, tongue, ("x", text), ("s", sentence)), $"{date:yyyy-MM-dd}");
    }

    private static string English(NamedRandom random, DateOnly date)
    {
        string month = Lexicon.Months[date.Month - 1].English;
        return random.Next(9) switch
        {
            0 or 1 => $"{month} {date.Day}, {date.Year}",
            2 => $"{date.Day} {month} {date.Year}",
            3 => $"the {Ordinal(date.Day)} of {month} {date.Year}",
            4 => $"{month} {Ordinal(date.Day)}, {date.Year}",
            5 => $"{month[..3]} {date.Day}, {date.Year}",
            6 => $"{date.Day}-{month[..3]}-{date.Year}",
            7 => $"{date.Year}/{date.Month}/{date.Day}",
            _ => $"{date.Year}.{date.Month:00}.{date.Day:00}",
        };
    }

    // Reiwa began on 1 May 2019.
    private static string Japanese(NamedRandom random, DateOnly date) => random.Next(7) switch
    {
        0 or 1 or 2 => $"{date.Year}年{date.Month}月{date.Day}日",
        3 when date >= new DateOnly(2020, 1, 1) => $"令和{date.Year - 2018}年{date.Month}月{date.Day}日",
        3 or 4 => $"{date.Year}/{date.Month}/{date.Day}",
        5 => $"{Kanji(date.Year, digits: true)}年{Kanji(date.Month)}月{Kanji(date.Day)}日",
        _ => $"{date.Year}.{date.Month:00}.{date.Day:00}",
    };

    private static string Ordinal(int day) => day + (day is 11 or 12 or 13 ? "th" : (day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });

    private static string Kanji(int number, bool digits = false)
    {
        const string Digits = "〇一二三四五六七八九";
        if (digits) return string.Concat(number.ToString().Select(c => Digits[c - '0']));
        string tens = number < 10 ? "" : number < 20 ? "十" : Digits[number / 10] + "十";
        return tens + (number % 10 == 0 ? "" : Digits[number % 10]);
    }
}
