namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>Gemma 1 to 3: norm weights are stored plus one, the head is always the embedding.</summary>
internal static class GemmaFamilies
{
    private static readonly string[] Gelu = ["gelu_pytorch_tanh", "gelu"]; // "gelu" in old configurations means the tanh form

    internal static GgufFamily Gemma { get; } = new()
    {
        Architecture = "gemma",
        ModelType = "gemma",
        ClassName = "GemmaForCausalLM",
        Tensors = [.. Names.WithShiftedNorms([.. Body(), .. Names.PreNorms()])],
        HyperParameters = [.. Sizes(), HyperParameter.Fixed("hidden_activation", "gelu_pytorch_tanh"), .. Theta()],
        Ignored = ["lm_head.weight"],
        Vocabulary = VocabularyStyle.SentencePiece,
        AdjustVocabulary = m =>
        {
            m["tokenizer.ggml.eot_token_id"] = GgufValue.Of(107u);
            NoSpacePrefix(m);
        },
        Activations = Gelu,
    };

    internal static GgufFamily Gemma2 { get; } = new()
    {
        Architecture = "gemma2",
        ModelType = "gemma2",
        ClassName = "Gemma2ForCausalLM",
        Tensors = [.. Names.WithShiftedNorms([.. Body(), .. FourNorms()])],
        HyperParameters =
        [
            .. Sizes(), HyperParameter.Real("attn_logit_softcapping", "attn_logit_softcapping", 50), HyperParameter.Real("final_logit_softcapping", "final_logit_softcapping", 30),
            Hyper.SlidingWindow(i => i % 2 == 0, write: false), HyperParameter.Fixed("hidden_activation", "gelu_pytorch_tanh"), .. Theta(), QueryScale(46),
        ],
        Ignored = ["lm_head.weight"],
        Vocabulary = VocabularyStyle.SentencePiece,
        AdjustVocabulary = NoSpacePrefix,
        Activations = Gelu,
        Obstacle = c => Alternating(c, 2) ?? Scaled(c, 46),
    };

    internal static GgufFamily Gemma3 { get; } = new()
    {
        Architecture = "gemma3",
        ModelType = "gemma3_text",
        ClassName = "Gemma3ForCausalLM",
        Tensors = [.. Names.WithShiftedNorms([.. Body(cutRows: true), .. FourNorms(), .. Names.QueryKeyNorms()])],
        HyperParameters =
        [
            HyperParameter.Count("block_count", "num_hidden_layers"), HyperParameter.Count("context_length", "max_position_embeddings", _ => 131_072),
            HyperParameter.Count("embedding_length", "hidden_size"), HyperParameter.Count("feed_forward_length", "intermediate_size"),
            HyperParameter.Count("attention.head_count", "num_attention_heads", _ => 8),
            new(
                (c, s) => s.Count("attention.head_count_kv", c.Positive("num_key_value_heads", 4)),
                (r, j) => j["num_key_value_heads"] = r.Scope.Integer("attention.head_count_kv") ?? r.Scope.Positive("attention.head_count")),
            .. GlobalAndLocalTheta(), Hyper.RmsNorm(), Hyper.HeadSize(_ => 256), HyperParameter.OptionalReal("final_logit_softcapping", "final_logit_softcapping"),
            Hyper.SlidingWindow(i => (i + 1) % 6 != 0, write: false), HyperParameter.Fixed("hidden_activation", "gelu_pytorch_tanh"), QueryScale(62),
        ],
        Vocabulary = VocabularyStyle.SentencePieceOrByteLevel,
        AdjustVocabulary = m => { if (m.Text("tokenizer.ggml.model") == "llama") NoSpacePrefix(m); },
        Activations = Gelu,
        Obstacle = c => Alternating(c, 6) ?? Scaled(c, 62)
            ?? (c.Has("attn_logit_softcapping") ? "a cap on attention scores" : null)
            ?? (c.Flag("use_bidirectional_attention", false) ? "attention in both directions" : null),
    };

    private static void NoSpacePrefix(GgufMetadata metadata) => metadata["tokenizer.ggml.add_space_prefix"] = GgufValue.Of(false);

    private static IEnumerable<TensorRule> Body(bool cutRows = false) =>
    [
        new RenameRule("model.embed_tokens.weight", "token_embd.weight") { IsCutToVocabulary = cutRows },
        .. Names.Module("model.norm", "output_norm"), .. Names.Module("lm_head", "output"), .. Names.Attention(), .. Names.GatedMlp(),
    ];

    private static IEnumerable<TensorRule> FourNorms() =>
    [
        .. Names.InLayer("input_layernorm", "attn_norm"), .. Names.InLayer("post_attention_layernorm", "post_attention_norm"),
        .. Names.InLayer("pre_feedforward_layernorm", "ffn_norm"), .. Names.InLayer("post_feedforward_layernorm", "post_ffw_norm"),
    ];

    private static IEnumerable<HyperParameter> Sizes() =>
    [
        HyperParameter.Count("context_length", "max_position_embeddings", _ => 8192), HyperParameter.Count("embedding_length", "hidden_size"),
        HyperParameter.Count("block_count", "num_hidden_layers"), HyperParameter.Count("feed_forward_length", "intermediate_size"),
        HyperParameter.Count("attention.head_count", "num_attention_heads"), Hyper.KeyValueHeads(), Hyper.RmsNorm(), Hyper.HeadSize(_ => 256),
    ];

    private static IEnumerable<HyperParameter> Theta() => [HyperParameter.ReadOnly((r, j) => Rope.Target(j)["rope_theta"] = r.Scope.Number("rope.freq_base") ?? 10_000)];

    private static IEnumerable<HyperParameter> GlobalAndLocalTheta() =>
    [
        Rope.Scaling(), Rope.Base(1_000_000), Rope.SlidingBase(),
        HyperParameter.ReadOnly((r, j) =>
        {
            var full = Rope.Target(j);
            j["rope_parameters"] = new System.Text.Json.Nodes.JsonObject
            {
                ["full_attention"] = full.DeepClone(),
                ["sliding_attention"] = new System.Text.Json.Nodes.JsonObject { ["rope_type"] = "default", ["rope_theta"] = r.Scope.Number("rope.freq_base_swa") ?? 10_000 },
            };
        }),
    ];

    // The graph scales by the head size, except in the one model of this depth, which scales by hidden size over heads.
    private static HyperParameter QueryScale(int deepest) => HyperParameter.ReadOnly((r, j) => j["query_pre_attn_scalar"] =
        r.Scope.Positive("block_count") == deepest
            ? r.Scope.Positive("embedding_length") / r.Scope.Positive("attention.head_count")
            : r.Scope.Positive("attention.key_length"));

    private static string? Scaled(Checkpoints.ModelConfiguration configuration, int deepest)
    {
        var built = configuration.Positive("num_hidden_layers") == deepest
            ? configuration.Positive("hidden_size") / configuration.Positive("num_attention_heads") : configuration.Positive("head_dim", 256);
        var asked = configuration.Number("query_pre_attn_scalar", built);
        return asked == built ? null : $"query_pre_attn_scalar {asked}; the graph has {built}";
    }

    private static string? Alternating(Checkpoints.ModelConfiguration configuration, int period) =>
        Hyper.LayerTypes(configuration) is { } types && types.Where((t, i) => (t == "sliding_attention") != (i % period < period - 1)).Any()
            ? $"another order of sliding layers than all but every {(period == 2 ? "second" : "sixth")}" : null;
}
