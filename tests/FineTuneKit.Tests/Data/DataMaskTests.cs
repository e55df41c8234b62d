using FineTuneKit.Data;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FineTuneKit.Tests.Data;

public sealed class DataMaskTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "anna@mail.example", "Bob@shop.example.co.jp", "090-0000-1234", "+49 30 901820", "4242 4242 4242 4242", "1234 5678 9018", "DE89 3704 0044 0532 0130 00",
        "192.0.2.17", "Mr. Smith", "田中様", "[EMAIL_1]", "[TEXT_2]", "[", "]", "[EMAIL_", "_1]", "\\n", "\\u3042", "\\", "\"", "{\"reply\": \"", "\"}", "password: hunter22",
        "AKIAIOSFODNN7EXAMPLE", "plain text", " ", "\n", "日本語", "、", "postgres://shop:s3cret@db.example/shop", "London SW1A 1AA",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Masking_then_unmasking_gives_every_row_back()
    {
        Prop.ForAll<NonEmptyArray<string>, int>((texts, seed) =>
        {
            var random = new NamedRandom("mask", seed);
            string[] pool = [.. texts.Get.Select(t => t ?? ""), .. Pieces];
            string Some() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Pick(pool)));
            var vault = new MaskVault();
            for (int i = 0; i < 10; i++)
            {
                Row row = Rows.Of(Some(), Some(), i + 1, group: Some()) with
                {
                    Messages = [new("user", Some()), new("assistant", Some()) { ToolCalls = [new("t", Some())], Reasoning = Some(), Name = Some() }],
                    Rejected = new ChatMessage("assistant", Some()),
                    Extra = [new("mail", $"\"{random.Pick(Pieces).Replace("\"", "").Replace("\\", "").Replace("\n", "")}\""), new("n", "4242424242424242")],
                };
                Row back = DataMask.Unmask(DataMask.Mask(row, vault), vault);
                if (!row.Messages.SequenceEqual(back.Messages) || row.Rejected != back.Rejected || row.Group != back.Group || !row.Extra.SequenceEqual(back.Extra)) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_same_text_has_the_same_placeholder_in_all_rows_and_after_loading()
    {
        var vault = new MaskVault();
        Assert.Equal("Write to [EMAIL_1] or [EMAIL_2].", DataMask.Mask("Write to a@b.example or c@d.example.", vault));
        Assert.Equal("[EMAIL_2], 電話[PHONE_1]、[NAME_1]様", DataMask.Mask("c@d.example, 電話090-0000-1234、田中様", vault));
        string file = Path.Combine(_folder.Path, "vault.json");
        vault.Save(file);
        MaskVault loaded = MaskVault.Load(file);
        Assert.Equal("[EMAIL_1] [EMAIL_3]", DataMask.Mask("a@b.example x@y.example", loaded));
        Assert.Equal("a@b.example wrote, [EMAIL_9] did not", loaded.Unmask("[EMAIL_1] wrote, [EMAIL_9] did not"));
        Assert.Throws<InputException>(() => MaskVault.Load(_folder.Write("bad.json", "{\"schema\":\"x\"}")));
        Assert.Throws<InputException>(() => MaskVault.Load(_folder.Write("bad.json", "[")));
    }

    [Fact]
    public void Json_inside_a_text_stays_json()
    {
        const string answer = """{"reply": "Dear all,\nanna@mail.example wrote.", "phone": "090-0000-1234"}""";
        string masked = DataMask.Mask(answer, new MaskVault());
        Assert.Equal("""{"reply": "Dear all,\n[EMAIL_1] wrote.", "phone": "[PHONE_1]"}""", masked);
    }

    [Fact]
    public void Nothing_that_the_audit_finds_is_left()
    {
        Row[] rows = [.. Pieces.Select((p, i) => Rows.Of($"About {p} now", "ok", i + 1))];
        Assert.NotEqual(0, DataAudit.Run(rows).Counts[AuditRules.PersonalData]);
        var vault = new MaskVault();
        AuditReport masked = DataAudit.Run([.. rows.Select(r => DataMask.Mask(r, vault))]);
        Assert.Equal((0, 0), (masked.Counts[AuditRules.PersonalData], masked.Counts[AuditRules.Secret]));
    }
}
