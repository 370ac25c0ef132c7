using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>GPT-2, StarCoder, GPT-NeoX, Falcon, BLOOM: fused q, k and v, names below <c>transformer</c> or <c>gpt_neox</c>.</summary>
internal static class GptFamilies
{
    private const string Layer = "transformer.h.{i}.";
    private static readonly string[] TanhGelu = ["gelu_new", "gelu_pytorch_tanh", "gelu_fast"];
    private static readonly string[] AnyGelu = ["gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast"]; // one graph serves both forms

    internal static GgufFamily Gpt2 { get; } = new()
    {
        Architecture = "gpt2",
        ModelType = "gpt2",
        ClassName = "GPT2LMHeadModel",
        BasePrefix = "transformer.",
        Tensors =
        [
            .. GptEnds(), .. GptNorms(),
            .. Transposed(Layer + "attn.c_attn", "attn_qkv"), .. Transposed(Layer + "attn.c_proj", "attn_output"),
            .. Transposed(Layer + "mlp.c_fc", "ffn_up"), .. Transposed(Layer + "mlp.c_proj", "ffn_down"),
        ],
        HyperParameters = [.. GptSizes(), Hyper.LayerNorm("layer_norm_epsilon"), Hyper.Activation("gelu_new", "activation_function")],
        Ignored = [".attn.bias", ".attn.masked_bias"],
        Activations = TanhGelu,
        Obstacle = Gpt2Obstacle,
    };

    internal static GgufFamily StarCoder { get; } = new()
    {
        Architecture = "starcoder",
        ModelType = "gpt_bigcode",
        ClassName = "GPTBigCodeForCausalLM",
        BasePrefix = "transformer.",
        Tensors =
        [
            .. GptEnds(), .. GptNorms(),
            .. Names.Module(Layer + "attn.c_attn", Names.Block + "attn_qkv"), .. Names.Module(Layer + "attn.c_proj", Names.Block + "attn_output"),
            .. Names.Module(Layer + "mlp.c_fc", Names.Block + "ffn_up"), .. Names.Module(Layer + "mlp.c_proj", Names.Block + "ffn_down"),
        ],
        HyperParameters =
        [
            .. GptSizes(context: "n_positions"), HyperParameter.WriteOnly((_, s) => s.Count("attention.head_count_kv", 1)), Hyper.LayerNorm("layer_norm_epsilon"),
            HyperParameter.Fixed("multi_query", true), Hyper.Activation("gelu_pytorch_tanh", "activation_function"),
        ],
        Ignored = [".attn.bias", ".attn.masked_bias"],
        Activations = TanhGelu,
        Obstacle = c => c.Flag("multi_query", true) ? NotFourTimes(c, "n_inner", "n_embd") : "a key and value head for each query head",
    };

