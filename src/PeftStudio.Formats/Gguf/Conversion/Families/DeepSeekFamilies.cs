using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>DeepSeek V2 and V3: latent attention, routed and shared experts.</summary>
internal static class DeepSeekFamilies
{
    internal static GgufFamily V2 { get; } = Describe("deepseek_v2", "DeepseekV2ForCausalLM", (r, _) => r.Scope.Integer("expert_gating_func") is null or 0 or 1, defaultScale: 1);

    internal static GgufFamily V3 { get; } = Describe("deepseek_v3", "DeepseekV3ForCausalLM", (r, _) => r.Scope.Integer("expert_gating_func") == 2, defaultScale: 2.5);

    private static GgufFamily Describe(string modelType, string className, Func<GgufReading, string, bool> claims, double defaultScale) => new()
    {
        Architecture = "deepseek2",
        ModelType = modelType,
        ClassName = className,
        Claims = r => claims(r, modelType),
        Tensors =
        [
            .. Names.Ends(), .. Names.PreNorms(), .. Names.InLayer("self_attn.q_proj", "attn_q"), .. Names.InLayer("self_attn.q_a_proj", "attn_q_a"),
            .. Names.InLayer("self_attn.q_a_layernorm", "attn_q_a_norm"), .. Names.InLayer("self_attn.q_b_proj", "attn_q_b"),
            .. Names.InLayer("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"), .. Names.InLayer("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
            new LatentKeyValueRule(Names.Layer + "self_attn.kv_b_proj.weight", Names.Block + "attn_k_b.weight", Names.Block + "attn_v_b.weight"),
            new RenameRule(Names.Layer + "self_attn.kv_b_proj.weight", Names.Block + "attn_kv_b.weight"), // files of earlier converters
            .. Names.InLayer("self_attn.o_proj", "attn_output"), .. Names.GatedMlp(), .. Names.Experts(), .. GlmFamilies.SharedExperts(),
            new RenameRule(Names.Layer + "mlp.gate.e_score_correction_bias", Names.Block + "exp_probs_b.bias"),
        ],
        HyperParameters =
        [
            HyperParameter.Count("block_count", "num_hidden_layers"), HyperParameter.Count("context_length", "max_position_embeddings", _ => 2048),
            HyperParameter.Count("embedding_length", "hidden_size"), HyperParameter.Count("feed_forward_length", "intermediate_size"),
            HyperParameter.Count("attention.head_count", "num_attention_heads"), HyperParameter.WriteOnly((_, s) => s.Count("attention.head_count_kv", 1)),
            HyperParameter.ReadOnly((r, j) => j["num_key_value_heads"] = r.Scope.Positive("attention.head_count")),
            .. Rope.Common(), Hyper.RmsNorm(), HyperParameter.OptionalCount("expert_used_count", "num_experts_per_tok"), HyperParameter.OptionalCount("expert_group_count", "n_group"),
            HyperParameter.OptionalCount("expert_group_used_count", "topk_group"), Gating(modelType), HyperParameter.Count("leading_dense_block_count", "first_k_dense_replace", _ => 0),
            Hyper.VocabularySize(), HyperParameter.OptionalCount("attention.q_lora_rank", "q_lora_rank"), HyperParameter.Count("attention.kv_lora_rank", "kv_lora_rank", _ => 512),
            HyperParameter.WriteOnly((c, s) => s.Count("attention.key_length", c.Positive("kv_lora_rank", 512) + c.Positive("qk_rope_head_dim"))),
            HyperParameter.WriteOnly((c, s) => s.Count("attention.value_length", c.Positive("kv_lora_rank", 512))),
            new(
                (c, s) => s.Count("attention.key_length_mla", c.Positive("qk_nope_head_dim") + c.Positive("qk_rope_head_dim")),
                (r, j) => j["qk_nope_head_dim"] = (r.Scope.Integer("attention.key_length_mla") ?? r.Scope.Positive("attention.key_length")) - r.Scope.Positive("rope.dimension_count")),
            new(
                (c, s) => s.Count("attention.value_length_mla", c.Positive("v_head_dim")),
                (r, j) => j["v_head_dim"] = r.Scope.Integer("attention.value_length_mla") ?? r.Scope.Positive("attention.value_length")),
            HyperParameter.OptionalCount("expert_feed_forward_length", "moe_intermediate_size"), HyperParameter.OptionalCount("expert_count", "n_routed_experts"),
            HyperParameter.OptionalCount("expert_shared_count", "n_shared_experts"), HyperParameter.Real("expert_weights_scale", "routed_scaling_factor", defaultScale),
            new(
                (c, s) => { if (c.Flag("norm_topk_prob", modelType == "deepseek_v3")) s.Flag("expert_weights_norm", true); },
                (r, j) => j["norm_topk_prob"] = r.Scope.Truth("expert_weights_norm") ?? false),
            HyperParameter.Count("rope.dimension_count", "qk_rope_head_dim"),
            new(
                (c, s) => { if (Rope.Number(Rope.Full(c), "mscale_all_dim") is { } all) s.Real("rope.scaling.yarn_log_multiplier", 0.1f * all); },
                (r, j) =>
                {
                    if (r.Scope.Number("rope.scaling.yarn_log_multiplier") is not { } log) return;
                    Rope.Target(j)["mscale_all_dim"] = Math.Round(log * 10, 6);
                    Rope.Target(j)["mscale"] = Math.Round(log * 10, 6);
                }),
            Hyper.Activation("silu"),
        ],
    };

    private static HyperParameter Gating(string modelType) => new(
        (c, s) => { if (c.Text("scoring_func") is { } function) s.Count("expert_gating_func", function == "sigmoid" ? 2 : 1); },
        (_, j) =>
        {
            if (modelType == "deepseek_v3") j["scoring_func"] = "sigmoid";
            else j["topk_method"] = "greedy";
        });
}
