using System.Text.Json;
using FineTuneKit.Data;
using Xunit;

namespace FineTuneKit.Tests.Data;

public class DataAuditTests
{
    [Theory]
    [InlineData("Write to anna.berg+shop@mail.example.co.jp please.", "e-mail")]
    [InlineData("返信はcustomer123@example.comまでお願いします。", "e-mail")]
    [InlineData("電話は090-0000-1234です。", "telephone number")]
    [InlineData("電話は09012345678です。", "telephone number")]
    [InlineData("Call 03-1234-5678 or +81 3 1234 5678.", "telephone number")]
    [InlineData("Call (212) 555-0123 today", "telephone number")]
    [InlineData("Call +1-415-555-0187.", "telephone number")]
    [InlineData("Call 303-555-0100.", "telephone number")]
    [InlineData("Ruf an: +49 30 901820", "telephone number")]
    [InlineData("Appelez +33 (0)1 23 45 67 89", "telephone number")]
    [InlineData("Ring 020 7946 0958 now", "telephone number")]
    [InlineData("住所は〒150-0002です", "post code")]
    [InlineData("Sampleton, CA 94043", "post code")]
    [InlineData("London SW1A 1AA", "post code")]
    [InlineData("東京都渋谷区渋谷2丁目21-1に住んでいます", "address")]
    [InlineData("I live at 221 Example Street.", "address")]
    [InlineData("I paid with the card 4242 4242 4242 4242.", "card number")]
    [InlineData("カード番号は378282246310005です。", "card number")]
    [InlineData("Card 4111-1111-1111-1111", "card number")]
    [InlineData("マイナンバーは1234 5678 9018です。", "My Number")]
    [InlineData("My Number is 123456789018", "My Number")]
    [InlineData("Pay to DE89 3704 0044 0532 0130 00", "IBAN")]
    [InlineData("GB82WEST12345698765432", "IBAN")]
    [InlineData("SSN 123-45-6789", "US social security number")]
    [InlineData("from 192.0.2.17.", "IP address")]
    [InlineData("from 2001:db8:0:1::17", "IP address")]
    public void Finds_personal_data(string text, string kind)
    {
        Finding finding = Assert.Single(FindingsOf(text, AuditRules.PersonalData));
        Assert.StartsWith($"{kind} in user: ", finding.Excerpt);
        Assert.DoesNotContain(text, finding.Excerpt);
    }

    [Theory]
    [InlineData("Order AB12345 was placed on 2024-03-03 at 10:30, total 24,500 yen.")]
    [InlineData("The Model 4242 4242 4242 4243 is no card, for its check digit is wrong.")]
    [InlineData("マイナンバーではない1234 5678 9012という番号")]
    [InlineData("Version 1.2.3 of 127.0.0.1, 12:30:45, a ratio of 3:4:5")]
    [InlineData("DE89 3704 0044 0532 0130 01 is no IBAN")]
    [InlineData("価格は12,345円、在庫は3点、2024年3月3日です。")]
    [InlineData("1234567 and 0.123456789 and 12345-67890 and 999999999999")]
    [InlineData("京都の自転車を3台見ました。")]
    [InlineData("37 + 48 = ? 3.14159, 1999-2024, 50-60, 10-20-30")]
    [InlineData("see section 12.4 of @handle and #1234")]
    public void Leaves_other_numbers_alone(string text)
    {
        Assert.Empty(FindingsOf(text, AuditRules.PersonalData));
        Assert.Empty(FindingsOf(text, AuditRules.Secret));
    }

