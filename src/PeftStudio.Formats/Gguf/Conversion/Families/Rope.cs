using System.Text.Json;
using System.Text.Json.Nodes;
using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>Rotary settings between <c>rope_parameters</c> (or the older keys) and <c>rope.*</c>.</summary>
internal static class Rope
{
    /// <summary>Name of the tensor with Llama 3's divisors.</summary>
    internal const string DivisorTensor = "rope_freqs.weight";

    /// <summary>Base and scaling for all layers, as the converter's common part writes them.</summary>
    /// <param name="theta">The class' base when the configuration has none.</param>
    internal static IEnumerable<HyperParameter> Common(double theta = 10_000) => [Scaling(), Base(theta), SlidingBase()];

    /// <summary>Base of the frequencies.</summary>
    internal static HyperParameter Base(double missing) => new(
        (c, s) => s.Real("rope.freq_base", Number(Full(c), "rope_theta") ?? c.Number("rope_theta", missing)),
        (r, j) => Target(j)["rope_theta"] = r.Scope.Number("rope.freq_base") ?? missing);

    /// <summary>Base of the layers with a sliding window.</summary>
    internal static HyperParameter SlidingBase() => HyperParameter.WriteOnly((c, s) =>
    {
        if ((Number(Sub(c, "sliding_attention"), "rope_theta") ?? Optional(c, "rope_local_base_freq")) is { } theta) s.Real("rope.freq_base_swa", theta);
    });

    /// <summary>Part of a head that rotates.</summary>
    /// <param name="missing">The class' part when the configuration has none.</param>
    /// <param name="key">Older top-level name of the part.</param>
    internal static HyperParameter Partial(double missing, string key = "partial_rotary_factor") => new(
        (c, s) => s.Count("rope.dimension_count", (int)(PartOf(c, missing, key) * HeadSize(c))),
        (r, j) =>
        {
            var head = r.Scope.Integer("attention.key_length") ?? (r.Scope.Positive("embedding_length") / r.Scope.Positive("attention.head_count"));
            Target(j)["partial_rotary_factor"] = (double)(r.Scope.Integer("rope.dimension_count") ?? head) / head;
        });

    /// <summary>Part of a head that rotates, in all spellings.</summary>
    internal static double PartOf(ModelConfiguration configuration, double missing, string key = "partial_rotary_factor") =>
        Number(Full(configuration), "partial_rotary_factor") ?? Optional(configuration, key) ?? configuration.Number("partial_rotary_factor", missing);

    /// <summary>Linear and YaRN scaling; Llama 3's is a tensor of divisors.</summary>
    internal static HyperParameter Scaling() => new(WriteScaling, ReadScaling);

    /// <summary>What no GGUF file expresses of rotary settings.</summary>
    internal static string? Obstacle(ModelConfiguration configuration) => TypeOf(configuration) switch
    {
        "dynamic" => "dynamic rotary scaling; GGUF files have no such setting",
        "default" or "mrope" or "linear" or "yarn" or "llama3" or "longrope" or "su" => null,
        var type => $"rotary scaling of type '{type}'",
    };

    /// <summary>The divisors of Llama 3's frequencies, as the converter computes them in float32.</summary>
    internal static IEnumerable<(string Name, float[] Values)> Divisors(ModelConfiguration configuration)
    {
        if (TypeOf(configuration) != "llama3") yield break;
        var settings = Full(configuration);
        var theta = Number(settings, "rope_theta") ?? configuration.Number("rope_theta", 10_000);
        var rule = new Llama3Divisors(
            Number(settings, "factor") ?? 8, Number(settings, "low_freq_factor") ?? 1, Number(settings, "high_freq_factor") ?? 4,
            Number(settings, "original_max_position_embeddings") ?? configuration.Number("original_max_position_embeddings", 8192));
        var divisors = rule.Compute((configuration.OptionalInteger("head_dim") ?? Hyper.EvenHeads(configuration)!.Value) / 2, theta);
        yield return (DivisorTensor, divisors);
    }

    /// <summary>The object that rotary keys of a configuration go into.</summary>
    internal static JsonObject Target(JsonObject configuration)
    {
        if (configuration["rope_parameters"] is JsonObject found) return found;
        var made = new JsonObject { ["rope_type"] = "default" };
        configuration["rope_parameters"] = made;
        return made;
    }

