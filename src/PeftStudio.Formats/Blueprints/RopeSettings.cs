using System.Text.Json;
using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Blueprints;

/// <summary>
/// Reads rotary settings in each of the forms that transformers has written: <c>rope_parameters</c> (since 5.0),
/// and <c>rope_theta</c> with <c>rope_scaling</c> before.
/// </summary>
internal static class RopeSettings
{
    /// <summary>Reads the settings of a family whose layers all rotate alike.</summary>
    /// <param name="configuration">The model's configuration.</param>
    /// <param name="headSize">D; the rotated part is D × partial_rotary_factor.</param>
    /// <param name="defaultTheta">The family's θ when the configuration has none.</param>
    /// <param name="layout">Which elements rotate together.</param>
    internal static RopeBlueprint Read(
        ModelConfiguration configuration, int headSize, double defaultTheta = 10_000, RopeLayout layout = RopeLayout.Half)
    {
        var parameters = configuration.Element("rope_parameters");
        var scaling = parameters ?? configuration.Element("rope_scaling");
        if (scaling is { ValueKind: not JsonValueKind.Object }) throw configuration.Invalid("rope_scaling", scaling.Value.GetRawText(), "it must be an object");
        var theta = Number(parameters, "rope_theta") ?? configuration.Number("rope_theta", defaultTheta);
        var partial = Number(parameters, "partial_rotary_factor") ?? configuration.Number("partial_rotary_factor", 1);
        var dimensions = (int)(headSize * partial);
        if (dimensions <= 0 || dimensions % 2 != 0 || dimensions > headSize)
        {
            throw configuration.Invalid("partial_rotary_factor", $"{partial} of a head of {headSize}", "an even number of elements must rotate");
        }

        return new RopeBlueprint
        {
            Dimensions = dimensions,
            Theta = theta,
            Layout = layout,
            Scaling = scaling is { } s ? ReadScaling(configuration, s) : RopeScaling.None,
        };
    }

    private static RopeScaling ReadScaling(ModelConfiguration configuration, JsonElement scaling)
    {
        var maxPositions = configuration.Integer("max_position_embeddings", 2048);
        var type = Text(scaling, "rope_type") ?? Text(scaling, "type") ?? "default";
        var original = (int)(Number(scaling, "original_max_position_embeddings") ?? configuration.Integer("original_max_position_embeddings", maxPositions));
        return type switch
        {
            "default" or "mrope" => RopeScaling.None,
            "linear" => new RopeScaling.Linear(Factor()),
            "dynamic" => new RopeScaling.Dynamic(Factor(), maxPositions),
            "llama3" => new RopeScaling.Llama3(Factor(), Number(scaling, "low_freq_factor") ?? 1, Number(scaling, "high_freq_factor") ?? 4, original),
            "yarn" => ReadYarn(scaling, original, Number(scaling, "factor") ?? (double)maxPositions / original),
            _ => throw configuration.Invalid("rope_type", type, "known types are default, linear, dynamic, llama3, yarn"),
        };

        double Factor() => Number(scaling, "factor") ?? throw configuration.Invalid("rope_scaling.factor", "nothing", $"type {type} needs it");
    }

    private static RopeScaling.Yarn ReadYarn(JsonElement scaling, int original, double factor)
    {
        var mscale = Number(scaling, "mscale");
        var mscaleAllDim = Number(scaling, "mscale_all_dim");
        var attention = Number(scaling, "attention_factor")
            ?? (mscale is > 0 && mscaleAllDim is > 0 ? Magnitude(mscale.Value) / Magnitude(mscaleAllDim.Value) : Magnitude(1));
        var truncate = !scaling.TryGetProperty("truncate", out var t) || t.ValueKind != JsonValueKind.False;
        return new(factor, original, Number(scaling, "beta_fast") ?? 32, Number(scaling, "beta_slow") ?? 1, truncate, attention);

        double Magnitude(double k) => factor <= 1 ? 1 : (0.1 * k * Math.Log(factor)) + 1;
    }

    private static double? Number(JsonElement? parent, string key) =>
        parent is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty(key, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetDouble() : null;

    private static string? Text(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;
}