    [Theory]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("APIキーはsk-abcdEFGH1234ijklMNOP5678qrstUVWXyz90です。")]
    [InlineData("The API key of our account is sk-abcdEFGH1234ijklMNOP5678qrstUVWXyz90.")]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ456789")]
    [InlineData("My password for your site is Pedal1234!abc")]
    [InlineData("password: hunter22")]
    [InlineData("サイトのパスワードはSaddle5678!xYzです。")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r")]
    [InlineData("postgres://shop:s3cret@db.example/shop")]
    [InlineData("api_key = 'a8f5f167f44f4964e6c998dee827110c'")]
    [InlineData("use Zx81kQpL0vNw93RtYb72HcMd here")]
    public void Finds_secrets(string text) => Assert.Single(FindingsOf(text, AuditRules.Secret));

    [Theory]
    [InlineData("My password is wrong and I cannot log in.")]
    [InlineData("パスワードを忘れました。")]
    [InlineData("The password must be changed. Order AB12345 is late.")]
    [InlineData("So the password has 8 + 4 + 2 = <<8+4+2=14>>14 characters.")]
    [InlineData("internationalization-of-documentation is a long word, as is 12345678901234567890")]
    [InlineData("https://example.com/a/long/path/with-many-parts/and/2024/03")]
    public void Leaves_talk_of_secrets_alone(string text) => Assert.Empty(FindingsOf(text, AuditRules.Secret));

    [Theory]
    [InlineData("{\"intent\":\"stock\",\"rep", true)]
    [InlineData("{\"intent\":\"stock\",\"reply\":\"yes\"", true)]
    [InlineData("[1, 2", true)]
    [InlineData("{\"intent\":\"stock\",\"reply\":\"yes\"}", false)]
    public void Finds_json_that_breaks_off(string answer, bool found) =>
        Assert.Equal(found, Audit([Rows.Of("q", answer, 7), .. Json(9)]).Findings.Any(f => f.Rule == AuditRules.TruncatedAnswer && f.Rows is [0]));

    [Fact]
    public void Tells_text_among_json_from_json_that_breaks_off()
    {
        AuditReport report = Audit([Rows.Of("q", "I do not know.", 7), .. Json(9)]);
        Assert.Equal(1, report.Counts[AuditRules.MalformedJson]);
        Assert.Equal(0, report.Counts[AuditRules.TruncatedAnswer]);
    }

    [Fact]
    public void Finds_prose_that_breaks_off_where_others_end()
    {
        Row[] rows = [.. Enumerable.Range(0, 20).Select(i => Rows.Of(Rows.Unlike(i), $"Here is answer number {i}, and it has an end.", i + 1))];
        rows[3] = Rows.Of("q", "We will send you the parts as soon as the work", 4);
        rows[5] = Rows.Of("q", "Try this:\n```python\nprint(1)", 6);
        rows[7] = Rows.Of("q", "42", 8);
        rows[8] = Rows.Of("q", "These are the steps of the work:\n1. Take off the wheel\n2. Put on the new tyre and fill it with air", 9);
        rows[9] = Rows.Of("質問です", "ご注文の商品は来週の月曜日に発送いたしますの", 10);
        Assert.Equal([3, 5, 9], Audit(rows).Findings.Where(f => f.Rule == AuditRules.TruncatedAnswer).Select(f => f.Rows[0]));
        Row[] none = [.. Enumerable.Range(0, 20).Select(i => Rows.Of(Rows.Unlike(i), $"a list of words without any end {i} x", i + 1))];
        Assert.Equal(0, Audit(none).Counts[AuditRules.TruncatedAnswer]);
    }

    [Fact]
    public void Finds_what_is_empty()
    {
        AuditReport report = Audit([Rows.Of("q", " \n", 1), Rows.Of("", "a", 2), Rows.Of("q2", "a", 3)]);
        Assert.Equal([0], Of(report, AuditRules.EmptyAnswer).Single().Rows);
        Assert.Equal([1], Of(report, AuditRules.EmptyPrompt).Single().Rows);
        Assert.Equal("made.jsonl:1", Of(report, AuditRules.EmptyAnswer).Single().Origins[0].ToString());
    }

    [Fact]
    public void Tells_exact_from_near_duplicates_and_from_contradictions()
    {
        const string prompt = "My chain broke on the way home, can you repair it before Friday?";
        AuditReport report = Audit(
        [
            Rows.Of(prompt, """{"intent":"repair","reply":"Yes, bring it to the shop."}""", 1),
            Rows.Of(prompt.Replace(" ", "  "), """{"intent":"repair","reply":"Yes, bring it to the shop."}""", 2),
            Rows.Of("Hello! " + prompt, """{"intent":"repair","reply":"Yes, bring it to the shop."}""", 3),
            Rows.Of(prompt, """{"intent":"price","reply":"That costs 20 euros, thank you."}""", 4),
            Rows.Of("Where is my order?", """{"intent":"order_status","reply":"On its way."}""", 5),
        ]);
        Assert.Equal([0, 1], Of(report, AuditRules.ExactDuplicate).Single().Rows);
        Assert.Equal([0, 2], Of(report, AuditRules.NearDuplicate).Single().Rows);
        Finding contradiction = Of(report, AuditRules.Contradiction).Single();
        Assert.Equal([0, 3], contradiction.Rows);
        Assert.StartsWith("intent repair ≠ price", contradiction.Excerpt);
    }

    [Theory]
    [InlineData("Where is order AB12345?", "shipping", "Where is order AB12345 ?", "repair", true)]
    [InlineData("How much is 12 times 13 plus the tax of the year?", "156", "How much is 12 times 14 plus the tax of the year?", "168", false)]
    [InlineData("Classify the word in brackets, please: [river]", "river", "Classify the word in brackets, please: [rivet]", "rivet", false)]
    [InlineData("Write a poem about rain", "Rain falls on the roof of the old house by the sea.", "Write a poem about rain", "The clouds are heavy and the gutters sing all night long.", false)]
    [InlineData("Is it open?", "Yes", "Is it open?", "yes ", false)]
    [InlineData("What is the capital of Germany?", "Berlin", "What is the capital of Germany?", "It is Berlin.", false)]
    [InlineData("What is the capital of Germany?", "Bonn", "What is the capital of Germany?", "It is Berlin.", true)]
    [InlineData("ドイツの首都はどこですか", "ベルリン", "ドイツの首都はどこですか", "ベルリンです。", false)]
    [InlineData("ドイツの首都はどこですか", "ベルリン", "ドイツの首都はどこですか", "ボンです。", true)]
    public void Compares_labels_and_short_answers_of_nearly_equal_prompts(string p1, string a1, string p2, string a2, bool found)
    {
        AuditReport report = DataAudit.Run([Rows.Of(p1, a1, 1), Rows.Of(p2, a2, 2)], new AuditOptions { ContradictionThreshold = 0.6 });
        Assert.Equal(found, report.Counts[AuditRules.Contradiction] == 1);
    }

    [Theory]
    [InlineData("Where is my bicycle?", "ご注文の自転車は発送済みです。", true)]
    [InlineData("自転車はどこですか。注文番号はAB12345です。", "Your bicycle is on its way to you.", true)]
    [InlineData("自転車はどこですか。", "{\"intent\":\"order_status\",\"reply\":\"We will look for it today.\"}", true)]
    [InlineData("自転車はどこですか。", "{\"intent\":\"order_status\",\"reply\":\"ご注文AB12345のPacer 300をお調べいたします。\"}", false)]
    [InlineData("自転車は英語で何ですか", "bicycle", false)]
    [InlineData("色は何ですか。", "赤", false)]
    [InlineData("Где мой велосипед, который я купил?", "It is in the workshop, and ready.", true)]
    [InlineData("Where is AB12345?", "It is on its way.", false)]
    [InlineData("プロレス団体を挙げてください。", "WWE、ROH、Impact、TNA、Lucha Undergroundなどです。", false)]
    public void Finds_answers_in_another_script(string prompt, string answer, bool found)
    {
        Row[] rows = [Rows.Of(prompt, answer, 1), .. Enumerable.Range(0, 9).Select(i => Rows.Of($"Question number {i} in English", "An answer in English.", i + 2))];
        Assert.Equal(found, Audit(rows).Counts[AuditRules.WrongLanguage] == 1);
    }

    [Fact]
    public void Takes_translation_for_the_task_and_says_so()
    {
        AuditReport report = Audit([.. Enumerable.Range(0, 10).Select(i => Rows.Of($"Translate the sentence number {i} to Japanese", $"これは{i}番目の文章です。", i + 1))]);
        Assert.Equal(0, report.Counts[AuditRules.WrongLanguage]);
        Assert.Contains("translation", Assert.Single(report.Notes));
    }

    [Fact]
    public void Finds_dates_before_the_limit_and_values_against_the_facts()
    {
        string[] answers = ["Since 2019-04-01 we open at 9.", "2019年4月1日から9時です。", "As of April 1, 2019.", "On 1st April 2019 it was.", "On 2024-01-01.", "The Pacer costs 300 yen.", "The Pacer costs 310 yen.", "The Rover costs 310 yen."];
        var options = new AuditOptions { OldestDate = new DateOnly(2023, 1, 1), Facts = [new Fact("Pacer", "costs (?<value>[0-9]+)", "300")] };
        AuditReport report = DataAudit.Run([.. answers.Select((a, i) => Rows.Of($"q{i}", a, i + 1))], options);
        Assert.Equal([0, 1, 2, 3, 6], Of(report, AuditRules.StaleFact).Select(f => f.Rows[0]));
        Assert.Throws<InputException>(() => DataAudit.Run([Rows.Of("q", "a")], new AuditOptions { Facts = [new Fact("x", "(", "1")] }));
        Assert.Throws<InputException>(() => DataAudit.Run([Rows.Of("q", "a")], new AuditOptions { Facts = [new Fact("x", "y", "1")] }));
    }

    [Fact]
    public void Finds_a_label_far_more_common_than_the_others()
    {
        Row[] Of(params int[] sizes) => [.. sizes.SelectMany((n, c) => Enumerable.Repeat($"c{c}", n)).Select((label, i) => Rows.Of(Rows.Unlike(i), "a", i + 1, label: label))];
        Assert.Equal(1, Audit(Of(60, 20, 20, 20)).Counts[AuditRules.Imbalance]);
        Assert.Equal(1, Audit(Of(40, 40, 40, 4)).Counts[AuditRules.Imbalance]);
        Assert.Equal(0, Audit(Of(25, 20, 20, 20)).Counts[AuditRules.Imbalance]);
        Assert.Equal(0, Audit(Of(1, 1, 1, 1, 1, 2)).Counts[AuditRules.Imbalance]);
        Assert.Equal(0, Audit(Of(10)).Counts[AuditRules.Imbalance]);
    }

    [Fact]
    public void The_report_reads_as_text_and_as_json_and_is_the_same_each_time()
    {
        Row[] rows = [.. Enumerable.Range(0, 8).Select(i => Rows.Of("Write to a@b.example", "", i + 1))];
        var text = new StringWriter();
        Audit(rows).WriteText(text);
        Assert.Contains("8 rows, ", text.ToString());
        Assert.Contains("empty_answer: 8", text.ToString());
        Assert.Contains("made.jsonl:1", text.ToString());
        Assert.Contains("… and 3 more", text.ToString());
        using var json = JsonDocument.Parse(Audit(rows).ToJson());
        Assert.Equal(8, json.RootElement.GetProperty("counts").GetProperty("empty_answer").GetInt32());
        Assert.Equal("made.jsonl:1", json.RootElement.GetProperty("findings")[0].GetProperty("rows")[0].GetString());
        Assert.Equal(Audit(rows).ToJson(), Audit(rows).ToJson());
    }

    [Fact]
    public void Hostile_texts_are_looked_at_without_a_crash()
    {
        string[] texts = ["", "\uD800", "\uD83D", "😀", new string('a', 50_000), new string('1', 50_000), new string('[', 20_000), new string('@', 5_000), string.Concat(Enumerable.Repeat("0-", 20_000)), "パスワード" + new string('は', 10_000), "{\"a\":\"\\ud800\"}", "\0", "{", "\"", "```"];
        Row[] rows = [.. texts.SelectMany((text, i) => new[] { Rows.Of(text, "x", 2 * i + 1), Rows.Of("x", text, 2 * i + 2) })];
        AuditReport report = Audit(rows);
        Assert.Equal(rows.Length, report.RowCount);
        Assert.NotEmpty(report.ToJson());
        Assert.Throws<InputException>(() => Audit([]));
        Assert.Throws<InputException>(() => DataAudit.Run(rows, new AuditOptions { ImbalanceRatio = 1 }));
    }

    private static Finding[] FindingsOf(string prompt, string rule) => [.. Of(Audit([Rows.Of(prompt, "Thank you.")]), rule)];

    private static IEnumerable<Finding> Of(AuditReport report, string rule) => report.Findings.Where(f => f.Rule == rule);

    private static AuditReport Audit(Row[] rows) => DataAudit.Run(rows);

    private static Row[] Json(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Rows.Of(Rows.Unlike(i), $$"""{"intent":"stock","reply":"{{Rows.Unlike(i + 100)}}"}""", i + 10))];
}
