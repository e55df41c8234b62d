using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using FineTuneKit.Training.Supervised;
using Xunit;

namespace FineTuneKit.Tests.Text;

/// <summary>What TRL's trainer feeds the model: ids, labels, packing, batches.</summary>
[Trait("Category", "Fixtures")]
public sealed class SftLabelCaseTests
{
    private const string File = "golden/sft-labels/cases.json";

    public static TheoryData<string> Cases => FixtureFolder.Cases(File);

    [Theory, MemberData(nameof(Cases))]
    public void Labels_as_the_reference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement test = FixtureFolder.Case(File, id);
        SupervisedOptions options = Options(test.GetProperty("config"));
        Tokenizer tokenizer = TokenizerOf(FixtureFolder.Json(File).GetProperty("tokenizers").GetProperty(test.GetProperty("tokenizer").GetString()!), options.EndToken);
        if (test.GetProperty("error").ValueKind != JsonValueKind.Null)
        {
            Assert.Throws<InputException>(() => Build(test, tokenizer, options));
            return;
        }

        IReadOnlyList<SupervisedRow> rows = Build(test, tokenizer, options);
        JsonElement dataset = test.GetProperty("train_dataset");
        Equal(dataset.GetProperty("input_ids"), rows.Select(r => r.Ids), "input_ids");
        Equal(dataset.GetProperty("labels"), rows.Select(r => r.Ids.Select((t, i) => r.Learned[i] ? t : SupervisedBatch.Ignored).ToArray()), "labels");
        if (dataset.TryGetProperty("seq_lengths", out JsonElement lengths)) Equal(lengths, rows.Select(r => r.Segments!.ToArray()), "seq_lengths");
        SupervisedRow[][] batches = [.. rows.Chunk(test.GetProperty("batch_size").GetInt32())];
        JsonElement[] expected = [.. test.GetProperty("batches").EnumerateArray()];
        Assert.Equal(expected.Length, batches.Length);
        for (int i = 0; i < expected.Length; i++) CheckBatch(expected[i], SupervisedBatch.Of(batches[i], SupervisedBatch.PadIdOf(tokenizer), options));
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_kits_own_masks_differ_only_where_a_character_is_cut(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement test = FixtureFolder.Case(File, id);
        SupervisedOptions options = Options(test.GetProperty("config"));
        if (test.GetProperty("error").ValueKind != JsonValueKind.Null || !options.AssistantOnly || options.Packing != Packing.None || options.MaxTokens != 1024) return;
        Tokenizer tokenizer = TokenizerOf(FixtureFolder.Json(File).GetProperty("tokenizers").GetProperty(test.GetProperty("tokenizer").GetString()!), options.EndToken);

        foreach ((SupervisedRow trl, SupervisedRow own) in Build(test, tokenizer, options).Zip(Build(test, tokenizer, options with { AsTrl = false })))
        {
            Assert.Equal(trl.Ids, own.Ids);
            for (int i = 0; i < trl.Ids.Length; i++)
            {
                Assert.True(own.Learned[i] || !trl.Learned[i], $"token {i} is learned in TRL only");
                if (own.Learned[i] == trl.Learned[i]) continue;
                // What TRL leaves out continues a character, or stands for the blank that its offsets lack, or comes after one.
                bool continues = tokenizer.Decode([trl.Ids[i]], skipSpecialTokens: false).Contains('\uFFFD', StringComparison.Ordinal);
                Assert.True(continues || trl.Learned.Skip(i).All(learned => !learned), $"token {i} is left out by TRL for no known reason");
            }
        }
    }

