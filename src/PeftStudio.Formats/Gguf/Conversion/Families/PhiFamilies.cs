using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>Phi 1, 1.5 and 2 (parallel block), Phi 3 and 4 (fused projections).</summary>
internal static class PhiFamilies
{
    internal static GgufFamily Phi2 { get; } = new()
    {
        Architecture = "phi2",
        ModelType = "phi",
        ClassName = "PhiForCausalLM",
        Tensors =
        [
            .. Names.Ends(norm: "final_layernorm"), .. Names.InLayer("input_layernorm", "attn_norm"), .. Names.InLayer("self_attn.q_proj", "attn_q"),
            .. Names.InLayer("self_attn.k_proj", "attn_k"), .. Names.InLayer("self_attn.v_proj", "attn_v"), .. Names.InLayer("self_attn.dense", "attn_output"),
            .. Names.InLayer("mlp.fc1", "ffn_up"), .. Names.InLayer("mlp.fc2", "ffn_down"),
        ],
        HyperParameters =
        [
            HyperParameter.Count("context_length", "max_position_embeddings", _ => 2048), HyperParameter.Count("embedding_length", "hidden_size"),
            new((c, s) => s.Count("feed_forward_length", 4 * c.Positive("hidden_size")), (r, j) => j["intermediate_size"] = r.Scope.Positive("feed_forward_length")),
            HyperParameter.Count("block_count", "num_hidden_layers"), HyperParameter.Count("attention.head_count", "num_attention_heads"),
            new((c, s) => s.Count("attention.head_count_kv", c.Positive("num_attention_heads")), (r, j) => j["num_key_value_heads"] = r.Scope.Positive("attention.head_count")),
            Hyper.LayerNorm(), PartOfWidth(0.5), HyperParameter.ReadOnly((r, j) => Rope.Target(j)["rope_theta"] = r.Scope.Number("rope.freq_base") ?? 10_000), Hyper.Activation("gelu_new"),
        ],
        AdjustVocabulary = m => { if (!m.Contains("tokenizer.ggml.add_bos_token")) m["tokenizer.ggml.add_bos_token"] = GgufValue.Of(false); },
        Activations = ["gelu_new", "gelu_pytorch_tanh"],
        Obstacle = c => c.Positive("intermediate_size", 4 * c.Positive("hidden_size")) != 4 * c.Positive("hidden_size") ? "a feed-forward part that is not four times as wide as the model"
            : c.Flag("qk_layernorm", false) ? "norms of q and k" : null,
    };

    internal static GgufFamily Phi3 { get; } = new()
    {
        Architecture = "phi3",
        ModelType = "phi3",
        ClassName = "Phi3ForCausalLM",
        Tensors =
        [
            .. Names.Ends(), .. Names.PreNorms(), .. Names.InLayer("self_attn.qkv_proj", "attn_qkv"), .. Names.InLayer("self_attn.o_proj", "attn_output"),
            .. Names.InLayer("mlp.gate_up_proj", "ffn_up"), .. Names.InLayer("mlp.down_proj", "ffn_down"),
        ],
        HyperParameters =
        [
            HyperParameter.Count("context_length", "max_position_embeddings", _ => 4096),
            new(
                (c, s) => s.Count("rope.scaling.original_context_length", Original(c)),
                (r, j) => j["original_max_position_embeddings"] = r.Scope.Integer("rope.scaling.original_context_length") ?? r.Scope.Positive("context_length")),
            HyperParameter.Count("embedding_length", "hidden_size"), HyperParameter.Count("feed_forward_length", "intermediate_size"), HyperParameter.Count("block_count", "num_hidden_layers"),
            HyperParameter.Count("attention.head_count", "num_attention_heads"), Hyper.KeyValueHeads(), Hyper.RmsNorm(1e-5), PartOfWidth(1), Rope.Base(10_000), LongFactors(),
            new(
                (c, s) => s.Count("attention.sliding_window", c.Integer("sliding_window", 0)),
                (r, j) => j["sliding_window"] = r.Scope.Integer("attention.sliding_window") is > 0 and var window ? window : null),
            Hyper.Activation("silu"),
        ],
        Extras = Factors,
        Vocabulary = VocabularyStyle.Phi,
        Obstacle = c => Rope.TypeOf(c) is "linear" or "yarn" or "llama3" ? $"rotary scaling of type '{Rope.TypeOf(c)}'" : null,
    };

    private static int Original(ModelConfiguration configuration) => (int)(Rope.Number(Rope.Full(configuration), "original_max_position_embeddings")
        ?? configuration.Number("original_max_position_embeddings", configuration.Positive("max_position_embeddings", 4096)));

    // The converter takes the part of the whole width, then divides by the heads.
    private static HyperParameter PartOfWidth(double missing) => new(
        (c, s) => s.Count("rope.dimension_count", (int)(Rope.PartOf(c, missing) * c.Positive("hidden_size")) / c.Positive("num_attention_heads")),
        (r, j) =>
        {
            var head = r.Scope.Positive("embedding_length") / r.Scope.Positive("attention.head_count");
            Rope.Target(j)["partial_rotary_factor"] = (double)(r.Scope.Integer("rope.dimension_count") ?? head) / head;
        });

    // The factor on the attention is written with the tensors; a list that is missing means no scaling.
    private static HyperParameter LongFactors() => new(
        (c, s) => { if (LongList(c) is not null) s.Real("rope.scaling.attn_factor", AttentionFactor(c)); },
        (r, j) =>
        {
            if (r.Factors("rope_factors_long.weight") is not { } longFactors || r.Factors("rope_factors_short.weight") is not { } shortFactors) return;
            Rope.SetFactors(Rope.Target(j), shortFactors, longFactors, r.Scope.Number("rope.scaling.attn_factor") ?? 1, r.Scope.Positive("rope.scaling.original_context_length"));
        });

    private static float[]? LongList(ModelConfiguration configuration) => Rope.Numbers(Rope.Full(configuration), "long_factor");

    private static double AttentionFactor(ModelConfiguration configuration)
    {
        var growth = (double)configuration.Positive("max_position_embeddings") / Original(configuration);
        return growth > 1 ? Math.Sqrt(1 + (Math.Log(growth) / Math.Log(Original(configuration)))) : 1;
    }

    private static IEnumerable<(string Name, float[] Values)> Factors(ModelConfiguration configuration)
    {
        if (LongList(configuration) is not { } longFactors || Rope.Numbers(Rope.Full(configuration), "short_factor") is not { } shortFactors) yield break;
        yield return ("rope_factors_long.weight", longFactors);
        yield return ("rope_factors_short.weight", shortFactors);
    }
}
