using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Fuzz;

/// <summary>Ten thousand damaged files of each format that the kit reads, from a fixed seed.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly string[] Texts = ["", "Hello, world 42!", "東京 🗼 e\u0301\u00A0x", "<s>a</s>", "it's  aaaa\n\t<|end|>"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Safetensors()
    {
        byte[][] seeds =
        [
            Stored("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""", 11),
            Stored("""{"__metadata__":{"format":"pt"},"w":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"s":{"dtype":"I64","shape":[],"data_offsets":[12,20]}}""", 20),
            Stored("""{"h":{"dtype":"F16","shape":[0,4],"data_offsets":[0,0]}}  """, 0),
        ];
        Fuzzing.Run("safetensors", "model.safetensors", seeds, isJson: false, bytes =>
        {
            using SafetensorsFile file = SafetensorsFile.Open(Place("model.safetensors", bytes));
            foreach (SafetensorsEntry entry in file.Entries)
            {
                using Tensor tensor = file.Read(entry.Name);
            }
        });
        Fuzzing.Run("safetensors-header", "model.safetensors", [HeaderOf(seeds[0])], isJson: true, header =>
        {
            using SafetensorsFile file = SafetensorsFile.Open(Place("model.safetensors", Stored(Encoding.UTF8.GetString(header), 11)));
        });
    }

    [Fact]
    public void Indices()
    {
        SafetensorsShards.Write(_folder, [KeyValuePair.Create("a", zeros(4)), KeyValuePair.Create("b", zeros(4))], largest: 16);
        string index = Path.Combine(_folder, "model.safetensors.index.json");
        Fuzzing.Run("index", "model", [File.ReadAllBytes(index)], isJson: true, bytes =>
        {
            Place(Path.GetFileName(index), bytes);
            SafetensorsShards.Open(_folder).Dispose();
        });
    }

    [Fact]
    public void Configurations() => Fuzzing.Run("config", "config.json", DecoderConfigs(), isJson: true, bytes => ConfigFile.Load(Place("config.json", bytes)));

    [Fact]
    public void Model_folders()
    {
        using (FineTuneKit.Models.Decoder decoder = TinyModel.Make()) ModelFolder.Save(_folder, decoder);
        Fuzzing.Run("model-folder", _folder, [File.ReadAllBytes(Path.Combine(_folder, "config.json"))], isJson: true, bytes =>
        {
            Place("config.json", bytes);
            ModelFolder.Load(_folder).Dispose();
        });
    }

    [Fact]
    public void Encoder_configurations() => Fuzzing.Run("encoder-config", "config.json", [.. EncoderConfigs.Select(Encoding.UTF8.GetBytes)], isJson: true, bytes => EncoderConfigFile.Load(Place("config.json", bytes)));

    [Fact]
    public void Tokenizers() => Fuzzing.Run("tokenizer", "tokenizer.json", TokenizerSeeds.All, isJson: true, bytes => Use(new Tokenizer(bytes, null, "tokenizer.json")));

    [Fact]
    public void Tokenizer_configurations()
    {
        byte[][] seeds =
        [
            """{"bos_token":"<s>","eos_token":{"content":"</s>","special":true,"lstrip":false},"pad_token":null,"unk_token":"<unk>","add_bos_token":true,"add_eos_token":false,"tokenizer_class":"LlamaTokenizer","chat_template":"x","added_tokens_decoder":{"0":{"content":"<unk>","special":true},"3":{"content":"<x>","normalized":true,"rstrip":true}}}"""u8.ToArray(),
            """{"tokenizer_class":"BertTokenizer","do_lower_case":false,"cls_token":"[CLS]","sep_token":"[SEP]","pad_token":"[PAD]","mask_token":"[MASK]","strip_accents":null,"tokenize_chinese_chars":true,"model_max_length":512}"""u8.ToArray(),
            """{"tokenizer_class":"GPT2Tokenizer","add_prefix_space":false,"eos_token":"<|end|>","unk_token":{"content":"<|end|>"}}"""u8.ToArray(),
        ];
        byte[] model = SentencePieceModel();
        Place("vocab.txt", VocabularyTxt());
        Place("vocab.json", VocabularyJson());
        Place("merges.txt", Merges());
        Fuzzing.Run("tokenizer-config", "tokenizer_config.json", seeds, isJson: true, bytes =>
        {
            string file = Place("tokenizer_config.json", bytes);
            var config = TokenizerConfig.Read(bytes, file);
            // Each seed is meant for one of these; the others may refuse it.
            Attempt(() => SentencePieceTokenizer.Parts(model, config, file));
            foreach (string name in new[] { "vocab.txt", "merges.txt" }) Attempt(() => Tokenizer.Load(Path.Combine(_folder, name)));
        }, leastRefused: 1000);
    }

    [Fact]
    public void SentencePiece_models() => Fuzzing.Run("sentencepiece", "spiece.model", [SentencePieceModel(), SentencePieceModel(bpe: true)], isJson: false,
        bytes => Use(Tokenizer.LoadSentencePiece(Place("spiece.model", bytes))));

    [Fact]
    public void Vocabulary_files() => Fuzzing.Run("vocab.txt", "vocab.txt", [VocabularyTxt()], isJson: false, bytes => Use(Tokenizer.Load(Place("vocab.txt", bytes))), leastRefused: 500);

    [Fact]
    public void Merges_files()
    {
        Place("vocab.json", VocabularyJson());
        Fuzzing.Run("merges.txt", "merges.txt", [Merges()], isJson: false, bytes => Use(Tokenizer.Load(Place("merges.txt", bytes))));
    }

    [Fact]
    public void Vocabularies_beside_merges()
    {
        string merges = Place("merges.txt", Merges());
        Fuzzing.Run("vocab.json", _folder, [VocabularyJson()], isJson: true, bytes =>
        {
            Place("vocab.json", bytes);
            Use(Tokenizer.Load(merges));
        });
    }

    [Fact]
    public void Tiktoken_ranks() => Fuzzing.Run("tiktoken", "gpt2.tiktoken", [Ranks()], isJson: false, bytes => Use(Tokenizer.Load(Place("gpt2.tiktoken", bytes))));

    [Fact]
    public void Adapter_configurations()
    {
        byte[][] seeds =
        [
            """{"peft_type":"LORA","r":8,"lora_alpha":16,"lora_dropout":0.1,"target_modules":["q_proj","v_proj"],"bias":"none","task_type":"CAUSAL_LM","rank_pattern":{"q_proj":4},"alpha_pattern":{"v_proj":8.5},"layers_to_transform":[0,1],"layers_pattern":"layers","modules_to_save":["lm_head"],"use_rslora":true,"exclude_modules":["x"]}"""u8.ToArray(),
            """{"peft_type":"LORA","r":4,"target_modules":"all-linear","inference_mode":true,"init_lora_weights":true,"layers_to_transform":null,"fan_in_fan_out":true,"base_model_name_or_path":"x/y"}"""u8.ToArray(),
        ];
        Fuzzing.Run("adapter-config", "adapter_config.json", seeds, isJson: true, bytes => PeftConfig.Load(Place("adapter_config.json", bytes)));
    }

    // A text may not go with a tokenizer, which need not be the file's fault.
    private static void Use(Tokenizer tokenizer)
    {
        foreach (string text in Texts) Attempt(() => tokenizer.Decode(tokenizer.EncodeText(text).Ids));
    }

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (InputException)
        {
            // Refused, as it may be.
        }
    }

    private string Place(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        // Written over, not emptied first: some file systems flush a file to the disk when it was emptied, ten thousand times here.
        using FileStream file = File.Open(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.Write(bytes);
        file.SetLength(bytes.Length);
        return path;
    }

    private static byte[] Stored(string header, int data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    private static byte[] HeaderOf(byte[] file) => file[8..(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file))];

    private static byte[] VocabularyTxt() => Encoding.UTF8.GetBytes(string.Join('\n', ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##a", "hello", "##lo", "東", ",", "!", "4", "##2"]) + "\n");

    private static IEnumerable<string> ByteTokens => Enumerable.Range(0, 256).Select(b => ByteAlphabet.CharOf((byte)b).ToString());

    private static byte[] VocabularyJson() =>
        JsonSerializer.SerializeToUtf8Bytes(ByteTokens.Concat(["ab", "abc", "he", "ll", "hell", "aa", "aaaa", "<|end|>", "<s>", "</s>"]).Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i));

    private static byte[] Merges() => "#version: 0.2\na b\nab c\nh e\nl l\nhe ll\na a\naa aa\n"u8.ToArray();

    private static byte[] Ranks() => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 256).Select(b => new[] { (byte)b })
        .Concat([[.. "ab"u8], [.. "abc"u8], [.. "he"u8], [.. "aa"u8], [.. "aaaa"u8]]).Select((token, rank) => $"{Convert.ToBase64String(token)} {rank}\n")));

    private static byte[] SentencePieceModel(bool bpe = false) => SentencePieceBytes.Model(bpe);

    private static List<byte[]> DecoderConfigs()
    {
        var configs = new List<byte[]>
        {
            """{"model_type":"llama","vocab_size":96,"hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":128,"rope_scaling":{"rope_type":"llama3","factor":8.0,"original_max_position_embeddings":64,"low_freq_factor":1,"high_freq_factor":4},"rms_norm_eps":1e-5,"architectures":["LlamaForCausalLM"],"bos_token_id":1,"eos_token_id":[2,3],"pad_token_id":null,"torch_dtype":"float32"}"""u8.ToArray(),
            """{"model_type":"llama","architectures":["LlamaForSequenceClassification"],"num_labels":3,"vocab_size":96,"hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,"rope_parameters":{"rope_type":"yarn","factor":2,"rope_theta":10000.0}}"""u8.ToArray(),
            """{"model_type":"gpt2","vocab_size":96,"n_embd":32,"n_layer":2,"n_head":4,"n_positions":64,"n_inner":null,"activation_function":"gelu_new","layer_norm_epsilon":1e-5,"attn_pdrop":0.1,"embd_pdrop":0.1,"resid_pdrop":0.1,"architectures":["GPT2LMHeadModel"]}"""u8.ToArray(),
            """{"model_type":"gemma3_text","vocab_size":96,"hidden_size":32,"intermediate_size":64,"num_hidden_layers":7,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":8,"sliding_window":16,"layer_types":["sliding_attention","full_attention","sliding_attention","sliding_attention","sliding_attention","sliding_attention","full_attention"],"query_pre_attn_scalar":8,"rope_local_base_freq":10000.0,"max_position_embeddings":128}"""u8.ToArray(),
            """{"model_type":"gpt_neox","vocab_size":96,"hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,"rotary_pct":0.25,"use_parallel_residual":true,"max_position_embeddings":128,"hidden_act":"gelu","layer_norm_eps":1e-5,"rotary_emb_base":10000}"""u8.ToArray(),
            """{"model_type":"mistral","vocab_size":96,"hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"sliding_window":8}"""u8.ToArray(),
        };
        return configs;
    }

    private static readonly string[] EncoderConfigs =
    [
        """{"model_type":"bert","vocab_size":96,"hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,"max_position_embeddings":64,"type_vocab_size":2,"hidden_act":"gelu","layer_norm_eps":1e-12,"architectures":["BertForSequenceClassification"],"id2label":{"0":"a","1":"b"},"pad_token_id":0}""",
        """{"model_type":"vit","hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,"image_size":16,"patch_size":4,"num_channels":3,"hidden_act":"gelu","qkv_bias":true,"layer_norm_eps":1e-12,"architectures":["ViTForImageClassification"],"num_labels":3}""",
    ];
}
