using System.Text.Json;
using System.Text.RegularExpressions;
using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Tests.Data;

/// <summary>The audit against the list of faults that were planted in data-samples/support-desk/dirty.jsonl.</summary>
public class DirtySampleTests
{
    private static readonly Lazy<AuditReport> Dirty = new(() => Audit("dirty.jsonl"));

    /// <summary>Measured 2026-11: 1.00 and 1.00 for every type; the floors leave room for another wording of the sample.</summary>
    [Theory]
    [InlineData(AuditRules.ExactDuplicate, 0.97, 0.97)]
    [InlineData(AuditRules.NearDuplicate, 0.95, 0.95)]
    [InlineData(AuditRules.Contradiction, 0.95, 0.95)]
    [InlineData(AuditRules.PersonalData, 0.95, 0.95)]
    [InlineData(AuditRules.Secret, 0.95, 0.95)]
    [InlineData(AuditRules.EmptyAnswer, 1.0, 1.0)]
    [InlineData(AuditRules.TruncatedAnswer, 0.95, 0.95)]
    [InlineData(AuditRules.WrongLanguage, 0.95, 0.95)]
    [InlineData(AuditRules.StaleFact, 0.95, 0.95)]
    public void Finds_what_was_planted(string type, double leastRecall, double leastPrecision)
    {
        var planted = Planted().Where(p => p.Type == type && p.Row is not null).ToList();
        Assert.NotEmpty(planted);
        HashSet<int> found = [.. Dirty.Value.Findings.Where(f => f.Rule == type).SelectMany(f => f.Origins).Select(o => o.Line)];
        // A finding of copies names the original too.
        HashSet<int> concerned = [.. planted.SelectMany(p => new[] { p.Row!.Value, p.OtherRow ?? p.Row.Value })];
        double recall = (double)planted.Count(p => found.Contains(p.Row!.Value)) / planted.Count;
        double precision = found.Count == 0 ? 0 : (double)found.Count(concerned.Contains) / found.Count;
        Assert.True(recall >= leastRecall, $"{type}: recall {recall:0.00} of {planted.Count}, at least {leastRecall} required");
        Assert.True(precision >= leastPrecision, $"{type}: precision {precision:0.00} of {found.Count} rows, at least {leastPrecision} required");
    }

    [Fact]
    public void Finds_the_class_that_is_too_common_and_no_other()
    {
        string crowded = Planted().Single(p => p.Type == AuditRules.Imbalance).Detail.Split(' ')[0];
        Assert.StartsWith($"label {crowded}: ", Assert.Single(Dirty.Value.Findings, f => f.Rule == AuditRules.Imbalance).Excerpt);
    }

    [Fact]
    public void Finds_next_to_nothing_in_the_clean_sample() =>
        Assert.InRange(Audit("clean.jsonl").RowsConcerned, 0, 6);

    private static AuditReport Audit(string file)
    {
        var products = JsonDocument.Parse(File.ReadAllText(Repository.Sample("support-desk", "catalogue.json"))).RootElement;
        var facts = new List<Fact>();
        foreach (JsonElement product in products.GetProperty("products").EnumerateArray())
        {
            string name = product.GetProperty("name").GetString()!, pattern = Regex.Escape(name);
            facts.Add(new Fact(name, $"{pattern}(?: costs |の価格は)(?<value>[0-9]+)", product.GetProperty("price_yen").GetRawText()));
            facts.Add(new Fact(name, $"we have (?<value>[0-9]+) of the {pattern}|{pattern}の在庫は(?<value>[0-9]+)", product.GetProperty("stock").GetRawText()));
        }
        facts.Add(new Fact("", "(?:returned within |購入後)(?<value>[0-9]+)", products.GetProperty("shop").GetProperty("return_days").GetRawText()));
        return DataAudit.Run(RowReader.Read(Repository.Sample("support-desk", file)), new AuditOptions { Facts = facts });
    }

    private static IEnumerable<(int? Row, string Type, string Detail, int? OtherRow)> Planted() =>
        File.ReadLines(Repository.Sample("support-desk", "planted.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).Select(p =>
            (Number(p.GetProperty("row")), p.GetProperty("type").GetString()!, p.GetProperty("detail").GetString()!, Number(p.GetProperty("other_row"))));

    private static int? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
