namespace PeftStudio.Formats.Blueprints;

/// <summary>How a norm is computed.</summary>
public enum NormKind
{
    /// <summary>x / √(mean(x²) + ε), normalised in float32, cast to the input's type, then times the weight (Llama).</summary>
    Rms,

    /// <summary>The same, with the product in float32 and the cast last (OLMo 2, gpt-oss, GLM).</summary>
    RmsCastLast,

    /// <summary>The same, times 1 + weight, in float32 (Gemma).</summary>
    RmsOnePlus,

    /// <summary>(x − mean) / √(variance + ε), times weight, plus bias.</summary>
    Layer,
}

/// <summary>A norm over the last axis.</summary>
/// <param name="Path">Module path, such as <c>model.layers.0.input_layernorm</c>.</param>
/// <param name="Kind">Formula and order of casts.</param>
/// <param name="Width">Extent of the normalised axis.</param>
/// <param name="Epsilon">ε, added inside the root.</param>
/// <param name="HasBias">Whether <c>Path.bias</c> exists.</param>
public sealed record NormBlueprint(string Path, NormKind Kind, int Width, float Epsilon, bool HasBias = false)
{
    /// <summary>Name of the weight.</summary>
    public string WeightName => Path + ".weight";

    /// <summary>Name of the bias.</summary>
    public string BiasName => Path + ".bias";

    /// <summary>Its tensors in a checkpoint.</summary>
    public IEnumerable<TensorBlueprint> Tensors
    {
        get
        {
            yield return new(WeightName, [Width]);
            if (HasBias) yield return new(BiasName, [Width]);
        }
    }
}
