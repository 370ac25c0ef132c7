using System.Globalization;
using PeftStudio.Formats.Quantization;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>What the choice of a tensor's type depends on beside its name.</summary>
/// <param name="Architecture"><c>general.architecture</c>.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="GroupSize">Query heads for each key/value head.</param>
/// <param name="Experts">Number of experts; 0 for none.</param>
/// <param name="IsTied">Whether the token embedding is the head.</param>
internal sealed record MixShape(string Architecture, int Layers, int GroupSize, int Experts, bool IsTied)
{
    internal static MixShape Of(GgufMetadata metadata, bool isTied)
    {
        var scope = new GgufScope(metadata, metadata.Architecture);
        var heads = (int)(metadata.Integers(scope.Key("attention.head_count")) is [var first, ..] ? first : 1);
        var groups = (int)(metadata.Integers(scope.Key("attention.head_count_kv")) is [var kv, ..] && kv > 0 ? kv : heads);
        return new(metadata.Architecture, scope.Integer("block_count") ?? 0, Math.Max(1, heads / Math.Max(1, groups)), scope.Integer("expert_count") ?? 0, isTied);
    }
}

/// <summary>
/// Types of tensors as llama.cpp's tools choose them, without importance weights: the quantiser's mixes, and the converter's plain types.
/// </summary>
internal static class QuantizationMix
{
    private const int ExpertsWithOwnRule = 8;
    private const int LayersWithOwnRule = 80; // Llama 70B, whose values are shared by eight heads

    /// <summary>The type most tensors get.</summary>
    internal static GgmlType Main(GgufFileType mix) => mix switch
    {
        GgufFileType.Q3_K_S or GgufFileType.Q3_K_M or GgufFileType.Q3_K_L => GgmlType.Q3_K,
        GgufFileType.Q4_K_S or GgufFileType.Q4_K_M => GgmlType.Q4_K,
        GgufFileType.Q5_K_S or GgufFileType.Q5_K_M => GgmlType.Q5_K,
        _ when Enum.TryParse<GgmlType>(mix.ToString(), out var same) => same,
        _ => throw new ArgumentOutOfRangeException(nameof(mix), mix, "unknown file type"),
    };

    /// <summary>The quantiser's choice.</summary>
    internal static GgmlType TypeOf(GgufFileType mix, MixShape model, string name, IReadOnlyList<long> shape)
    {
        if (StaysFloat(name, shape)) return GgmlType.F32;
        var main = Main(mix);
        return mix is GgufFileType.F32 or GgufFileType.F16 or GgufFileType.BF16 ? main : Fit(Choose(mix, main, model, name), shape[^1]);
    }

    /// <summary>The converter's choice: one type, binary16 where rows do not fit.</summary>
    internal static GgmlType PlainTypeOf(GgufFileType type, string name, IReadOnlyList<long> shape)
    {
        if (StaysFloat(name, shape)) return GgmlType.F32;
        if (type is GgufFileType.TQ1_0 or GgufFileType.TQ2_0 && name is "token_embd.weight" or "output.weight") return GgmlType.F16;
        return shape[^1] % GgmlTypes.BlockElements(Main(type)) == 0 ? Main(type) : GgmlType.F16;
    }

    /// <summary>Whether the converter can write the type by itself.</summary>
    internal static bool IsPlain(GgufFileType type) =>
        type is GgufFileType.F32 or GgufFileType.F16 or GgufFileType.BF16 or GgufFileType.Q8_0 or GgufFileType.TQ1_0 or GgufFileType.TQ2_0;

    private static bool StaysFloat(string name, IReadOnlyList<long> shape) =>
        shape.Count < 2 || name.EndsWith("_norm.weight", StringComparison.Ordinal)
        || !(name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith(".lora_a", StringComparison.Ordinal) || name.EndsWith(".lora_b", StringComparison.Ordinal))
        || name is "position_embd.weight" or "token_types.weight"
        || name.EndsWith(".ffn_gate_inp.weight", StringComparison.Ordinal) || name.EndsWith(".ffn_gate_inp_shexp.weight", StringComparison.Ordinal);

