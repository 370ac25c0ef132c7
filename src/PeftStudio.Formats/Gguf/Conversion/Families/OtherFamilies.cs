using System.Text.Json.Nodes;
using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>StableLM, StarCoder 2, Cohere, OLMo 2 and 3, OLMoE, Nemotron, EXAONE 4, ERNIE 4.5, Seed-OSS, GLM.</summary>
internal static class OtherFamilies
{
    internal static GgufFamily StableLm { get; } = new()
    {
        Architecture = "stablelm",
        ModelType = "stablelm",
        ClassName = "StableLmForCausalLM",
        Tensors =
        [
            .. Names.Llama(), new StackRule(Names.Layer + "self_attn.q_layernorm.norms.{e}.weight", Names.Block + "attn_q_norm.weight"),
            new StackRule(Names.Layer + "self_attn.k_layernorm.norms.{e}.weight", Names.Block + "attn_k_norm.weight"),
        ],
        HyperParameters =
        [
            HyperParameter.Count("context_length", "max_position_embeddings", _ => 4096), HyperParameter.Count("embedding_length", "hidden_size"),
            HyperParameter.Count("block_count", "num_hidden_layers"), HyperParameter.Count("feed_forward_length", "intermediate_size"), Rope.Partial(0.25, "rope_pct"),
            HyperParameter.Count("attention.head_count", "num_attention_heads"), Hyper.KeyValueHeads(), HyperParameter.Flag("use_parallel_residual", "use_parallel_residual", false),
            Hyper.LayerNorm(), HyperParameter.ReadOnly((r, j) => Rope.Target(j)["rope_theta"] = r.Scope.Number("rope.freq_base") ?? 10_000),
            Hyper.BiasFlag("use_qkv_bias", "blk.0.attn_q.bias"), Hyper.BiasFlag("qk_layernorm", "blk.0.attn_q_norm.weight"), Hyper.Activation("silu"),
        ],
        Obstacle = PlainRope,
    };

    internal static GgufFamily StarCoder2 { get; } = new()
    {
        Architecture = "starcoder2",
        ModelType = "starcoder2",
        ClassName = "Starcoder2ForCausalLM",
        Tensors = [.. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(), .. Names.InLayer("mlp.c_fc", "ffn_up"), .. Names.InLayer("mlp.c_proj", "ffn_down")],
        HyperParameters = [.. Hyper.Sizes(), .. Rope.Common(), Hyper.LayerNorm("norm_epsilon"), Hyper.BiasFlag("use_bias", "blk.0.attn_q.bias"), Hyper.Activation("gelu_pytorch_tanh")],
        Activations = ["gelu_pytorch_tanh", "gelu_new"],
    };

    internal static GgufFamily Cohere { get; } = new()
    {
        Architecture = "command-r",
        ModelType = "cohere",
        ClassName = "CohereForCausalLM",
        Tensors = [.. CohereTensors(), .. Names.QueryKeyNorms()],
        HyperParameters =
        [
            HyperParameter.Count("block_count", "num_hidden_layers"),
            new((c, s) => s.Count("context_length", c.OptionalInteger("model_max_length") ?? c.Positive("max_position_embeddings", 8192)), (r, j) => j["max_position_embeddings"] = r.Scope.Positive("context_length")),
            HyperParameter.Count("embedding_length", "hidden_size"), HyperParameter.Count("feed_forward_length", "intermediate_size"),
            HyperParameter.Count("attention.head_count", "num_attention_heads"), Hyper.KeyValueHeads(), Rope.Base(500_000), Hyper.LayerNorm(), Hyper.HeadSize(),
            HyperParameter.Real("logit_scale", "logit_scale", 0.0625), NoScaling(), Hyper.BiasFlag("use_qk_norm", "blk.0.attn_q_norm.weight"),
            Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"), Hyper.Activation("silu"),
        ],
        Obstacle = Unscaled,
    };

