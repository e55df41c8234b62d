using System.Text;
using FineTuneKit.Data;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class DataCleaningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Cafe\u0301", "Café", CleaningRules.Normalization)]
    [InlineData("カ\u3099レージ", "ガレージ", CleaningRules.Normalization)]
    [InlineData("a\u0007b\uFEFFc\u200Bd", "abcd", CleaningRules.ControlCharacters)]
    [InlineData("  two \r\nlines\t\n\n\n\n\nend ", "two\nlines\n\n\nend", CleaningRules.WhiteSpace)]
    [InlineData("a\u00A0b", "a b", CleaningRules.WhiteSpace)]
    [InlineData("<p>Tom &amp; Jerry</p><br/>x &lt; y", "Tom & Jerry\n\nx < y", CleaningRules.Html)]
    [InlineData("<script>alert(1)</script>Hi<!-- no -->", "Hi", CleaningRules.Html)]
    [InlineData("CafÃ© and naÃ¯ve, itâ€™s â€œfineâ€\u009d", "Café and naïve, it’s “fine”", CleaningRules.Mojibake)]
    public void Changes_what_a_rule_is_for(string text, string clean, string rule)
    {
        var told = new List<CleanedRow>();
        var cleaning = new DataCleaning(told: told.Add);
        Row row = cleaning.Clean(Rows.Of("q", text))!;
        Assert.Equal(clean, row.Answer);
        Assert.Equal(1, cleaning.Report.Changed[rule]);
        Assert.Contains(rule, Assert.Single(told).Rule);
        Assert.Equal(text, told[0].Row!.Answer);
    }

    [Theory]
    [InlineData("if (a < b && c > d) return List<int>;")]
    [InlineData("Use `<b>` and &amp; in:\n```html\n<p>Tom &amp; Jerry</p>\n```\nthat is all")]
    [InlineData("naïve café, Ångström, 5 € ©")]
    [InlineData("縺れた糸を解く。")]
    [InlineData("日本語の文章です。\n\t字下げ")]
    [InlineData("👨‍👩‍👧 family")]
    [InlineData("AT&T and R&D; x &unknown; y")]
    public void Leaves_what_is_right(string text)
    {
        if (text.Contains("`<b>`")) text = text.Replace("and &amp; in", "in");
        var cleaning = new DataCleaning();
        Row row = Rows.Of("q", text);
        Assert.Same(row, cleaning.Clean(row));
        Assert.Empty(cleaning.Report.Changed);
    }

    [Theory]
    [InlineData("こんにちは", true)]
    [InlineData("東京都の", true)]
    [InlineData("あいうえお", false)]
    [InlineData("カタカナのテスト", false)]
    public void Mends_japanese_that_was_read_as_shift_jis_or_drops_what_lost_characters(string text, bool whole)
    {
        Encoding wrong = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        string broken = wrong.GetString(Encoding.UTF8.GetBytes(text));
        // Some bytes have no character there.
        Assert.Equal(whole, wrong.GetBytes(broken).SequenceEqual(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(whole ? text : null, new DataCleaning().Clean(Rows.Of("q", broken))?.Answer);
    }

    [Fact]
    public void Drops_with_one_reason_each_and_counts()
    {
        var told = new List<CleanedRow>();
        var cleaning = new DataCleaning(new CleaningOptions { OtherScripts = true, MostTokens = 9, CountTokens = t => t.Split(' ').Length }, told.Add);
        Row[] rows =
        [
            Rows.Of("Where is it?", "Here it is.", 1), Rows.Of("Where  is it?", "Here it is.", 2), Rows.Of("q", "  ", 3), Rows.Of("Try", "```\ncode", 4),
            Rows.Of("lost", "caf\uFFFD", 5), Rows.Of("Where is my bicycle?", "自転車は店にあります。", 6), Rows.Of("long", "one two three four five six seven eight nine", 7),
        ];
        Assert.Equal([1], cleaning.Clean(rows).Select(r => r.Origin.Line));
        Assert.Equal((7, 1), (cleaning.Report.RowsIn, cleaning.Report.RowsOut));
        Assert.Equal(
            [CleaningRules.ExactDuplicate, CleaningRules.EmptyAnswer, CleaningRules.CodeFence, CleaningRules.Mojibake, CleaningRules.OtherScript, CleaningRules.Length],
            told.Where(t => t.Dropped).Select(t => t.Rule));
        Assert.Contains("10 tokens; at most 9", told[^1].Reason);
        Assert.Contains("code_fence", cleaning.Report.ToText());
    }

    [Fact]
    public void Unifies_terms_as_whole_words_and_leaves_what_is_right()
    {
        var options = new CleaningOptions { Terms = [new("e-mail", "email"), new("サーバ", "サーバー"), new("color", "colour")] };
        Assert.Equal("email, サーバーとサーバー, colour and colorful", new DataCleaning(options).Clean(Rows.Of("q", "e-mail, サーバとサーバー, color and colorful"))!.Answer);
    }

    [Fact]
    public void An_answer_in_json_stays_json_and_a_class_stays_the_answer()
    {
        Row json = Rows.Of("q", """{"reply": "say &quot;hi&quot; &amp; go"}""");
        Assert.Same(json, new DataCleaning().Clean(json));
        Row label = new DataCleaning().Clean(Rows.Of("text", "yes ", label: "yes "))!;
        Assert.Equal(("yes", "yes"), (label.Answer, label.Label));
    }

    [Fact]
    public void Files_name_every_row_that_changed_or_went()
    {
        string path = _folder.Write("rows.jsonl", "{\"prompt\":\"p\",\"answer\":\"a\"}\nnot json\n{\"prompt\":\"p\",\"answer\":\" b\"}\n{\"prompt\":\"p\",\"answer\":\"\"}\n");
        CleaningReport report = CleanedFiles.Write(_folder.Path, new CleaningOptions(), cleaning => RowReader.Enumerate(path, new ReadOptions { PassOver = cleaning.PassOver }));
        Assert.Equal((4, 2), (report.RowsIn, report.RowsOut));
        Assert.Equal(["a", "b"], RowReader.Read(Path.Combine(_folder.Path, CleanedFiles.CleanName)).Select(r => r.Answer));
        string[] dropped = File.ReadAllLines(Path.Combine(_folder.Path, DroppedRows.FileName));
        Assert.Equal(3, dropped.Length);
        Assert.Contains("\"line\":2,\"action\":\"dropped\",\"rule\":\"unreadable\"", dropped[0]);
        Assert.Contains("\"line\":3,\"action\":\"changed\",\"rule\":\"white_space\"", dropped[1]);
        Assert.Contains("\"line\":4,\"action\":\"dropped\",\"rule\":\"empty_answer\"", dropped[2]);
    }

    [Fact]
    public void Refuses_limits_without_a_tokeniser() =>
        Assert.Contains("CountTokens", Assert.Throws<InputException>(() => new DataCleaning(new CleaningOptions { MostTokens = 5 })).Message);
}
