using System.Text;
using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class RowReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""", "Q")]
    [InlineData("""{"prompt":"Q","completion":"A"}""", "Q")]
    [InlineData("""{"prompt":"Q","answer":"A"}""", "Q")]
    [InlineData("""{"prompt":[{"role":"user","content":"Q"}],"completion":[{"role":"assistant","content":"A"}]}""", "Q")]
    [InlineData("""{"instruction":"Q","output":"A"}""", "Q")]
    [InlineData("""{"instruction":"Q","input":"","output":"A"}""", "Q")]
    [InlineData("""{"instruction":"Q","input":"in","output":"A"}""", "Q\n\nin")]
    [InlineData("""{"question":"Q","answer":"A"}""", "Q")]
    [InlineData("""{"question":"Q","context":"C","answer":"A"}""", "C\n\nQ")]
    [InlineData("""{"text":"Q","label":"A"}""", "Q")]
    public void Reads_each_shape(string json, string prompt)
    {
        Row row = Assert.Single(RowReader.Read(_folder.Write("rows.jsonl", json)));
        Assert.Equal(prompt, row.Prompt);
        Assert.Equal("A", row.Answer);
    }

    [Fact]
    public void Reads_group_label_and_language_where_present()
    {
        string path = _folder.Write("rows.jsonl", """
            {"prompt":"日本","answer":"😀 \"q\"","group":7,"label":"a","language":"ja"}
            {"prompt":"p","answer":"a","group":null}
            """);
        IReadOnlyList<Row> rows = RowReader.Read(path);
        Assert.Equal(("7", "a", "ja", "😀 \"q\""), (rows[0].Group, rows[0].Label, rows[0].Language, rows[0].Answer));
        Assert.Equal((null, null, null), ((object?)rows[1].Group, rows[1].Label, rows[1].Language));
    }

    [Fact]
    public void Keeps_system_and_history()
    {
        string path = _folder.Write("rows.jsonl", """{"system":"S","instruction":"Q","output":"A","history":[["q1","a1"]]}""");
        Row row = RowReader.Read(path)[0];
        Assert.Equal(["system:S", "user:q1", "assistant:a1", "user:Q", "assistant:A"], row.Messages.Select(m => $"{m.Role}:{m.Content}"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Origins_count_lines_and_blank_lines_are_no_rows(string lineEnd)
    {
        string row = """{"prompt":"p","answer":"a"}""";
        string path = _folder.Write("rows.jsonl", "\uFEFF" + string.Join(lineEnd, row, "", row, "  ", row));
        Assert.Equal([1, 3, 5], RowReader.Read(path).Select(r => r.Origin.Line));
    }

    [Fact]
    public void Reads_an_array_with_the_line_and_place_of_each_row()
    {
        string path = _folder.Write("rows.json", """
             [{"prompt":"p","answer":"1"}, {"prompt":"p","answer":"2"},
              {"prompt":"p",
               "answer":"3"}]
            """);
        Assert.Equal([(1, 1), (1, 2), (2, 3)], RowReader.Read(path).Select(r => (r.Origin.Line, r.Origin.Element)));
        Assert.EndsWith("rows.json:2 (row 3)", RowReader.Read(path)[2].Origin.ToString());
    }

    [Theory]
    [InlineData("rows.csv", ",")]
    [InlineData("rows.tsv", "\t")]
    public void Reads_tables_with_quotes_and_line_breaks(string name, string d)
    {
        string path = _folder.Write(name, $"\uFEFFtext{d}label{d}group\r\n\"a \"\"b\"\"\r\nc{d}\"{d}x{d}g\r\n\r\n日本{d}y{d}\r\n");
        IReadOnlyList<Row> rows = RowReader.Read(path);
        Assert.Equal([$"a \"b\"\r\nc{d}", "日本"], rows.Select(r => r.Prompt));
        Assert.Equal([("x", "x", "g"), ("y", "y", null)], rows.Select(r => (r.Answer, r.Label, r.Group)));
        Assert.Equal([2, 5], rows.Select(r => r.Origin.Line));
    }

    [Fact]
    public void A_table_may_hold_messages_as_json()
    {
        string path = _folder.Write("rows.csv", "messages\n\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Q\"\"},{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"A\"\"}]\"\n");
        Assert.Equal("Q", RowReader.Read(path)[0].Prompt);
    }

    [Fact]
    public void Lines_longer_than_the_buffer_arrive_whole()
    {
        string longText = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i} "));
        string path = _folder.Write("rows.jsonl", string.Join('\n', Enumerable.Range(0, 5).Select(i => $$"""{"prompt":"{{i}}","answer":"{{longText}}"}""")));
        Assert.All(RowReader.Read(path), r => Assert.Equal(longText, r.Answer));
    }

    [Fact]
    public void Rows_stream_before_the_end_is_read()
    {
        string path = _folder.Write("rows.jsonl", """{"prompt":"p","answer":"a"}""" + "\nnot json");
        Assert.Equal("a", RowReader.Enumerate(path).First().Answer);
        Assert.Throws<InputException>(() => RowReader.Read(path));
    }

    [Theory]
    [Trait("Category", "Fixtures")]
    [InlineData("data/gsm8k/train.jsonl", 7473)]
    [InlineData("data/instructions-1100/instruction-data.json", 1100)]
    public void Reads_data_found_in_the_wild(string file, int count)
    {
        FixtureFolder.SkipIfAbsent(FixtureFolder.Exists ? "" : FixtureFolder.Absent);
        IReadOnlyList<Row> rows = RowReader.Read(FixtureFolder.PathOf(file));
        Assert.Equal(count, rows.Count);
        Assert.All(rows, r => Assert.NotEmpty(r.Prompt));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\uFEFF", "no row")]
    [InlineData("\n \n", "no row")]
    [InlineData("{\"prompt\":\"p\",}", ":1: column 15: not JSON")]
    [InlineData("{\"prompt\":\"p\",\"answer\":\"a\"} {}", ":1: column 29: not JSON")]
    [InlineData("{\"prompt\":\"日本\" \"answer\":\"a\"}", ":1: column 16: not JSON")]
    [InlineData("{\"prompt\":\"p\",\"answer\":\"a\"}\nhello", ":2: column 1: not JSON")]
    [InlineData("{\"prompt\":NaN}", "not JSON")]
    [InlineData("[1]", "the row is an array; an object is required")]
    [InlineData("17", "the row is the number 17")]
    [InlineData("{}", "found the keys (none); a row needs messages | prompt + completion")]
    [InlineData("{\"prompt\":\"p\",\"text\":\"t\"}", "found the keys \"prompt\", \"text\"")]
    [InlineData("{\"prompt\":\"p\",\"answer\":\"a\",\"instruction\":\"i\",\"output\":\"o\"}", "fit prompt + answer and instruction + output")]
    [InlineData("{\"prompt\":\"p\",\"answer\":\"a\",\"prompt\":\"q\"}", ":1: column 28: the key \"prompt\" stands twice")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"\"}]}", "\"role\" stands twice")]
    [InlineData("{\"prompt\":\"p\",\"answer\":5}", "\"answer\" is the number 5; a string")]
    [InlineData("{\"prompt\":{},\"answer\":\"a\"}", "\"prompt\" is an object; a string, or an array")]
    [InlineData("{\"instruction\":null,\"output\":\"a\"}", "\"instruction\" is null; a string is required")]
    [InlineData("{\"text\":\"a\",\"label\":null}", "\"label\" is null")]
    [InlineData("{\"text\":\"a\",\"label\":[1]}", "\"label\" is an array; a string or a number")]
    [InlineData("{\"messages\":\"hello\"}", "\"messages\" is a string; an array")]
    [InlineData("{\"messages\":[]}", "0 messages and none of the assistant")]
    [InlineData("{\"messages\":[3]}", "\"messages\"[0] is the number 3; an object")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "\"content\" is missing")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":null}]}", "\"messages\"[0].content is null; a string")]
    [InlineData("{\"messages\":[{\"role\":\"bot\",\"content\":\"x\"}]}", "the role \"bot\"; accepted: system, user, assistant")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "1 messages and none of the assistant")]
    [InlineData("{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"x\"}]}", "the last of 2 messages is of the role \"user\"")]
    [InlineData("{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"weight\":0.5}]}", "\"weight\" 0.5; 0 or 1")]
    [InlineData("{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"tool_calls\":[{}]}]}", "\"name\" is missing")]
    [InlineData("{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"function_call\":{}}]}", "\"function_call\", which would be lost")]
    [InlineData("{\"conversations\":[{\"from\":\"alien\",\"value\":\"x\"}]}", "from \"alien\"; accepted: human, gpt")]
    [InlineData("{\"conversations\":[{\"from\":\"function_call\",\"value\":\"{\"}]}", "has to hold JSON")]
    [InlineData("{\"chosen\":\"a\",\"rejected\":\"b\"}", "\"prompt\" is missing")]
    [InlineData("{\"prompt\":\"p\",\"chosen\":[],\"rejected\":\"b\"}", "no message")]
    [InlineData("{\"input\":{},\"preferred_output\":[],\"non_preferred_output\":[]}", "no \"messages\"")]
    [InlineData("{\"prompt\":\"\\ud800\",\"answer\":\"a\"}", "half of a surrogate pair")]
    [InlineData("{\"prompt\":\"p\",\"answer\":\"a\\u0000\"}", "NUL")]
    [InlineData("{\"prompt\":\"p\",\"answer\":\"a\0\"}", ":1: column 26: not JSON")]
    [InlineData("[", ":1: column 2: not JSON")]
    public void Says_what_is_wrong_with_a_row(string text, string expected)
    {
        string path = _folder.Write("bad.jsonl", text);
        var error = Assert.Throws<InputException>(() => RowReader.Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Theory]
    [InlineData("bad.csv", "text,label\na,b\nc\n", ":3: 1 fields; the header has 2 (text, label)")]
    [InlineData("bad.csv", "text,label\na,\"b\n", ":2:")]
    [InlineData("bad.csv", "text,label\na,b\"c\n", ":2:")]
    [InlineData("bad.csv", "text,text\na,b\n", ":1: the column \"text\" stands twice")]
    [InlineData("bad.csv", "text,label\n", "no row")]
    [InlineData("bad.csv", "a,b\n1,2\n", ":2: found the keys \"a\", \"b\"")]
    [InlineData("bad.csv", "text,label\na\0,b\n", ":2: the column \"text\" holds the character NUL")]
    [InlineData("bad.csv", "messages\n[1\n", ":2: column 3: not JSON")]
    [InlineData("bad.json", "[{\"prompt\":\"p\",\"answer\":\"a\"},\n {\"prompt\":1,\"answer\":\"\"}]", ":2 (row 2): \"prompt\" is the number 1")]
    [InlineData("bad.json", "[{\"prompt\":\"p\",\"answer\":\"a\"},\n {\"prompt\"}]", ":2: column 11: not JSON")]
    [InlineData("bad.json", "[]", "no row")]
    [InlineData("bad.parquet", "PAR1", "\".parquet\" is not a kind of file")]
    public void Says_what_is_wrong_with_a_table_or_array(string name, string text, string expected)
    {
        string path = _folder.Write(name, text);
        Assert.Contains(expected, Assert.Throws<InputException>(() => RowReader.Read(path)).Message);
    }

    [Fact]
    public void Says_where_bytes_are_not_utf8()
    {
        byte[] row = Encoding.UTF8.GetBytes("""{"prompt":"日X","answer":"a"}""");
        row[Array.IndexOf(row, (byte)'X')] = 0xFF;
        Assert.Contains(":2: column 13: the byte 0xFF is not UTF-8", Message("bad.jsonl", [(byte)'\n', .. row]));
        Assert.Contains(":2: column 2: the byte 0xE9 is not UTF-8", Message("bad.csv", [.. "text,label\na"u8, 0xE9, .. ",b\n"u8]));
        Assert.Contains("UTF-16", Message("bad.jsonl", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")]));
        // A surrogate as three bytes, which some programs write.
        Assert.Contains("the byte 0xED is not UTF-8", Message("bad.jsonl", [.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]));
    }

    [Fact]
    public void Says_what_is_wrong_with_the_file()
    {
        Assert.Contains("no such file", Assert.Throws<InputException>(() => RowReader.Read(Path.Combine(_folder.Path, "none.jsonl"))).Message);
        Assert.Contains("no such file", Assert.Throws<InputException>(() => RowReader.Read(Path.Combine(_folder.Path, "no", "none.jsonl"))).Message);
        Assert.Contains("the folder holds 0 files and none of rows", Assert.Throws<InputException>(() => RowReader.Read(_folder.Path)).Message);
        _folder.Write("image.png", "x");
        Assert.Contains("the folder holds 1 files and none of rows", Assert.Throws<InputException>(() => RowReader.Read(_folder.Path)).Message);
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_no_crash()
    {
        string text = $$"""{"prompt":"p","answer":"a","x":{{new string('[', 5000)}}{{new string(']', 5000)}}}""";
        Assert.Contains("not JSON", Message("deep.jsonl", Encoding.UTF8.GetBytes(text)));
    }

    private string Message(string name, byte[] bytes)
    {
        string path = _folder.Write(name, bytes);
        return Assert.Throws<InputException>(() => RowReader.Read(path)).Message;
    }
}