    internal static GgufFamily Cohere2 { get; } = new()
    {
        Architecture = "cohere2",
        ModelType = "cohere2",
        ClassName = "Cohere2ForCausalLM",
        Tensors = [.. CohereTensors()],
        HyperParameters =
        [
            .. Hyper.Sizes(), Rope.Base(10_000), Hyper.LayerNorm(), Hyper.HeadSize(Hyper.EvenHeads), HyperParameter.Real("logit_scale", "logit_scale", 0.0625),
            Hyper.SlidingWindow(i => (i + 1) % 4 != 0, write: false), Hyper.VocabularySize(),
            new(
                (c, s) => s.Count("rope.dimension_count", (int)(Rope.PartOf(c, 1, "rotary_pct") * Hyper.EvenHeads(c)!.Value)),
                (r, j) =>
                {
                    var head = r.Scope.Integer("attention.key_length") ?? (r.Scope.Positive("embedding_length") / r.Scope.Positive("attention.head_count"));
                    j["rotary_pct"] = (double)(r.Scope.Integer("rope.dimension_count") ?? head) / head;
                }),
            NoScaling(), Hyper.Activation("silu"),
        ],
        Obstacle = c => Unscaled(c) ?? (Hyper.LayerTypes(c) is { } types && types.Where((t, i) => (t == "sliding_attention") != ((i + 1) % 4 != 0)).Any() ? "another order of sliding layers than all but every fourth" : null),
    };

    internal static GgufFamily Olmo2 { get; } = new()
    {
        Architecture = "olmo2",
        ModelType = "olmo2",
        ClassName = "Olmo2ForCausalLM",
        Tensors = [.. Names.Ends(), .. PostNorms(), .. Names.Attention(), .. Names.QueryKeyNorms(), .. Names.GatedMlp()],
        HyperParameters = [.. Hyper.Sizes(), .. Rope.Common(500_000), Hyper.RmsNorm(1e-5), Hyper.HeadSize(), Hyper.Activation("silu")],
        Claims = r => r.Scope.Integer("attention.sliding_window") is null or 0,
    };

    internal static GgufFamily Olmo3 { get; } = Olmo2 with
    {
        ModelType = "olmo3",
        ClassName = "Olmo3ForCausalLM",
        HyperParameters = [.. Olmo2.HyperParameters, Hyper.SlidingWindow(i => (i + 1) % 4 != 0, write: true)],
        Claims = r => r.Scope.Integer("attention.sliding_window") is > 0,
    };

