namespace FineTuneKit.Lab.World;

/// <summary>A sentence in which somebody does something, with its parts by role: who, what, how many, where, when.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Parts">The roles that the sentence names, with the words it uses.</param>
public sealed record Happening(string Text, IReadOnlyDictionary<string, string> Parts)
{
    /// <summary>The roles, with their keys in both languages.</summary>
    public static IReadOnlyDictionary<string, Term> Roles { get; } = new Dictionary<string, Term>
    {
        ["who"] = new("who", "人"),
        ["what"] = new("what", "品物"),
        ["count"] = new("count", "数"),
        ["place"] = new("place", "場所"),
        ["day"] = new("day", "曜日"),
        ["time"] = new("time", "時刻"),
        ["price"] = new("price", "値段"),
    };

    private static readonly Frame[] English = Frame.Lines("""
        {who} [bought|sold|ordered] {count} {what} in {place} on {day}.
        On {day}, {who} [bought|found] {what} for {price}.
        {who} will bring {what} to {place} at {time}.
        {who} paid {price} for {count} {what}.
        At {time} {who} [left|forgot] {what} in {place}.
        {what} will be [shown|sold] in {place} on {day} at {time}.
        Please send {count} {what} to {who} in {place}.
        {who} meets us in {place} on {day} at {time}.
        In {place}, {what} costs {price}.
        {who} rents {what} from {day}, and pays {price}.
        We expect {count} {what} from {place} by {day}.
        {who} [called|wrote] on {day} at {time} about {what}.
        """);

    private static readonly Frame[] Japanese = Frame.Lines("""
        {who}は{day}に{place}で{what}を{count}個[買いました|売りました|注文しました]。
        {day}に{who}は{what}を{price}で[買いました|見つけました]。
        {who}は{time}に{what}を{place}へ持って行きます。
        {who}は{what}{count}個に{price}払いました。
        {time}に{who}は{place}に{what}を[忘れました|置いていきました]。
        {what}は{day}の{time}に{place}で[公開されます|発売されます]。
        {place}の{who}に{what}を{count}個送ってください。
        {who}とは{day}の{time}に{place}で会います。
        {place}では{what}が{price}です。
        {who}は{day}から{what}を借り、{price}払います。
        {day}までに{place}から{what}が{count}個届きます。
        {who}から{day}の{time}に{what}について[電話|手紙]がありました。
        """);

    /// <summary>Draws a sentence whose names belong to the side.</summary>
    public static Happening Draw(NamedRandom random, Side side, Tongue tongue)
    {
        var frame = random.Pick(tongue == Tongue.English ? English : Japanese);
        var values = Roles.Keys.ToDictionary(role => role, role => Value(random, side, tongue, role));
        string text = frame.Fill(random, [.. values.Select(pair => (pair.Key, pair.Value))]);
        return new Happening(text.Capitalised(), values.Where(pair => frame.Uses(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value));
    }

    private static string Value(NamedRandom random, Side side, Tongue tongue, string role) => role switch
    {
        "who" => Names.Person(random, side, tongue),
        "what" => Names.Product(random, side, tongue),
        "count" => random.Next(2, 40).ToString(),
        "place" => random.Chance(0.7) ? random.Pick(Lexicon.Cities).In(tongue) : tongue == Tongue.English ? Names.Latin(random, side) : Names.Katakana(random, side),
        "day" => random.Pick(Lexicon.Weekdays).In(tongue),
        "time" => tongue == Tongue.English ? $"{random.Next(7, 22)}:{random.Pick<string>(["00", "15", "30", "45"])}" : $"{random.Next(7, 22)}時{random.Pick<string>(["", "半"])}",
        _ => tongue == Tongue.English ? $"{random.Next(3, 400)} dollars" : $"{random.Next(2, 90) * 100}円",
    };
}
