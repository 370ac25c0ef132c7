using System.Text.Json.Nodes;
using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>Hyper-parameters that many families share, in the order of the converter's common part.</summary>
internal static class Hyper
{
    /// <summary>Layers, context, widths and heads under Llama's names.</summary>
    internal static IEnumerable<HyperParameter> Sizes(bool keyValueHeads = true, string feedForward = "intermediate_size")
    {
        yield return HyperParameter.Count("block_count", "num_hidden_layers");
        yield return HyperParameter.Count("context_length", "max_position_embeddings", _ => 2048);
        yield return HyperParameter.Count("embedding_length", "hidden_size");
        yield return HyperParameter.Count("feed_forward_length", feedForward);
        yield return HyperParameter.Count("attention.head_count", "num_attention_heads");
        if (keyValueHeads) yield return KeyValueHeads();
    }

    /// <summary>Key/value heads, as many as heads when the configuration does not say.</summary>
    internal static HyperParameter KeyValueHeads() => new(
        (c, s) => s.Count("attention.head_count_kv", c.Positive("num_key_value_heads", c.Positive("num_attention_heads"))),
        (r, j) => j["num_key_value_heads"] = r.Scope.Integer("attention.head_count_kv") ?? r.Scope.Positive("attention.head_count"));

    /// <summary>Root-mean-square norms.</summary>
    internal static HyperParameter RmsNorm(double missing = 1e-6) => HyperParameter.Real("attention.layer_norm_rms_epsilon", "rms_norm_eps", missing);

    /// <summary>Norms with mean and variance.</summary>
    internal static HyperParameter LayerNorm(string key = "layer_norm_eps", double missing = 1e-5) => HyperParameter.Real("attention.layer_norm_epsilon", key, missing);

    /// <summary>Head size, written when the configuration has it.</summary>
    /// <param name="missing">Head size of the class when the configuration lacks the key; null where the class has no such field.</param>
    internal static HyperParameter HeadSize(Func<ModelConfiguration, int?>? missing = null) => new(
        (c, s) =>
        {
            if ((c.OptionalInteger("head_dim") ?? missing?.Invoke(c)) is not { } size) return;
            s.Count("attention.key_length", size);
            s.Count("attention.value_length", size);
        },
        (r, j) => { if (r.Scope.Integer("attention.key_length") is { } size) j["head_dim"] = size; });

    /// <summary>Hidden size over heads.</summary>
    internal static int? EvenHeads(ModelConfiguration configuration) => configuration.Positive("hidden_size") / configuration.Positive("num_attention_heads");

    /// <summary>Experts: how many there are and how many are used.</summary>
    internal static IEnumerable<HyperParameter> Experts(string count = "num_local_experts", string? otherName = null) =>
    [
        new(
            (c, s) => { if ((c.OptionalInteger(count) ?? (otherName is null ? null : c.OptionalInteger(otherName))) is { } experts) s.Count("expert_count", experts); },
            (r, j) => { if (r.Scope.Integer("expert_count") is { } experts) j[count] = experts; }),
        HyperParameter.OptionalCount("expert_used_count", "num_experts_per_tok"),
    ];

    /// <summary>Rows of the embedding, which the Llama converter repeats.</summary>
    internal static HyperParameter VocabularySize() => HyperParameter.WriteOnly((c, s) => s.Count("vocab_size", c.Positive("vocab_size")));

    /// <summary>Rotated elements of a head: all of it.</summary>
    internal static HyperParameter RotatesWholeHead() =>
        HyperParameter.WriteOnly((c, s) => s.Count("rope.dimension_count", c.OptionalInteger("head_dim") ?? EvenHeads(c)!.Value));

    /// <summary>Activation of a configuration that is read from a file.</summary>
    internal static HyperParameter Activation(string name, string key = "hidden_act") => HyperParameter.Fixed(key, name);

    /// <summary>A flag that tensors tell: whether the first layer has a bias.</summary>
    internal static HyperParameter BiasFlag(string key, string tensor) => HyperParameter.ReadOnly((r, j) => j[key] = r.Has(tensor));

    /// <summary>Sliding window and, in newer files, which layers slide.</summary>
    /// <param name="pattern">Which layers slide when the file does not say: layer and number of layers.</param>
    /// <param name="write">Whether the layers are written.</param>
    internal static HyperParameter SlidingWindow(Func<int, bool> pattern, bool write) => new(
        (c, s) =>
        {
            if (c.OptionalInteger("sliding_window") is not { } window) return;
            s.Count("attention.sliding_window", window);
            if (!write) return;
            var layers = c.Positive("num_hidden_layers");
            s.Flags("attention.sliding_window_pattern", LayerTypes(c) is { } types ? types.Select(t => t == "sliding_attention") : Enumerable.Range(0, layers).Select(pattern));
        },
        (r, j) =>
        {
            if (r.Scope.Integer("attention.sliding_window") is not (> 0 and var window)) return;
            var layers = r.Scope.Positive("block_count");
            var slides = SlidingLayers(r, layers) ?? Enumerable.Range(0, layers).Select(pattern).ToArray();
            j["sliding_window"] = window;
            j["layer_types"] = new JsonArray([.. slides.Select(s => (JsonNode)(s ? "sliding_attention" : "full_attention"))]);
        });

    /// <summary><c>layer_types</c> of a configuration, or null.</summary>
    internal static string[]? LayerTypes(ModelConfiguration configuration) =>
        configuration.Element("layer_types") is { ValueKind: System.Text.Json.JsonValueKind.Array } list
            && list.EnumerateArray().All(e => e.ValueKind == System.Text.Json.JsonValueKind.String)
            ? list.EnumerateArray().Select(e => e.GetString()!).ToArray() : null;

    // A list of truth values, or a period n: layer i slides iff i % n < n − 1.
    private static bool[]? SlidingLayers(GgufReading reading, int layers)
    {
        var key = reading.Scope.Key("attention.sliding_window_pattern");
        if (!reading.Scope.Metadata.TryGetValue(key, out var value)) return null;
        if (value.Type == GgufValueType.Array) return reading.Scope.Metadata.Flags(key) is { } flags && flags.Length >= layers ? flags[..layers] : throw reading.Scope.Metadata.Unfit(key, value, $"one value for each of {layers} layers");
        var period = reading.Scope.Metadata.Positive(key);
        return Enumerable.Range(0, layers).Select(i => i % period < period - 1).ToArray();
    }
}