    private static IReadOnlyList<SupervisedRow> Build(JsonElement test, Tokenizer tokenizer, SupervisedOptions options)
    {
        JsonElement used = test.TryGetProperty("template_used", out JsonElement swapped) ? swapped : test.GetProperty("chat_template");
        ChatTemplate? template = used.ValueKind == JsonValueKind.Null ? null : ChatTemplate.Of(System.IO.File.ReadAllText(FixtureFolder.PathOf(used.GetString()!.Split('/'))), tokenizer);
        return SupervisedRows.Build(test.GetProperty("rows").EnumerateArray().Select((row, i) => (row, $"row {i + 1}")), tokenizer, template, options);
    }

    private static Tokenizer TokenizerOf(JsonElement about, string? end)
    {
        var config = about.EnumerateObject().Where(p => p.Name != "file").ToDictionary(p => p.Name, p => p.Value.GetString(), StringComparer.Ordinal);
        if (end is not null) config["eos_token"] = end;
        string file = FixtureFolder.PathOf(about.GetProperty("file").GetString()!.Split('/'));
        return new Tokenizer(System.IO.File.ReadAllBytes(file), JsonSerializer.SerializeToUtf8Bytes(config), file);
    }

    private static SupervisedOptions Options(JsonElement config)
    {
        var options = new SupervisedOptions { AsTrl = true };
        foreach (JsonProperty setting in config.EnumerateObject())
        {
            JsonElement value = setting.Value;
            options = setting.Name switch
            {
                "dataset_text_field" => options with { TextField = value.GetString()! },
                "eos_token" => options with { EndToken = value.GetString() },
                "max_length" => options with { MaxTokens = value.ValueKind == JsonValueKind.Null ? null : value.GetInt32() },
                "truncation_mode" => options with { Truncation = value.GetString() == "keep_end" ? Truncation.KeepEnd : Truncation.KeepStart },
                "packing" => options with { Packing = value.GetBoolean() && options.Packing == Packing.None ? Packing.BestFit : options.Packing },
                "packing_strategy" => options with { Packing = value.GetString() switch { "bfd" => Packing.BestFit, "bfd_split" => Packing.BestFitSplit, _ => Packing.Wrapped } },
                "padding_free" => options with { PaddingFree = value.GetBoolean() },
                "pad_to_multiple_of" => options with { PadToMultipleOf = value.GetInt32() },
                "completion_only_loss" => options with { CompletionOnly = value.GetBoolean() },
                "assistant_only_loss" => options with { AssistantOnly = value.GetBoolean() },
                _ => throw new NotSupportedException($"the case has the setting {setting.Name}"),
            };
        }
        return options;
    }

    private static void CheckBatch(JsonElement expected, SupervisedBatch batch)
    {
        Equal(expected.GetProperty("input_ids"), batch.InputIds, "batch input_ids");
        Equal(expected.GetProperty("labels"), batch.Labels, "batch labels");
        Assert.Equal(expected.TryGetProperty("attention_mask", out JsonElement attention), batch.AttentionMask is not null);
        if (batch.AttentionMask is not null)
        {
            Equal(attention, batch.AttentionMask, "attention_mask");
            return;
        }
        Equal(expected.GetProperty("position_ids"), [batch.PositionIds!], "position_ids");
        Equal(expected.GetProperty("seq_idx"), [batch.SegmentIds!], "seq_idx");
        Assert.Equal(Numbers(expected.GetProperty("cu_seq_lens_q")), batch.SegmentStarts);
        Assert.Equal(expected.GetProperty("max_length_q").GetInt32(), batch.SegmentStarts!.Zip(batch.SegmentStarts!.Skip(1), (a, b) => b - a).Max());
    }

    private static void Equal(JsonElement expected, IEnumerable<int[]> actual, string what)
    {
        int[][] wanted = [.. expected.EnumerateArray().Select(Numbers)], found = [.. actual];
        Assert.True(wanted.Length == found.Length, $"{what}: {wanted.Length} rows expected, {found.Length} found");
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(wanted[i].SequenceEqual(found[i]), $"{what}, row {i}: expected [{string.Join(' ', wanted[i])}], found [{string.Join(' ', found[i])}]");
    }

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetInt32())];
}
