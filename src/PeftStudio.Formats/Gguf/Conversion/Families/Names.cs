namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>Rules that many families share, by Llama's names.</summary>
internal static class Names
{
    internal const string Layer = "model.layers.{i}.";
    internal const string Block = "blk.{i}.";

    /// <summary>A module: its weight and its bias, if there is one.</summary>
    internal static IEnumerable<RenameRule> Module(string huggingFace, string gguf, RowOrder? order = null) =>
        [new(huggingFace + ".weight", gguf + ".weight") { Order = order }, new(huggingFace + ".bias", gguf + ".bias") { Order = order }];

    /// <summary>A module of a layer.</summary>
    internal static IEnumerable<RenameRule> InLayer(string huggingFace, string gguf, RowOrder? order = null) => Module(Layer + huggingFace, Block + gguf, order);

    /// <summary>Embedding, final norm and head.</summary>
    internal static IEnumerable<TensorRule> Ends(string body = "model.", string embedding = "embed_tokens", string norm = "norm", string head = "lm_head") =>
        [.. Module(body + embedding, "token_embd"), .. Module(body + norm, "output_norm"), .. Module(head, "output")];

    /// <summary>q, k, v and output projections; q and k with another order of rows where the architecture rotates pairs.</summary>
    internal static IEnumerable<TensorRule> Attention(bool pairs = false) =>
    [
        .. InLayer("self_attn.q_proj", "attn_q", pairs ? Query : null),
        .. InLayer("self_attn.k_proj", "attn_k", pairs ? Key : null),
        .. InLayer("self_attn.v_proj", "attn_v"),
        .. InLayer("self_attn.o_proj", "attn_output"),
    ];

    /// <summary>Gate, up and down projections.</summary>
    internal static IEnumerable<TensorRule> GatedMlp() =>
        [.. InLayer("mlp.gate_proj", "ffn_gate"), .. InLayer("mlp.up_proj", "ffn_up"), .. InLayer("mlp.down_proj", "ffn_down")];

    /// <summary>Norms before attention and feed-forward.</summary>
    internal static IEnumerable<TensorRule> PreNorms() => [.. InLayer("input_layernorm", "attn_norm"), .. InLayer("post_attention_layernorm", "ffn_norm")];

    /// <summary>Norms of q and k.</summary>
    internal static IEnumerable<TensorRule> QueryKeyNorms() => [.. InLayer("self_attn.q_norm", "attn_q_norm"), .. InLayer("self_attn.k_norm", "attn_k_norm")];

    /// <summary>A router and experts named <c>mlp.experts.{e}.gate_proj</c>; fused ones are understood when writing.</summary>
    internal static IEnumerable<TensorRule> Experts() =>
    [
        .. InLayer("mlp.gate", "ffn_gate_inp"),
        new StackRule(Layer + "mlp.experts.{e}.gate_proj.weight", Block + "ffn_gate_exps.weight"),
        new StackRule(Layer + "mlp.experts.{e}.up_proj.weight", Block + "ffn_up_exps.weight"),
        new StackRule(Layer + "mlp.experts.{e}.down_proj.weight", Block + "ffn_down_exps.weight"),
        new SplitRule(Layer + "mlp.experts.gate_up_proj", [Block + "ffn_gate_exps.weight", Block + "ffn_up_exps.weight"], WriteOnly: true),
        new SplitRule(Layer + "mlp.experts.down_proj", [Block + "ffn_down_exps.weight"], WriteOnly: true),
    ];

    /// <summary>The names of Llama itself.</summary>
    internal static IEnumerable<TensorRule> Llama(bool pairs = false) => [.. Ends(), .. PreNorms(), .. Attention(pairs), .. GatedMlp()];

    /// <summary>The same rules with one added to every norm's weight, as graphs multiply by the stored value.</summary>
    internal static IEnumerable<TensorRule> WithShiftedNorms(IEnumerable<TensorRule> rules) =>
        rules.Select(r => r is RenameRule rename && rename.HuggingFace.EndsWith("norm.weight", StringComparison.Ordinal) ? rename with { Shift = 1 } : r);

    private static int[] Query(Checkpoints.ModelConfiguration configuration, int rows) => Pairs(configuration, configuration.Positive("num_attention_heads"), rows);

    private static int[] Key(Checkpoints.ModelConfiguration configuration, int rows) =>
        Pairs(configuration, configuration.Positive("num_key_value_heads", configuration.Positive("num_attention_heads")), rows);

    private static int[] Pairs(Checkpoints.ModelConfiguration configuration, int heads, int rows) => rows % heads == 0 && rows / heads % 2 == 0
        ? RowOrders.HalvesToPairs(heads, rows / heads)
        : throw configuration.Invalid("num_attention_heads", $"{heads} heads", $"a projection has {rows} rows, no even number for each");
}
