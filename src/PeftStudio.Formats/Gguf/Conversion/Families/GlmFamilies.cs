using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>GLM-4 (<c>glm</c>), GLM-4-0414 (<c>glm4</c>) and GLM-4.5 (<c>glm4_moe</c>).</summary>
internal static class GlmFamilies
{
    internal static GgufFamily Glm { get; } = new()
    {
        Architecture = "chatglm",
        ModelType = "glm",
        ClassName = "GlmForCausalLM",
        Tensors = [.. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(), .. FusedMlp()],
        HyperParameters =
        [
            HyperParameter.WriteOnly((c, s) => s.Count("context_length", c.OptionalInteger("seq_length") ?? c.Positive("hidden_size"))),
            HyperParameter.ReadOnly((r, j) => j["max_position_embeddings"] = r.Scope.Positive("context_length")),
            HyperParameter.Count("embedding_length", "hidden_size"), HyperParameter.Count("feed_forward_length", "intermediate_size"), HyperParameter.Count("block_count", "num_hidden_layers"),
            HyperParameter.Count("attention.head_count", "num_attention_heads"), Hyper.KeyValueHeads(),
            HyperParameter.WriteOnly((c, s) => s.Real("attention.layer_norm_rms_epsilon", c.Number("layernorm_epsilon", 1e-5))),
            HyperParameter.ReadOnly((r, j) => j["rms_norm_eps"] = r.Scope.Number("attention.layer_norm_rms_epsilon") ?? 1e-5),
            HyperParameter.WriteOnly((c, s) => s.Count("rope.dimension_count", (int)(Hyper.EvenHeads(c)!.Value * c.Number("partial_rotary_factor", 0.5)))),
            HyperParameter.ReadOnly(ReadHalf), HyperParameter.WriteOnly((_, s) => s.Real("rope.freq_base", 10_000)),
            Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"), Hyper.Activation("silu"),
        ],
        AdjustVocabulary = m => { if (!m.Contains("tokenizer.ggml.add_bos_token")) m["tokenizer.ggml.add_bos_token"] = GgufValue.Of(false); },
        Obstacle = c => Rope.TypeOf(c) != "default" ? $"rotary scaling of type '{Rope.TypeOf(c)}'"
            : (Rope.Number(Rope.Full(c), "rope_theta") ?? c.Number("rope_theta", 10_000)) != 10_000 ? "another rotary base than 10000, which the converter always writes"
            : c.OptionalInteger("head_dim") is { } size && size != Hyper.EvenHeads(c) ? "a head size that is not hidden size over heads" : null,
    };

    internal static GgufFamily Glm4 { get; } = new()
    {
        Architecture = "glm4",
        ModelType = "glm4",
        ClassName = "Glm4ForCausalLM",
        Tensors =
        [
            .. Names.Ends(), .. Names.PreNorms(), .. Names.InLayer("post_self_attn_layernorm", "post_attention_norm"), .. Names.InLayer("post_mlp_layernorm", "post_ffw_norm"),
            .. Names.Attention(), .. FusedMlp(),
        ],
        HyperParameters = [.. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(1.5625e-7), Hyper.HeadSize(), Rope.Partial(0.5), Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"), Hyper.Activation("silu")],
    };

    internal static GgufFamily Glm4Moe { get; } = new()
    {
        Architecture = "glm4moe",
        ModelType = "glm4_moe",
        ClassName = "Glm4MoeForCausalLM",
        Tensors =
        [
            .. Names.Ends(), .. Names.InLayer("input_layernorm", "attn_norm"), .. Names.InLayer("post_attention_layernorm", "post_attention_norm"),
            .. Names.Attention(), .. Names.QueryKeyNorms(), .. Names.GatedMlp(), .. Names.Experts(), .. SharedExperts(),
            new RenameRule(Names.Layer + "mlp.gate.e_score_correction_bias", Names.Block + "exp_probs_b.bias"),
        ],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(1e-5), HyperParameter.OptionalCount("expert_used_count", "num_experts_per_tok"),
            HyperParameter.OptionalCount("expert_group_count", "n_group"), HyperParameter.OptionalCount("expert_group_used_count", "topk_group"), Hyper.HeadSize(), Rope.Partial(0.5),
            HyperParameter.OptionalCount("expert_count", "n_routed_experts"), HyperParameter.OptionalCount("expert_feed_forward_length", "moe_intermediate_size"),
            HyperParameter.OptionalCount("expert_shared_count", "n_shared_experts"), HyperParameter.OptionalCount("leading_dense_block_count", "first_k_dense_replace"),
            HyperParameter.WriteOnly((_, s) => s.Count("expert_gating_func", 2)), HyperParameter.Real("expert_weights_scale", "routed_scaling_factor", 1),
            HyperParameter.Flag("expert_weights_norm", "norm_topk_prob", true), Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"),
            Hyper.BiasFlag("use_qk_norm", "blk.0.attn_q_norm.weight"), Hyper.Activation("silu"),
        ],
        Obstacle = c => c.Integer("num_nextn_predict_layers", 0) > 0 ? "extra layers that predict further tokens" : null,
    };

    /// <summary>Shared experts under DeepSeek's names.</summary>
    internal static IEnumerable<TensorRule> SharedExperts() =>
    [
        .. Names.InLayer("mlp.shared_experts.gate_proj", "ffn_gate_shexp"), .. Names.InLayer("mlp.shared_experts.up_proj", "ffn_up_shexp"), .. Names.InLayer("mlp.shared_experts.down_proj", "ffn_down_shexp"),
    ];

    private static IEnumerable<TensorRule> FusedMlp() => [.. Names.InLayer("mlp.gate_up_proj", "ffn_up"), .. Names.InLayer("mlp.down_proj", "ffn_down")];

    private static void ReadHalf(GgufReading reading, System.Text.Json.Nodes.JsonObject json)
    {
        var head = reading.Scope.Positive("embedding_length") / reading.Scope.Positive("attention.head_count");
        json["head_dim"] = head;
        Rope.Target(json)["partial_rotary_factor"] = (double)(reading.Scope.Integer("rope.dimension_count") ?? head) / head;
        Rope.Target(json)["rope_theta"] = reading.Scope.Number("rope.freq_base") ?? 10_000;
    }
}