    private static GgmlType Choose(GgufFileType mix, GgmlType main, MixShape model, string name)
    {
        if (name == "output.weight" || (name == "token_embd.weight" && model.IsTied))
        {
            return mix == GgufFileType.Q8_0 || model.Architecture == "falcon" ? GgmlType.Q8_0 : GgmlType.Q6_K;
        }

        if (name == "token_embd.weight") return mix is GgufFileType.TQ1_0 or GgufFileType.TQ2_0 ? GgmlType.Q4_K : main;
        var parts = name.Split('.');
        if (parts.Length < 4 || parts[0] != "blk" || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var layer)) return main;
        return parts[2] switch
        {
            "attn_v" or "attn_qkv" => Values(mix, main, model, layer),
            "attn_k" when model.Experts == ExpertsWithOwnRule => GgmlType.Q8_0,
            "attn_output" => AttentionOutput(mix, main, model),
            "ffn_down" or "ffn_down_exps" => Down(mix, main, model, layer),
            _ => main,
        };
    }

    private static GgmlType Values(GgufFileType mix, GgmlType main, MixShape model, int layer)
    {
        if (model.Experts == ExpertsWithOwnRule) return GgmlType.Q8_0;
        var type = mix switch
        {
            GgufFileType.Q2_K => model.GroupSize >= 4 ? GgmlType.Q4_K : GgmlType.Q3_K,
            GgufFileType.Q3_K_M => layer < 2 ? GgmlType.Q5_K : GgmlType.Q4_K,
            GgufFileType.Q3_K_L => GgmlType.Q5_K,
            GgufFileType.Q4_K_S when layer < 4 => GgmlType.Q5_K,
            GgufFileType.Q4_K_M or GgufFileType.Q5_K_M when GetsMore(layer, model.Layers) => GgmlType.Q6_K,
            GgufFileType.IQ4_NL or GgufFileType.IQ4_XS when model.GroupSize >= 4 => GgmlType.Q5_K,
            _ => main,
        };
        return model is { Architecture: "llama", Layers: LayersWithOwnRule } && type is GgmlType.Q3_K or GgmlType.Q4_K ? GgmlType.Q5_K : type;
    }

    private static GgmlType AttentionOutput(GgufFileType mix, GgmlType main, MixShape model)
    {
        if (model.Architecture == "falcon") return mix == GgufFileType.Q3_K_L ? GgmlType.Q4_K : main;
        if (model.Experts == ExpertsWithOwnRule)
        {
            return mix is GgufFileType.Q2_K or GgufFileType.Q3_K_S or GgufFileType.Q3_K_M or GgufFileType.Q4_K_S or GgufFileType.Q4_K_M
                or GgufFileType.IQ4_NL or GgufFileType.IQ4_XS ? GgmlType.Q5_K : main;
        }

        return mix switch
        {
            GgufFileType.Q2_K => GgmlType.Q3_K,
            GgufFileType.Q3_K_M => GgmlType.Q4_K,
            GgufFileType.Q3_K_L => GgmlType.Q5_K,
            _ => main,
        };
    }

    private static GgmlType Down(GgufFileType mix, GgmlType main, MixShape model, int layer)
    {
        var falcon = model.Architecture == "falcon";
        return mix switch
        {
            GgufFileType.Q2_K => GgmlType.Q3_K,
            GgufFileType.Q3_K_M when layer < model.Layers / 16 => GgmlType.Q5_K,
            GgufFileType.Q3_K_M => falcon && !GetsMore(layer, model.Layers) ? GgmlType.Q3_K : GgmlType.Q4_K,
            GgufFileType.Q3_K_L => falcon ? GgmlType.Q4_K : GgmlType.Q5_K,
            GgufFileType.Q4_K_M when falcon => layer < model.Layers / 16 ? GgmlType.Q6_K : GetsMore(layer, model.Layers) ? GgmlType.Q5_K : main,
            GgufFileType.Q4_K_M or GgufFileType.Q5_K_M when GetsMore(layer, model.Layers) => GgmlType.Q6_K,
            GgufFileType.Q4_K_S or GgufFileType.IQ4_NL or GgufFileType.IQ4_XS when layer < model.Layers / 8 => GgmlType.Q5_K,
            _ => main,
        };
    }

    /// <summary>The first and last eighth of the layers, and every third between.</summary>
    private static bool GetsMore(int layer, int layers) => layer < layers / 8 || layer >= 7 * layers / 8 || (layer - (layers / 8)) % 3 == 2;

    /// <summary>The nearest type whose blocks fit the rows.</summary>
    private static GgmlType Fit(GgmlType type, long width)
    {
        if (width % GgmlTypes.BlockElements(type) != 0)
        {
            type = type switch
            {
                GgmlType.Q4_K => GgmlType.Q5_0,
                GgmlType.Q5_K => GgmlType.Q5_1,
                GgmlType.Q6_K => GgmlType.Q8_0,
                GgmlType.IQ4_XS => GgmlType.IQ4_NL,
                GgmlType.Q2_K or GgmlType.Q3_K or GgmlType.TQ1_0 or GgmlType.TQ2_0 => GgmlType.Q4_0,
                _ => type,
            };
        }

        return width % GgmlTypes.BlockElements(type) == 0 ? type : GgmlType.F16;
    }
}
