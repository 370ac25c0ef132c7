using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>Architecture <c>llama</c> and what derives from its converter: q and k rows in pairs.</summary>
internal static class LlamaFamilies
{
    private static readonly HyperParameter[] LlamaEnd =
    [
        Hyper.VocabularySize(), Hyper.RotatesWholeHead(), Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"), Hyper.BiasFlag("mlp_bias", "blk.0.ffn_up.bias"), Hyper.Activation("silu"),
    ];

    internal static GgufFamily Llama { get; } = new()
    {
        Architecture = "llama",
        ModelType = "llama",
        ClassName = "LlamaForCausalLM",
        Tensors = [.. Names.Llama(pairs: true)],
        HyperParameters = [.. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(), Hyper.HeadSize(Hyper.EvenHeads), .. LlamaEnd],
        Claims = r => r.Scope.Integer("expert_count") is null or 0,
        Extras = Rope.Divisors,
        Vocabulary = VocabularyStyle.Llama,
    };

    internal static GgufFamily Mistral { get; } = Llama with
    {
        ModelType = "mistral",
        ClassName = "MistralForCausalLM",
        Claims = _ => false, // a file of architecture llama does not say which of the two it was
        Obstacle = SlidingWindow,
    };

    internal static GgufFamily Mixtral { get; } = new()
    {
        Architecture = "llama",
        ModelType = "mixtral",
        ClassName = "MixtralForCausalLM",
        Tensors =
        [
            .. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(pairs: true), .. Names.InLayer("block_sparse_moe.gate", "ffn_gate_inp"),
            new StackRule(Names.Layer + "block_sparse_moe.experts.{e}.w1.weight", Names.Block + "ffn_gate_exps.weight"),
            new StackRule(Names.Layer + "block_sparse_moe.experts.{e}.w2.weight", Names.Block + "ffn_down_exps.weight"),
            new StackRule(Names.Layer + "block_sparse_moe.experts.{e}.w3.weight", Names.Block + "ffn_up_exps.weight"),
        ],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(1_000_000), Hyper.RmsNorm(1e-5), .. Hyper.Experts(), Hyper.HeadSize(), Hyper.VocabularySize(), Hyper.RotatesWholeHead(), Hyper.Activation("silu"),
        ],
        Claims = r => r.Scope.Integer("expert_count") is > 0,
        Obstacle = SlidingWindow,
        Extras = Rope.Divisors,
        Vocabulary = VocabularyStyle.Llama,
    };

    internal static GgufFamily SmolLm3 { get; } = new()
    {
        Architecture = "smollm3",
        ModelType = "smollm3",
        ClassName = "SmolLM3ForCausalLM",
        Tensors = [.. Names.Llama(pairs: true)],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(2_000_000), Hyper.RmsNorm(), Hyper.HeadSize(), .. LlamaEnd,
            HyperParameter.ReadOnly((r, j) => j["no_rope_layers"] = new System.Text.Json.Nodes.JsonArray(
                [.. Enumerable.Range(0, r.Scope.Positive("block_count")).Select(i => (System.Text.Json.Nodes.JsonNode)((i + 1) % 4 == 0 ? 0 : 1))])),
        ],
        Obstacle = RotatingLayers,
        Extras = Rope.Divisors,
        Vocabulary = VocabularyStyle.Llama,
    };

    internal static GgufFamily Granite { get; } = new()
    {
        Architecture = "granite",
        ModelType = "granite",
        ClassName = "GraniteForCausalLM",
        Tensors = [.. Names.Llama(pairs: true)],
        HyperParameters = [.. GraniteParameters()],
        Extras = Rope.Divisors,
        Vocabulary = VocabularyStyle.Llama,
    };

    internal static GgufFamily GraniteMoe { get; } = new()
    {
        Architecture = "granitemoe",
        ModelType = "granitemoe",
        ClassName = "GraniteMoeForCausalLM",
        Tensors =
        [
            .. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(pairs: true), .. Names.InLayer("block_sparse_moe.router.layer", "ffn_gate_inp"),
            new SplitRule(Names.Layer + "block_sparse_moe.input_linear.weight", [Names.Block + "ffn_gate_exps.weight", Names.Block + "ffn_up_exps.weight"]),
            .. Names.InLayer("block_sparse_moe.output_linear", "ffn_down_exps"),
        ],
        HyperParameters = [.. GraniteParameters()],
        Extras = Rope.Divisors,
        Vocabulary = VocabularyStyle.Llama,
    };

    internal static GgufFamily Arcee { get; } = new()
    {
        Architecture = "arcee",
        ModelType = "arcee",
        ClassName = "ArceeForCausalLM",
        Tensors = [.. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(pairs: true), .. Names.InLayer("mlp.up_proj", "ffn_up"), .. Names.InLayer("mlp.down_proj", "ffn_down")],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(1e-5), Hyper.HeadSize(Hyper.EvenHeads), Hyper.VocabularySize(), Hyper.RotatesWholeHead(),
            Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"), Hyper.BiasFlag("mlp_bias", "blk.0.ffn_up.bias"), Hyper.Activation("relu2"),
        ],
        Extras = Rope.Divisors,
        Vocabulary = VocabularyStyle.Llama,
        Activations = ["relu2"],
    };

    internal static GgufFamily Olmo { get; } = new()
    {
        Architecture = "olmo",
        ModelType = "olmo",
        ClassName = "OlmoForCausalLM",
        Tensors = [.. Names.Ends(), .. Names.Attention(pairs: true), .. Names.GatedMlp()],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), HyperParameter.WriteOnly((_, s) => s.Real("attention.layer_norm_epsilon", 1e-5)),
            HyperParameter.OptionalReal("attention.clamp_kqv", "clip_qkv"), Hyper.Activation("silu"),
        ],
    };

    private static IEnumerable<HyperParameter> GraniteParameters() =>
    [
        .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(), .. Hyper.Experts(), Hyper.VocabularySize(),
        HyperParameter.WriteOnly((c, s) => s.Count("rope.dimension_count", Hyper.EvenHeads(c)!.Value)),
        HyperParameter.OptionalReal("attention.scale", "attention_multiplier"), HyperParameter.OptionalReal("embedding_scale", "embedding_multiplier"),
        HyperParameter.OptionalReal("residual_scale", "residual_multiplier"), HyperParameter.OptionalReal("logit_scale", "logits_scaling"),
        Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"), Hyper.BiasFlag("mlp_bias", "blk.0.ffn_up.bias"), Hyper.Activation("silu"),
    ];

    private static string? SlidingWindow(ModelConfiguration configuration) =>
        configuration.OptionalInteger("sliding_window") is { } window && window < configuration.Positive("max_position_embeddings", int.MaxValue)
            ? $"a sliding window of {window} tokens; files of architecture llama have no such setting" : null;

    // Layers without rotation are built into the graph: every fourth.
    private static string? RotatingLayers(ModelConfiguration configuration)
    {
        if (configuration.Element("no_rope_layers") is not { ValueKind: System.Text.Json.JsonValueKind.Array } list) return null;
        var rotates = list.EnumerateArray().Select(e => e.ValueKind == System.Text.Json.JsonValueKind.Number && e.GetDouble() != 0).ToArray();
        return rotates.Select((r, i) => r == ((i + 1) % 4 != 0)).All(b => b) ? null : "rotation missing in other layers than every fourth";
    }
}