    internal static GgufFamily GptNeoX { get; } = new()
    {
        Architecture = "gptneox",
        ModelType = "gpt_neox",
        ClassName = "GPTNeoXForCausalLM",
        BasePrefix = "gpt_neox.",
        WritesFileType = false,
        Tensors =
        [
            .. Names.Ends("gpt_neox.", "embed_in", "final_layer_norm", "embed_out"),
            .. Neo("input_layernorm", "attn_norm"), .. Neo("post_attention_layernorm", "ffn_norm"), .. Neo("attention.query_key_value", "attn_qkv", HeadsToBlocks),
            .. Neo("attention.dense", "attn_output"), .. Neo("mlp.dense_h_to_4h", "ffn_up"), .. Neo("mlp.dense_4h_to_h", "ffn_down"),
        ],
        HyperParameters =
        [
            HyperParameter.Count("context_length", "max_position_embeddings", _ => 2048), HyperParameter.Count("embedding_length", "hidden_size"),
            HyperParameter.Count("block_count", "num_hidden_layers"), HyperParameter.Count("feed_forward_length", "intermediate_size"), Rope.Partial(0.25, "rotary_pct"),
            HyperParameter.Count("attention.head_count", "num_attention_heads"), HyperParameter.Flag("use_parallel_residual", "use_parallel_residual", true), Hyper.LayerNorm(),
            HyperParameter.ReadOnly((r, j) => Rope.Target(j)["rope_theta"] = r.Scope.Number("rope.freq_base") ?? 10_000),
            Hyper.BiasFlag("attention_bias", "blk.0.attn_qkv.bias"), Hyper.Activation("gelu"),
        ],
        Ignored = [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"],
        Activations = AnyGelu,
        Obstacle = PlainRope,
    };

    internal static GgufFamily Falcon { get; } = new()
    {
        Architecture = "falcon",
        ModelType = "falcon",
        ClassName = "FalconForCausalLM",
        BasePrefix = "transformer.",
        Tensors =
        [
            .. Names.Ends("transformer.", "word_embeddings", "ln_f"), .. Fal("ln_attn", "attn_norm_2"), .. Fal("ln_mlp", "attn_norm"), .. Fal("input_layernorm", "attn_norm"),
            .. Fal("self_attention.query_key_value", "attn_qkv", FalconGroups), .. Fal("self_attention.dense", "attn_output"),
            .. Fal("mlp.dense_h_to_4h", "ffn_up"), .. Fal("mlp.dense_4h_to_h", "ffn_down"),
        ],
        HyperParameters =
        [
            HyperParameter.WriteOnly((_, s) => s.Count("context_length", 2048)), HyperParameter.WriteOnly((_, s) => s.Text("tensor_data_layout", "jploski")),
            HyperParameter.Count("embedding_length", "hidden_size"),
            new((c, s) => s.Count("feed_forward_length", 4 * c.Positive("hidden_size")), (r, j) => j["ffn_hidden_size"] = r.Scope.Positive("feed_forward_length")),
            new((c, s) => s.Count("block_count", Layers(c)), (r, j) => j["num_hidden_layers"] = r.Scope.Positive("block_count")),
            new((c, s) => s.Count("attention.head_count", Heads(c)), (r, j) => j["num_attention_heads"] = r.Scope.Positive("attention.head_count")),
            new((c, s) => s.Count("attention.head_count_kv", Groups(c)), (r, j) => j["num_kv_heads"] = r.Scope.Integer("attention.head_count_kv") ?? 1),
            Hyper.LayerNorm("layer_norm_epsilon"),
            HyperParameter.ReadOnly((r, j) =>
            {
                var two = r.Has("blk.0.attn_norm_2.weight");
                j["new_decoder_architecture"] = two || (r.Scope.Integer("attention.head_count_kv") ?? 1) > 1;
                j["num_ln_in_parallel_attn"] = two ? 2 : 1;
                j["multi_query"] = true;
                j["parallel_attn"] = true;
                j["alibi"] = false;
                j["bias"] = r.Has("blk.0.attn_qkv.bias");
                j["max_position_embeddings"] = r.Scope.Integer("context_length") ?? 2048;
                Rope.Target(j)["rope_theta"] = r.Scope.Number("rope.freq_base") ?? 10_000;
            }),
            Hyper.Activation("gelu", "activation"),
        ],
        Activations = AnyGelu,
        Obstacle = c => FalconObstacle(c) ?? PlainRope(c),
    };

    internal static GgufFamily Bloom { get; } = new()
    {
        Architecture = "bloom",
        ModelType = "bloom",
        ClassName = "BloomForCausalLM",
        BasePrefix = "transformer.",
        Tensors =
        [
            .. Names.Ends("transformer.", "word_embeddings", "ln_f"), .. Names.Module("transformer.word_embeddings_layernorm", "token_embd_norm"),
            .. Fal("input_layernorm", "attn_norm"), .. Fal("post_attention_layernorm", "ffn_norm"), .. Fal("self_attention.query_key_value", "attn_qkv", HeadsToBlocks),
            .. Fal("self_attention.dense", "attn_output"), .. Fal("mlp.dense_h_to_4h", "ffn_up"), .. Fal("mlp.dense_4h_to_h", "ffn_down"),
        ],
        HyperParameters =
        [
            HyperParameter.WriteOnly((c, s) => s.Count("context_length", c.OptionalInteger("seq_length") ?? BloomWidth(c))),
            new((c, s) => s.Count("embedding_length", BloomWidth(c)), (r, j) => j["hidden_size"] = r.Scope.Positive("embedding_length")),
            HyperParameter.WriteOnly((c, s) => s.Count("feed_forward_length", 4 * BloomWidth(c))),
            new((c, s) => s.Count("block_count", Layers(c)), (r, j) => j["n_layer"] = r.Scope.Positive("block_count")),
            new((c, s) => s.Count("attention.head_count", Heads(c)), (r, j) => j["n_head"] = r.Scope.Positive("attention.head_count")),
            HyperParameter.WriteOnly((c, s) => s.Count("attention.head_count_kv", Heads(c))), Hyper.LayerNorm("layer_norm_epsilon"),
            HyperParameter.Fixed("apply_residual_connection_post_layernorm", false),
        ],
        Activations = AnyGelu,
        Obstacle = c => c.Flag("apply_residual_connection_post_layernorm", false) ? "residual connections after the norms" : null,
    };

    private static IEnumerable<TensorRule> GptEnds() => [.. Names.Ends("transformer.", "wte", "ln_f"), .. Names.Module("transformer.wpe", "position_embd")];

    private static IEnumerable<TensorRule> GptNorms() => [.. Names.Module(Layer + "ln_1", Names.Block + "attn_norm"), .. Names.Module(Layer + "ln_2", Names.Block + "ffn_norm")];

    private static IEnumerable<TensorRule> Transposed(string huggingFace, string gguf) => Names.Module(huggingFace, Names.Block + gguf).Select(r => r with { IsTransposed = true });

    private static IEnumerable<TensorRule> Neo(string huggingFace, string gguf, RowOrder? order = null) => Names.Module("gpt_neox.layers.{i}." + huggingFace, Names.Block + gguf, order);

    private static IEnumerable<TensorRule> Fal(string huggingFace, string gguf, RowOrder? order = null) => Names.Module(Layer + huggingFace, Names.Block + gguf, order);

    private static IEnumerable<HyperParameter> GptSizes(string context = "n_ctx") =>
    [
        HyperParameter.Count("block_count", "n_layer"),
        new(
            (c, s) => s.Count("context_length", c.OptionalInteger(context) ?? c.Positive("n_positions", 1024)),
            (r, j) =>
            {
                j["n_positions"] = r.Scope.Positive("context_length");
                j["n_ctx"] = r.Scope.Positive("context_length");
            }),
        HyperParameter.Count("embedding_length", "n_embd"),
        new((c, s) => s.Count("feed_forward_length", 4 * c.Positive("n_embd")), (r, j) => j["n_inner"] = r.Scope.Positive("feed_forward_length")),
        HyperParameter.Count("attention.head_count", "n_head"),
    ];

    private static int Heads(ModelConfiguration configuration) => configuration.OptionalInteger("num_attention_heads") ?? configuration.Positive("n_head");

    private static int Layers(ModelConfiguration configuration) => configuration.OptionalInteger("num_hidden_layers") ?? configuration.Positive("n_layer");

    private static int BloomWidth(ModelConfiguration configuration) => configuration.OptionalInteger("hidden_size") ?? configuration.Positive("n_embed");

    private static int Groups(ModelConfiguration configuration) => configuration.OptionalInteger("num_kv_heads") ?? configuration.Positive("n_head_kv", 1);

    private static int[] HeadsToBlocks(ModelConfiguration configuration, int rows)
    {
        var heads = Heads(configuration);
        return rows % (3 * heads) == 0 ? RowOrders.GroupsToBlocks(heads, 1, rows / (3 * heads))
            : throw configuration.Invalid("num_attention_heads", $"{heads} heads", $"the fused projection has {rows} rows, not three equal parts for each head");
    }

    private static int[] FalconGroups(ModelConfiguration configuration, int rows)
    {
        var (heads, groups) = (Heads(configuration), Groups(configuration));
        return heads % groups == 0 && rows % (heads + (2 * groups)) == 0 ? RowOrders.GroupsToBlocks(groups, heads / groups, rows / (heads + (2 * groups)))
            : throw configuration.Invalid("num_kv_heads", $"{groups} of {heads} heads", $"the fused projection has {rows} rows");
    }

    private static string? NotFourTimes(ModelConfiguration configuration, string inner, string width) =>
        configuration.OptionalInteger(inner) is { } size && size != 4 * configuration.Positive(width) ? "a feed-forward part that is not four times as wide as the model" : null;

    private static string? Gpt2Obstacle(ModelConfiguration configuration) => NotFourTimes(configuration, "n_inner", "n_embd")
        ?? (configuration.Flag("scale_attn_by_inverse_layer_idx", false) ? "attention scaled by layer" : configuration.Flag("scale_attn_weights", true) ? null : "attention without scale");

    private static string? FalconObstacle(ModelConfiguration configuration)
    {
        if (configuration.Flag("alibi", false)) return "ALiBi positions; the graph of falcon always rotates";
        var grouped = configuration.Flag("new_decoder_architecture", false);
        if (!grouped && !(configuration.Flag("multi_query", true) && configuration.Flag("parallel_attn", true))) return "the block of Falcon RW, attention and feed-forward one after the other";
        return NotFourTimes(configuration, "ffn_hidden_size", "hidden_size");
    }

    private static string? PlainRope(ModelConfiguration configuration)
    {
        if (Rope.TypeOf(configuration) != "default") return $"rotary scaling of type '{Rope.TypeOf(configuration)}'";
        var theta = Rope.Number(Rope.Full(configuration), "rope_theta") ?? configuration.Number("rope_theta", configuration.Number("rotary_emb_base", 10_000));
        return theta == 10_000 ? null : $"a rotary base of {theta}; the converter writes none for this architecture, so 10000 holds";
    }
}