    internal static double? Number(JsonElement? settings, string key) =>
        settings is { ValueKind: JsonValueKind.Object } s && s.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>Numbers of a list, or null.</summary>
    internal static float[]? Numbers(JsonElement? settings, string key) =>
        settings is { ValueKind: JsonValueKind.Object } s && s.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number)
            ? value.EnumerateArray().Select(v => (float)v.GetDouble()).ToArray() : null;

    /// <summary>Settings of layers that see everything, or of all.</summary>
    internal static JsonElement? Full(ModelConfiguration configuration) =>
        Sub(configuration, "full_attention") ?? configuration.Element("rope_parameters") ?? configuration.Element("rope_scaling");

    /// <summary>Type of the scaling; <c>default</c> for none.</summary>
    internal static string TypeOf(ModelConfiguration configuration)
    {
        if (Full(configuration) is not { ValueKind: JsonValueKind.Object } settings) return "default";
        foreach (var key in new[] { "rope_type", "type" })
        {
            if (settings.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String) return value.GetString()!;
        }

        return "default";
    }

    private static JsonElement? Sub(ModelConfiguration configuration, string layers) =>
        configuration.Element("rope_parameters") is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty(layers, out var found) ? found : null;

    private static double? Optional(ModelConfiguration configuration, string key) => configuration.Has(key) ? configuration.Number(key, 0) : null;

    private static int HeadSize(ModelConfiguration configuration) => configuration.OptionalInteger("head_dim") ?? Hyper.EvenHeads(configuration)!.Value;

    private static void WriteScaling(ModelConfiguration configuration, GgufScope scope)
    {
        var settings = Full(configuration);
        if (Number(settings, "factor") is not { } factor) return;
        switch (TypeOf(configuration))
        {
            case "linear":
                scope.Text("rope.scaling.type", "linear");
                scope.Real("rope.scaling.factor", factor);
                break;
            case "yarn":
                scope.Text("rope.scaling.type", "yarn");
                scope.Real("rope.scaling.factor", factor);
                scope.Count("rope.scaling.original_context_length", (int)(Number(settings, "original_max_position_embeddings") ?? configuration.Positive("max_position_embeddings")));
                foreach (var (key, name) in new[]
                {
                    ("extrapolation_factor", "yarn_ext_factor"), ("attention_factor", "yarn_attn_factor"), ("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow"),
                })
                {
                    if (Number(settings, key) is { } value) scope.Real("rope.scaling." + name, value);
                }

                break;
        }
    }

    private static void ReadScaling(GgufReading reading, JsonObject json)
    {
        var target = Target(json);
        var scope = reading.Scope;
        var type = scope.Metadata.Text(scope.Key("rope.scaling.type"));
        var factor = scope.Number("rope.scaling.factor") ?? (scope.Number("rope.scale_linear") is { } old and not 0 ? old : null);
        if (type is null && factor is not null) type = "linear";
        if (reading.Factors(DivisorTensor) is { } divisors)
        {
            // Else each frequency has its own divisor, which is what longrope with equal lists and no factor on the attention says.
            if (Llama3Divisors.Fit(divisors, scope.Number("rope.freq_base") ?? 10_000) is { } rule) rule.Describe(target);
            else SetFactors(target, divisors, divisors, 1, scope.Positive("context_length"));
            return;
        }

        if (type == "linear" && factor is not null)
        {
            target["rope_type"] = "linear";
            target["factor"] = factor;
        }
        else if (type == "yarn" && factor is not null)
        {
            target["rope_type"] = "yarn";
            target["factor"] = factor;
            if (scope.Integer("rope.scaling.original_context_length") is { } original) target["original_max_position_embeddings"] = original;
            foreach (var (key, name) in new[] { ("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow"), ("attention_factor", "yarn_attn_factor") })
            {
                if (scope.Number("rope.scaling." + name) is { } value) target[key] = value;
            }
        }
    }

    /// <summary>Describes frequencies that have a divisor each.</summary>
    internal static void SetFactors(JsonObject target, float[] shortFactors, float[] longFactors, double attention, int positions)
    {
        target["rope_type"] = "longrope";
        target["short_factor"] = List(shortFactors);
        target["long_factor"] = List(longFactors);
        target["attention_factor"] = attention;
        target["original_max_position_embeddings"] = positions;

        static JsonArray List(float[] values) => new([.. values.Select(v => (JsonNode)GgufScope.Shortest(v)!.Value)]);
    }
}
