namespace FineTuneKit.Lab.World;

/// <summary>What people of any trade write about, under several names, so that a heading says what is meant and no more.</summary>
/// <param name="Names">The names in English and in Japanese; a heading is any of them.</param>
/// <param name="Sentences">Ways of saying so to any house, as a topic without a house.</param>
/// <param name="OfHouses">The topics of single houses that belong to it.</param>
public sealed record Matter(IReadOnlyDictionary<Tongue, string[]> Names, Topic Sentences, IReadOnlyList<(Domain Domain, Topic Topic)> OfHouses)
{
    /// <summary>
    /// Reads a matter: its English names, <c>=</c> and its Japanese names, each with <c>;</c> between; on the next line, after
    /// <c>houses:</c>, topics as <c>house/topic</c>; then patterns as <see cref="Domain.Parse"/> reads them.
    /// </summary>
    /// <exception cref="FormatException">A house or a topic is unknown.</exception>
    internal static Matter Parse(string block)
    {
        string[] lines = block.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] names = lines[0].Split('=');
        var topics = Split(lines[1]["houses:".Length..]).Select(OfHouse);
        return new Matter(
            new Dictionary<Tongue, string[]> { [Tongue.English] = Split(names[0]), [Tongue.Japanese] = Split(names[1]) },
            Domain.ParseTopic(string.Join('\n', lines[2..].Prepend("any=任意"))), [.. topics]);
    }

    private static string[] Split(string text) => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static (Domain, Topic) OfHouse(string path)
    {
        string[] parts = path.Split('/');
        var domain = Domains.All.FirstOrDefault(d => d.Name.English == parts[0]) ?? throw new FormatException($"no house \"{parts[0]}\"");
        return (domain, domain.Topics.FirstOrDefault(t => t.Name.English == parts[1]) ?? throw new FormatException($"no topic \"{path}\""));
    }
}