    internal static GgufFamily Olmoe { get; } = new()
    {
        Architecture = "olmoe",
        ModelType = "olmoe",
        ClassName = "OlmoeForCausalLM",
        Tensors = [.. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(), .. Names.QueryKeyNorms(), .. Names.Experts()],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), new((_, s) => s.Real("attention.layer_norm_rms_epsilon", 1e-5), (r, j) => j["rms_norm_eps"] = r.Scope.Number("attention.layer_norm_rms_epsilon") ?? 1e-5),
            .. Hyper.Experts("num_experts", "num_local_experts"), HyperParameter.Fixed("norm_topk_prob", false), Hyper.Activation("silu"),
        ],
        Obstacle = c => c.Flag("norm_topk_prob", false) ? "norm_topk_prob; the graph of olmoe never normalises"
            : (float)c.Number("rms_norm_eps", 1e-5) != 1e-5f ? "another epsilon of the norms than 1e-5, which the converter always writes"
            : c.Has("clip_qkv") ? "clip_qkv" : null,
    };

    internal static GgufFamily Nemotron { get; } = new()
    {
        Architecture = "nemotron",
        ModelType = "nemotron",
        ClassName = "NemotronForCausalLM",
        Tensors =
        [
            .. Names.WithShiftedNorms([.. Names.Ends(), .. Names.PreNorms()]), .. Names.Attention(), .. Names.InLayer("mlp.up_proj", "ffn_up"), .. Names.InLayer("mlp.down_proj", "ffn_down"),
        ],
        HyperParameters =
        [
            .. Hyper.Sizes(), Rope.Base(10_000), Hyper.LayerNorm("norm_eps"), Hyper.HeadSize(), Hyper.VocabularySize(),
            new(
                (c, s) => s.Count("rope.dimension_count", (int)(Rope.PartOf(c, 0.5) * c.Positive("hidden_size")) / c.Positive("num_attention_heads")),
                (r, j) =>
                {
                    var head = r.Scope.Positive("embedding_length") / r.Scope.Positive("attention.head_count");
                    Rope.Target(j)["partial_rotary_factor"] = (double)(r.Scope.Integer("rope.dimension_count") ?? head) / head;
                }),
            NoScaling(), Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"), Hyper.BiasFlag("mlp_bias", "blk.0.ffn_up.bias"), Hyper.Activation("relu2"),
        ],
        Activations = ["relu2"],
        Vocabulary = VocabularyStyle.SentencePiece,
        AdjustVocabulary = m =>
        {
            m["tokenizer.ggml.padding_token_id"] = GgufValue.Of(0u);
            m["tokenizer.ggml.unknown_token_id"] = GgufValue.Of(1u);
        },
        Obstacle = Unscaled,
    };

    internal static GgufFamily Exaone4 { get; } = new()
    {
        Architecture = "exaone4",
        ModelType = "exaone4",
        ClassName = "Exaone4ForCausalLM",
        Tensors = [.. Names.Ends(), .. PostNorms(), .. Names.Attention(), .. Names.QueryKeyNorms(), .. Names.GatedMlp()],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(1e-5), Hyper.HeadSize(Hyper.EvenHeads), Hyper.VocabularySize(), Hyper.SlidingWindow(i => (i + 1) % 4 != 0, write: true), Hyper.Activation("silu"),
        ],
        Extras = Rope.Divisors,
    };

    internal static GgufFamily Ernie45 { get; } = new()
    {
        Architecture = "ernie4_5",
        ModelType = "ernie4_5",
        ClassName = "Ernie4_5ForCausalLM",
        Tensors = [.. Names.Llama()],
        HyperParameters = [.. Hyper.Sizes(), .. Rope.Common(500_000), Hyper.RmsNorm(1e-5), Hyper.HeadSize(_ => 128), Hyper.BiasFlag("use_bias", "blk.0.attn_q.bias"), Hyper.Activation("silu")],
        Vocabulary = VocabularyStyle.SentencePiece,
        Obstacle = c => c.Flag("use_bias", false) ? "biases" : null,
    };

    internal static GgufFamily SeedOss { get; } = new()
    {
        Architecture = "seed_oss",
        ModelType = "seed_oss",
        ClassName = "SeedOssForCausalLM",
        Tensors =
        [
            .. Names.Ends(), .. Names.InLayer("input_layernorm", "attn_norm"), .. Names.InLayer("post_attention_layernorm", "post_attention_norm"), .. Names.Attention(), .. Names.GatedMlp(),
        ],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(), Hyper.HeadSize(_ => 128), Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"),
            Hyper.BiasFlag("attention_out_bias", "blk.0.attn_output.bias"), Hyper.BiasFlag("mlp_bias", "blk.0.ffn_up.bias"), Hyper.Activation("silu"),
        ],
    };

    private static IEnumerable<TensorRule> CohereTensors() => [.. Names.Ends(), .. Names.InLayer("input_layernorm", "attn_norm"), .. Names.Attention(), .. Names.GatedMlp()];

    private static IEnumerable<TensorRule> PostNorms() =>
        [.. Names.InLayer("post_attention_layernorm", "post_attention_norm"), .. Names.InLayer("post_feedforward_layernorm", "post_ffw_norm")];

    private static HyperParameter NoScaling() => HyperParameter.WriteOnly((_, s) => s.Text("rope.scaling.type", "none"));

    private static string? Unscaled(ModelConfiguration configuration) => Rope.TypeOf(configuration) == "default" ? null : $"rotary scaling of type '{Rope.TypeOf(configuration)}'";

    private static string? PlainRope(ModelConfiguration configuration)
    {
        var theta = Rope.Number(Rope.Full(configuration), "rope_theta") ?? configuration.Number("rope_theta", 10_000);
        return Unscaled(configuration) ?? (theta == 10_000 ? null : $"a rotary base of {theta}; the converter writes none for this architecture, so 10000 holds");
    }
}
