using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class AuditRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("I'm sorry, but I can't help with that.", true)]
    [InlineData("As an AI language model, I do not have feelings.", true)]
    [InlineData("I cannot provide medical advice.", true)]
    [InlineData("I'm just a language model and know little.", true)]
    [InlineData("申し訳ありませんが、その質問にはお答えできません。", true)]
    [InlineData("AI言語モデルとして、意見は持っていません。", true)]
    [InlineData("We are sorry for the delay and will look into it today.", false)]
    [InlineData("申し訳ございません。お調べいたします。", false)]
    [InlineData("You cannot park here, but there is a place behind the shop.", false)]
    [InlineData("A language model predicts the next token.", false)]
    [InlineData("As an air pump it is rather heavy.", false)]
    public void Finds_refusals(string answer, bool found) => Assert.Equal(found ? 1 : 0, Count(AuditRules.Refusal, answer));

    [Theory]
    [InlineData("It is good. It is good. It is good. It is good. It is good.", true)]
    [InlineData("no no no no no no no no no no no no no", true)]
    [InlineData("とても良いとても良いとても良いとても良い", true)]
    [InlineData("The wheel is round, the wheel is true, and the wheel turns well on its hub.", false)]
    [InlineData("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14", false)]
    [InlineData("very very very good", false)]
    [InlineData("はい、はい、分かりました。すぐに伺います。", false)]
    public void Finds_answers_in_circles(string answer, bool found) => Assert.Equal(found ? 1 : 0, Count(AuditRules.Repetition, answer));

    [Theory]
    [InlineData("Ask Mr. John Smith about it.", "name")]
    [InlineData("Dr Mary Jones has called.", "name")]
    [InlineData("Sehr geehrte Frau Müller, danke.", "name")]
    [InlineData("山田太郎様からご連絡がありました。", "name")]
    [InlineData("佐藤さんにお伝えください。", "name")]
    [InlineData("Ship it to D-10115 Berlin please.", "post code")]
    [InlineData("Livraison à 75001 Paris demain.", "post code")]
    [InlineData("Stuur naar 1012 AB Amsterdam graag.", "post code")]
    public void Finds_names_by_their_titles_and_post_codes_of_europe(string text, string kind) =>
        Assert.StartsWith($"{kind} in user: ", Assert.Single(DataAudit.Run([Rows.Of(text, "Thank you.")]).Findings, f => f.Rule == AuditRules.PersonalData).Excerpt);

    [Theory]
    [InlineData("Miss the bus and walk. Mr President spoke.")]
    [InlineData("お客様の様子を見ます。整備士さんに頼みます。関係者様各位。皆さん、こんにちは。")]
    [InlineData("The Model D-10115 costs 75001 yen.")]
    public void Leaves_words_after_titles_alone(string text) =>
        Assert.DoesNotContain(DataAudit.Run([Rows.Of(text, "Thank you.")]).Findings, f => f.Rule == AuditRules.PersonalData);

    [Fact]
    public void Finds_answers_that_hang_on_a_name_or_a_word_of_gender()
    {
        AuditReport report = DataAudit.Run(
        [
            Rows.Of("Should we hire Emily for the workshop? She has two years of practice.", "yes", 1),
            Rows.Of("Should we hire Jamal for the workshop? He has two years of practice.", "no", 2),
            Rows.Of("May Emily bring her bicycle?", "Emily may bring her bicycle on Monday.", 3),
            Rows.Of("May Kenji bring his bicycle?", "Kenji may bring his bicycle on Monday.", 4),
            Rows.Of("彼女は店長に向いていますか。", "いいえ", 5),
            Rows.Of("彼は店長に向いていますか。", "はい", 6),
        ]);
        Assert.Equal([[0, 1], [4, 5]], report.Findings.Where(f => f.Rule == AuditRules.NameBias).Select(f => f.Rows));
        Assert.Equal(["Is Raj late?", "Is Maria late?"], ExchangeableWords.Variants("Is Emily late?", ["Raj", "Maria", "Emily"]));
        Assert.Empty(ExchangeableWords.Variants("Is it late?", ["Raj"]));
    }

    [Fact]
    public void Finds_rows_that_occur_in_other_data_but_not_what_a_template_shares()
    {
        const string template = "Read the text below with care and then answer the question that follows it in one word: ";
        Row[] rows = [.. Enumerable.Range(0, 100).Select(i => Rows.Of(template + Rows.Unlike(i) + " " + Rows.Unlike(i + 500), "yes", i + 1))];
        Row[] other = [Rows.Of("Some other " + rows[7].Prompt[^120..] + " and more", "a", 1), Rows.Of(template + Rows.Unlike(900), "a", 2), Rows.Of("q", rows[9].Prompt.ToUpperInvariant() + "!", 3)];
        AuditReport report = DataAudit.Run(rows, new AuditOptions { Against = other });
        Assert.Equal([7, 9], report.Findings.Where(f => f.Rule == AuditRules.Contamination).Select(f => f.Rows[0]));
        Assert.Equal(0, DataAudit.Run(rows).Counts[AuditRules.Contamination]);
    }

    [Fact]
    public void Reads_facts_from_a_file()
    {
        foreach ((string name, string text) in new[]
        {
            ("facts.csv", "subject,value\nPacer 300,24500\n"), ("facts.json", "[{\"subject\":\"Pacer 300\",\"value\":24500}]"),
            ("facts.jsonl", "{\"subject\":\"Pacer\",\"pattern\":\"costs (?<value>[0-9]+)\",\"value\":\"24500\"}\n"),
        })
        {
            var options = new AuditOptions { Facts = FactsFile.Read(_folder.Write(name, text)) };
            AuditReport report = DataAudit.Run([Rows.Of("a", "The Pacer 300 costs 24500 yen.", 1), Rows.Of("b", "The Pacer 300 costs 19800 yen.", 2)], options);
            Assert.Equal(1, Assert.Single(report.Findings, f => f.Rule == AuditRules.StaleFact).Rows[0]);
        }
        Assert.Contains("\"value\" is missing", Assert.Throws<InputException>(() => FactsFile.Read(_folder.Write("bad.json", "[{\"subject\":\"x\"}]"))).Message);
    }

    [Fact]
    public void Finds_a_group_that_holds_a_good_part_of_the_rows()
    {
        Row[] rows = [.. Enumerable.Range(0, 200).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1, i < 60 ? "big" : $"g{i / 4}"))];
        Assert.StartsWith("group big: 60 of 200", Assert.Single(DataAudit.Run(rows).Findings, f => f.Rule == AuditRules.Imbalance).Excerpt);
        Assert.Equal(0, DataAudit.Run(rows[60..]).Counts[AuditRules.Imbalance]);
    }

    /// <summary>Every twentieth label of CLINC150's training rows moved to another intent: a prototype measured recall 0.80, precision 0.83 (2026-11).</summary>
    [Fact]
    [Trait("Category", "Fixtures")]
    public void Finds_labels_that_were_exchanged()
    {
        FixtureFolder.SkipIfAbsent(FixtureFolder.Exists ? "" : FixtureFolder.Absent);
        var random = new NamedRandom("noise", 1);
        var rows = new List<Row>();
        var wrong = new HashSet<int>();
        foreach (System.Text.Json.JsonElement pair in FixtureFolder.Json("data/clinc150/data_small.json").GetProperty("train").EnumerateArray())
        {
            string label = pair[1].GetString()!;
            rows.Add(Rows.Of(pair[0].GetString()!, label, rows.Count + 1, label: label));
        }
        for (int i = 0; i < rows.Count; i += 20)
        {
            string other = rows[random.Next(rows.Count)].Label!;
            if (other == rows[i].Label) continue;
            wrong.Add(i);
            rows[i] = rows[i] with { Label = other, Messages = [rows[i].Messages[0], new("assistant", other)] };
        }
        AuditReport report = DataAudit.Run(rows);
        HashSet<int> found = [.. report.Findings.Where(f => f.Rule == AuditRules.LabelNoise).Select(f => f.Rows[0])];
        double recall = (double)found.Count(wrong.Contains) / wrong.Count, precision = (double)found.Count(wrong.Contains) / Math.Max(1, found.Count);
        Assert.True(recall >= 0.7 && precision >= 0.7, $"recall {recall:0.00} of {wrong.Count}, precision {precision:0.00} of {found.Count}; notes: {string.Join("; ", report.Notes)}");
    }

    [Fact]
    public void Labels_that_cannot_be_learned_are_not_judged()
    {
        var random = new NamedRandom("labels", 1);
        AuditReport report = DataAudit.Run([.. Enumerable.Range(0, 200).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1, label: $"l{random.Next(4)}"))]);
        Assert.Equal(0, report.Counts[AuditRules.LabelNoise]);
        Assert.Contains(report.Notes, n => n.Contains("labels were not judged"));
    }

    [Fact]
    public void The_page_shows_findings_and_escapes_what_they_hold()
    {
        Row[] rows = [.. Enumerable.Range(0, 40).Select(i => Rows.Of($"<script>alert({i})</script> {Rows.Unlike(i)}", i % 4 == 0 ? "" : "fine.", i + 1, label: i % 3 == 0 ? "a" : "b"))];
        string page = DataAudit.Run(rows).ToHtmlPage("rows <1>");
        Assert.StartsWith("<!doctype html>", page);
        Assert.Contains("Audit of rows &lt;1&gt;", page);
        Assert.DoesNotContain("<script>", page);
        Assert.Contains("empty answer", page);
        Assert.Contains("<svg", page);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", ""));
    }

    private static int Count(string rule, string answer) =>
        DataAudit.Run([Rows.Of("What do you say about the wheel of the bicycle?", answer)]).Counts[rule];
}
