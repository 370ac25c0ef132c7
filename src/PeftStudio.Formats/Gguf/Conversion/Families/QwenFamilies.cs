using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>Qwen 2 and 3 and their mixtures of experts.</summary>
internal static class QwenFamilies
{
    internal static GgufFamily Qwen2 { get; } = new()
    {
        Architecture = "qwen2",
        ModelType = "qwen2",
        ClassName = "Qwen2ForCausalLM",
        Tensors = [.. Names.Llama()],
        HyperParameters = [.. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(), Hyper.HeadSize(), Hyper.Activation("silu"), HyperParameter.Fixed("use_sliding_window", false)],
        Obstacle = SlidingWindow,
        Vocabulary = VocabularyStyle.SentencePieceOrByteLevel,
    };

    internal static GgufFamily Qwen3 { get; } = Qwen2 with
    {
        Architecture = "qwen3",
        ModelType = "qwen3",
        ClassName = "Qwen3ForCausalLM",
        Tensors = [.. Names.Llama(), .. Names.QueryKeyNorms()],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(), Hyper.HeadSize(_ => 128), Hyper.Activation("silu"),
            HyperParameter.Fixed("use_sliding_window", false), Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"),
        ],
    };

    internal static GgufFamily Qwen2Moe { get; } = new()
    {
        Architecture = "qwen2moe",
        ModelType = "qwen2_moe",
        ClassName = "Qwen2MoeForCausalLM",
        Tensors =
        [
            .. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(), .. Names.Experts(),
            .. Names.InLayer("mlp.shared_expert.gate_proj", "ffn_gate_shexp"), .. Names.InLayer("mlp.shared_expert.up_proj", "ffn_up_shexp"),
            .. Names.InLayer("mlp.shared_expert.down_proj", "ffn_down_shexp"),
            new RenameRule(Names.Layer + "mlp.shared_expert_gate.weight", Names.Block + "ffn_gate_inp_shexp.weight") { HuggingFaceShape = s => s.Count == 1 ? [1, s[0]] : [.. s] },
        ],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(), .. Hyper.Experts("num_experts", "num_local_experts"), Hyper.HeadSize(),
            HyperParameter.OptionalCount("expert_feed_forward_length", "moe_intermediate_size"),
            HyperParameter.OptionalCount("expert_shared_feed_forward_length", "shared_expert_intermediate_size"),
            HyperParameter.Fixed("norm_topk_prob", false), .. EveryLayerSparse(), Hyper.Activation("silu"),
        ],
        Obstacle = c => SlidingWindow(c) ?? DenseLayers(c) ?? (c.Flag("norm_topk_prob", false) ? "norm_topk_prob; the graph of qwen2moe never normalises" : null),
    };

    internal static GgufFamily Qwen3Moe { get; } = new()
    {
        Architecture = "qwen3moe",
        ModelType = "qwen3_moe",
        ClassName = "Qwen3MoeForCausalLM",
        Tensors = [.. Names.Ends(), .. Names.PreNorms(), .. Names.Attention(), .. Names.QueryKeyNorms(), .. Names.Experts()],
        HyperParameters =
        [
            .. Hyper.Sizes(), .. Rope.Common(), Hyper.RmsNorm(), .. Hyper.Experts("num_experts", "num_local_experts"), Hyper.HeadSize(),
            HyperParameter.OptionalCount("expert_feed_forward_length", "moe_intermediate_size"),
            HyperParameter.Fixed("norm_topk_prob", true), .. EveryLayerSparse(), Hyper.Activation("silu"),
            Hyper.BiasFlag("attention_bias", "blk.0.attn_q.bias"),
        ],
        Obstacle = c => SlidingWindow(c) ?? DenseLayers(c) ?? (c.Flag("norm_topk_prob", false) ? null : "norm_topk_prob false; the graph of qwen3moe always normalises"),
    };

    private static IEnumerable<HyperParameter> EveryLayerSparse() =>
        [HyperParameter.Fixed("decoder_sparse_step", 1), HyperParameter.Fixed("mlp_only_layers", new System.Text.Json.Nodes.JsonArray()), HyperParameter.Fixed("use_sliding_window", false)];

    private static string? SlidingWindow(ModelConfiguration configuration) =>
        configuration.Flag("use_sliding_window", false) && configuration.OptionalInteger("sliding_window") is { } window
            ? $"a sliding window of {window} tokens; files of this architecture have no such setting" : null;

    private static string? DenseLayers(ModelConfiguration configuration) =>
        configuration.Integer("decoder_sparse_step", 1) != 1 || configuration.Element("mlp_only_layers") is { ValueKind: System.Text.Json.JsonValueKind.Array } list && list.GetArrayLength() > 0
            ? "layers without experts between layers with experts" : null;
}
