using System.IO.Compression;
using System.Text;
using FineTuneKit.Data;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class ShapeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""", DataShape.Messages)]
    [InlineData("""{"prompt":"Q","completion":"A"}""", DataShape.PromptCompletion)]
    [InlineData("""{"prompt":"Q","completion":"A","label":"x"}""", DataShape.PromptCompletion)]
    [InlineData("""{"prompt":[{"role":"user","content":"Q"}],"completion":[{"role":"assistant","content":"A"}]}""", DataShape.PromptCompletion)]
    [InlineData("""{"prompt":"Q","answer":"A"}""", DataShape.PromptAnswer)]
    [InlineData("""{"instruction":"Q","input":"","output":"A","text":"Q A"}""", DataShape.Alpaca)]
    [InlineData("""{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}]}""", DataShape.ShareGpt)]
    [InlineData("""{"question":"Q","answer":"A"}""", DataShape.QuestionAnswer)]
    [InlineData("""{"text":"Q","label":"A"}""", DataShape.Classification)]
    [InlineData("""{"prompt":"Q","chosen":"A","rejected":"B"}""", DataShape.Preference)]
    [InlineData("""{"chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"B"}]}""", DataShape.Preference)]
    [InlineData("""{"prompt":"Q","messages":[],"chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"B"}]}""", DataShape.Preference)]
    [InlineData("""{"input":{"messages":[{"role":"user","content":"Q"}],"tools":[]},"preferred_output":[{"role":"assistant","content":"A"}],"non_preferred_output":[{"role":"assistant","content":"B"}]}""", DataShape.OpenAiPreference)]
    [InlineData("""{"conversations":[{"from":"human","value":"Q"}],"chosen":{"from":"gpt","value":"A"},"rejected":{"from":"gpt","value":"B"}}""", DataShape.ShareGptPreference)]
    [InlineData("""{"prompt":"Q","completion":"A","label":false}""", DataShape.Unpaired)]
    [InlineData("""{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}],"kto_tag":true}""", DataShape.ShareGptUnpaired)]
    public void Each_shape_is_told_by_its_keys(string json, DataShape shape)
    {
        var source = new RowSource(_folder.Write("rows.jsonl", json));
        Row row = Assert.Single(source);
        Assert.Equal([shape], source.Shapes.Keys);
        Assert.Equal(("Q", "A"), (row.Prompt, row.Answer));
        Assert.Equal(shape.ToString().Contains("Preference") ? "B" : null, row.Rejected?.Content);
    }

    [Fact]
    public void Tools_calls_and_observations_survive_between_ShareGpt_and_OpenAi()
    {
        string path = _folder.Write("rows.jsonl", """{"conversations":[{"from":"human","value":"How warm is it?"},{"from":"function_call","value":"{\"name\":\"weather\",\"arguments\":{\"city\":\"Kyoto\"}}"},{"from":"observation","value":"31"},{"from":"gpt","value":"31 degrees."}],"system":"Be brief.","tools":"[{\"name\":\"weather\"}]"}""");
        Row row = Assert.Single(RowReader.Read(path));
        Assert.Equal(["system", "user", "assistant", "tool", "assistant"], row.Messages.Select(m => m.Role));
        Assert.Equal(new ToolCall("weather", """{"city":"Kyoto"}"""), Assert.Single(row.Messages[2].ToolCalls));
        string openAi = Path.Combine(_folder.Path, "openai.jsonl"), back = Path.Combine(_folder.Path, "back.jsonl");
        Assert.Equal(1, RowWriter.Write(openAi, [row], new WriteOptions { Shape = DataShape.Messages }).Written);
        Assert.Contains("\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Kyoto\\\"}\"}}]", File.ReadAllText(openAi));
        Assert.Equal(1, RowWriter.Write(back, RowReader.Read(openAi), new WriteOptions { Shape = DataShape.ShareGpt }).Written);
        Assert.Equal(File.ReadAllText(path).Trim().Length, File.ReadAllText(back).Trim().Length);
        Assert.True(Same(row, Assert.Single(RowReader.Read(back))));
    }

    [Fact]
    public void What_a_shape_cannot_hold_is_counted_with_its_reason()
    {
        Row plain = Rows.Of("q", "a", 1), system = plain with { Messages = [new("system", "s"), .. plain.Messages] };
        Row tools = plain with { Tools = "[]" }, named = plain with { Extra = [new("question", "1"), new("id", "7")] };
        var refused = new List<Row>();
        WriteReport report = RowWriter.Write(
            Path.Combine(_folder.Path, "out.json"), [plain, system, tools, named],
            new WriteOptions { Shape = DataShape.QuestionAnswer, Refused = (row, _) => refused.Add(row) });
        Assert.Equal((2, 2), (report.Written, report.RefusedCount));
        Assert.Equal([system, tools], refused);
        Assert.Equal([("question", 1L)], report.KeysLeftOut.Select(k => (k.Key, k.Value)));
        Assert.Equal("7", Assert.Single(RowReader.Read(report.File)[1].Extra).Value);
    }

    /// <summary>Whatever is written reads back; what a shape is made for is never refused.</summary>
    [Fact]
    public void Reading_what_was_written_gives_the_same_rows()
    {
        Prop.ForAll<NonEmptyArray<string>, int>((texts, seed) =>
        {
            var random = new NamedRandom("rows", seed);
            string[] pool = [.. texts.Get.Select(Clean), "日本\n語", "a,\"b\"\tc", " ", "😀\r\n", "{\"a\": [1]}", "true", "12345678901234567890"];
            Row[] rows = [.. Enumerable.Range(0, 12).Select(i => Draw(random, pool, i + 1))];
            foreach (DataShape shape in Enum.GetValues<DataShape>())
            {
                foreach (string name in new[] { "r.jsonl", "r.json", "r.csv", "r.tsv.gz", "r.jsonl.gz" })
                {
                    var refused = new HashSet<Row>(ReferenceEqualityComparer.Instance);
                    string path = Path.Combine(_folder.Path, name);
                    WriteReport report = RowWriter.Write(path, rows, new WriteOptions { Shape = shape, Refused = (row, _) => refused.Add(row) });
                    Row[] held = [.. rows.Where(r => !refused.Contains(r))];
                    if (held.Length != report.Written) return false;
                    if (name.Contains("json") && shape is DataShape.Messages or DataShape.Preference or DataShape.Text or DataShape.Unpaired or DataShape.OpenAiPreference
                        && rows.Any(r => refused.Contains(r) && r.Kind == KindOf(shape))) return false;
                    if (held.Length == 0) continue;
                    IReadOnlyList<Row> read = RowReader.Read(path);
                    bool table = !name.Contains("json");
                    if (read.Count != held.Length || !held.Zip(read).All(p => Same(p.First, p.Second, table))) return false;
                }
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void Plain_text_reads_back_and_says_what_it_cannot_hold()
    {
        Row[] rows = [.. new[] { "one", "  two ", "three\nlines", "", "最後" }.Select((t, i) => Text(t, i + 1))];
        WriteReport report = RowWriter.Write(Path.Combine(_folder.Path, "out.txt"), [.. rows, Rows.Of("q", "a")], new WriteOptions { Shape = DataShape.Text });
        Assert.Equal((3, 3), (report.Written, report.RefusedCount));
        Assert.Equal(["one", "  two ", "最後"], RowReader.Read(report.File).Select(r => r.Answer));
    }

    [Fact]
    public void Folders_are_read_by_name_and_sides_are_found()
    {
        RowWriter.WriteJsonl(Path.Combine(_folder.Path, "train.jsonl"), [Rows.Of(Rows.Unlike(1), "a")]);
        RowWriter.Write(Path.Combine(_folder.Path, "valid.json.gz"), [Rows.Of(Rows.Unlike(2), "b")]);
        RowWriter.Write(Path.Combine(_folder.Path, "test.csv"), [Rows.Of(Rows.Unlike(3), "c")]);
        _folder.Write("README.md", "x");
        var source = new RowSource(_folder.Path);
        Assert.Equal(["c", "a", "b"], source.Select(r => r.Answer));
        Assert.Equal(["README.md"], source.OtherFiles.Select(Path.GetFileName));
        SplitResult split = DataFolder.ReadSplit(_folder.Path);
        Assert.Equal([1, 1, 1], split.Proof.Counts);
        Assert.Equal("b", Assert.Single(split.Validation).Answer);
        Assert.Equal(["train.jsonl", "valid.jsonl", "test.jsonl"], DataFolder.WriteSplit(Path.Combine(_folder.Path, "out"), split).Select(r => Path.GetFileName(r.File)));
        _folder.Write("dev.txt", "x");
        Assert.Contains("are both the validation side", Assert.Throws<InputException>(() => DataFolder.Sides(_folder.Path)).Message);
    }

    [Fact]
    public void Bad_rows_are_told_and_passed_over()
    {
        var bad = new List<BadRow>();
        var options = new ReadOptions { PassOver = bad.Add };
        string good = """{"prompt":"p","answer":"a"}""";
        byte[] invalid = [.. Encoding.UTF8.GetBytes(good)[..12], 0xFF, .. "\"}"u8];
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"{good}\nnot json\n{good}\n"), .. invalid, .. Encoding.UTF8.GetBytes($"\n{good}\n")];
        Assert.Equal(3, RowReader.Read(_folder.Write("bad.jsonl", bytes), options).Count);
        Assert.Equal([2, 4], bad.Select(b => b.Origin.Line));
        bad.Clear();
        Assert.Equal(["1", "3", "9"], RowReader.Read(_folder.Write("bad.csv", "prompt,answer\np,1\np\np,3\n\"p\"x,4\np,\"9\"\n"), options).Select(r => r.Answer));
        Assert.Equal([3, 5], bad.Select(b => b.Origin.Line).Order());
        bad.Clear();
        Assert.Equal(2, RowReader.Read(_folder.Write("bad.json", $"[{good}, 7, {good}]"), options).Count);
        Assert.Contains("(row 2): the row is the number 7", Assert.Single(bad).Reason);
    }

    [Fact]
    public void Arrays_stream_with_line_and_column()
    {
        string row = "{\"prompt\":\"a]\\\"},{\",\"answer\":\"[x\"}";
        string many = "[" + string.Join(",\n ", Enumerable.Repeat(row, 20_000)) + "]\n";
        Row[] read = [.. RowReader.Read(_folder.Write("many.json", many))];
        Assert.Equal((20_000, 20_000, 20_000), (read.Length, read[^1].Origin.Line, read[^1].Origin.Element));
        Assert.Equal(("a]\"},{", "[x"), (read[777].Prompt, read[777].Answer));
        foreach ((string text, string expected) in new[]
        {
            ("[1", ":1: column 3: not JSON: the file ends"), ($"[{row}] x", "more follows"), ($"[{row},]", "not JSON"), ($"[{row} {row}]", "not JSON"),
            ($"[{row},\n  {{\"a\":}}]", ":2: column 8: not JSON"), ("[\"]", "ends inside"), ("[}]", "not JSON"),
        })
        {
            Assert.Contains(expected, Assert.Throws<InputException>(() => RowReader.Read(_folder.Write("bad.json", text))).Message);
        }
    }

    [Fact]
    public void A_packed_file_that_breaks_off_is_an_error()
    {
        string path = Path.Combine(_folder.Path, "rows.jsonl.gz");
        RowWriter.Write(path, Enumerable.Range(0, 500).Select(i => Rows.Of(Rows.Unlike(i), "a")));
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(500, RowReader.Read(path).Count);
        // The name does not decide whether a file is packed.
        Assert.Equal(500, RowReader.Read(_folder.Write("named.jsonl", bytes)).Count);
        Assert.Contains("gzip", Assert.Throws<InputException>(() => RowReader.Read(_folder.Write("cut.jsonl.gz", bytes[..(bytes.Length / 2)]))).Message);
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_an_error()
    {
        string path = Path.Combine(_folder.Path, "rows.jsonl");
        RowWriter.WriteJsonl(path, Enumerable.Range(0, 5000).Select(i => Rows.Of(Rows.Unlike(i), "a")));
        var error = Assert.Throws<InputException>(() =>
        {
            foreach (Row row in RowReader.Enumerate(path))
                if (row.Origin.Line == 10) File.AppendAllText(path, """{"prompt":"p","answer":"a"}""" + "\n");
        });
        Assert.Contains("changed while it was read", error.Message);
    }

    [Fact]
    public void A_line_that_is_too_long_is_named_and_passed_over()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("short\n" + new string('x', 300_000) + "\nlast"));
        Assert.Equal([(1, 5), (2, null), (3, 4)], Utf8Lines.Read(stream, longest: 100_000).Select(l => (l.Line, (int?)l.Bytes?.Length)));
    }

    private static RowKind KindOf(DataShape shape) => shape switch
    {
        DataShape.Messages => RowKind.Conversation,
        DataShape.Text => RowKind.Text,
        DataShape.Unpaired => RowKind.Unpaired,
        _ => RowKind.Preference,
    };

    private static Row Text(string text, int line) => new() { Origin = new("made.jsonl", line), Messages = [new("assistant", text)], IsText = true };

    private static Row Draw(NamedRandom random, string[] pool, int line)
    {
        string Some() => random.Pick(pool);
        ChatMessage answer = new("assistant", Some());
        List<ChatMessage> messages = [new("user", Some())];
        if (random.Chance(0.2)) messages.Insert(0, new("system", Some()));
        if (random.Chance(0.2)) messages.AddRange([new("assistant", Some()), new("user", Some())]);
        if (random.Chance(0.15)) messages.AddRange([new("assistant", "") { ToolCalls = [new(Some(), "{\"x\":1}", random.Chance(0.5) ? "id" : null)] }, new("tool", Some())]);
        if (random.Chance(0.1)) answer = answer with { Weight = 0 };
        Row row = new()
        {
            Origin = new("made.jsonl", line),
            Messages = [.. messages, answer],
            Group = random.Chance(0.3) ? Some() : null,
            Language = random.Chance(0.3) ? "ja" : null,
            Tools = random.Chance(0.1) ? "[{\"name\":\"t\"}]" : null,
            Extra = random.Chance(0.2) ? [new("source", "\"s\"")] : [],
        };
        return random.Next(6) switch
        {
            0 => row with { Rejected = new("assistant", Some()) },
            1 => row with { Desirable = random.Chance(0.5) },
            2 => row with { Messages = [answer with { Weight = 1 }], IsText = true, Tools = null },
            3 => row with { Label = answer.Content },
            _ => random.Chance(0.5) ? row with { Label = Some() } : row,
        };
    }

    private static bool Same(Row a, Row b, bool table = false) =>
        a.Messages.SequenceEqual(b.Messages) && a.Rejected == b.Rejected && (a.Desirable, a.IsText, a.Tools) == (b.Desirable, b.IsText, b.Tools)
        && (a.Group, a.Label, a.Language) == (b.Group, b.Label, b.Language) && (table || a.Extra.SequenceEqual(b.Extra));

    // What no JSON text can hold.
    private static string Clean(string? text) => string.Concat((text ?? "").Where(c => c != '\0' && !char.IsSurrogate(c)));
}
