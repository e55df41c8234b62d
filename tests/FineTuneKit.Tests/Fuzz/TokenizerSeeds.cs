using System.Text;

namespace FineTuneKit.Tests.Fuzz;

/// <summary>Small tokenizer.json files that have every kind of part between them.</summary>
internal static class TokenizerSeeds
{
    private const string Added = """
        [{"id":0,"content":"<unk>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},{"id":90,"content":"<|end|>","single_word":true,"lstrip":true,"rstrip":true,"normalized":true,"special":true}]
        """;

    private const string Vocabulary = """{"<unk>":0,"a":1,"b":2,"ab":3,"▁":4,"▁a":5,"H":6,"e":7,"l":8,"o":9,"ll":10,"##l":11,"##o":12,"Hello":13,"<0x41>":14,"▁w":15,"[CLS]":16,"[SEP]":17,"Ġ":18,"i":19,"t":20}""";

    private const string Bpe = """{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,"dropout":null,"ignore_merges":false,"continuing_subword_prefix":null,"end_of_word_suffix":null,"vocab":VOCAB,"merges":["a b",["l","l"],"▁ a"]}""";

    /// <summary>The same model counts several times where its other parts differ; those with a regex, which is slow to build, are few.</summary>
    public static List<byte[]> All { get; } = [.. Files().Select(text => Encoding.UTF8.GetBytes(text.Replace("VOCAB", Vocabulary, StringComparison.Ordinal)))];

    private static IEnumerable<string> Files()
    {
        string bert = Json(
            """{"type":"WordPiece","unk_token":"<unk>","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":VOCAB}""",
            """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}""",
            """{"type":"BertPreTokenizer"}""",
            """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[16],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[17],"tokens":["[SEP]"]}}}""",
            """{"type":"WordPiece","prefix":"##","cleanup":true}""",
            """{"direction":"Right","max_length":16,"strategy":"LongestFirst","stride":2}""",
            """{"strategy":{"Fixed":8},"direction":"Right","pad_to_multiple_of":4,"pad_id":0,"pad_type_id":0,"pad_token":"<unk>"}""");
        string unigram = Json(
            """{"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["<unk>",0.0],["a",-1.5],["b",-2.0],["ab",-1.0],["▁",-3.0],["▁H",-4.0],["e",-5.5],["ll",-2.5],["o",-2.25]]}""",
            """{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Nmt"},{"type":"Lowercase"},{"type":"StripAccents"},{"type":"Strip","strip_left":true,"strip_right":false},{"type":"Replace","pattern":{"String":"  "},"content":" "},{"type":"Prepend","prepend":"▁"}]}""",
            """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""",
            """{"type":"BertProcessing","sep":["[SEP]",17],"cls":["[CLS]",16]}""",
            """{"type":"Sequence","decoders":[{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},{"type":"Strip","content":" ","start":1,"stop":0},{"type":"Fuse"}]}""");
        string pieces = Json(
            """{"type":"WordLevel","unk_token":"<unk>","vocab":VOCAB}""", "null",
            """{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"Isolated"},{"type":"UnicodeScripts"},{"type":"CharDelimiterSplit","delimiter":"-"},{"type":"FixedLength","length":5},{"type":"WhitespaceSplit"},{"type":"Split","pattern":{"String":"l"},"behavior":"MergedWithNext","invert":false}]}""",
            """{"type":"Sequence","processors":[{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},{"type":"RobertaProcessing","sep":["[SEP]",17],"cls":["[CLS]",16],"trim_offsets":true,"add_prefix_space":false}]}""",
            """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"a"},"content":"b"},{"type":"ByteFallback"},{"type":"CTC","pad_token":"<pad>","word_delimiter_token":"|","cleanup":true},{"type":"BPEDecoder","suffix":"</w>"}]}""");
        string bytes = Json(Bpe, """{"type":"Sequence","normalizers":[{"type":"NFC"}]}""", """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""", """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false}""", """{"type":"ByteLevel"}""");
        string regex = Json(Bpe, """{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}""", """{"type":"Split","pattern":{"Regex":"[^l]+|l"},"behavior":"Isolated","invert":false}""", "null", "null");
        for (int i = 0; i < 6; i++)
        {
            yield return bert;
            yield return unigram;
            yield return pieces;
            yield return bytes;
        }
        yield return regex;
    }

    private static string Json(string model, string normalizer, string preTokenizer, string postProcessor, string decoder, string truncation = "null", string padding = "null") =>
        $$"""{"version":"1.0","truncation":{{truncation}},"padding":{{padding}},"added_tokens":{{Added}},"normalizer":{{normalizer}},"pre_tokenizer":{{preTokenizer}},"post_processor":{{postProcessor}},"decoder":{{decoder}},"model":{{model}}}""";
}
