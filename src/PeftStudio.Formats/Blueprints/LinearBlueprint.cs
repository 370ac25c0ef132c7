namespace PeftStudio.Formats.Blueprints;

/// <summary>A linear map <c>y = x·Wᵀ + b</c>: the unit that adapters attach to.</summary>
/// <param name="Path">Module path in the reference model, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="InFeatures">Extent of the input.</param>
/// <param name="OutFeatures">Extent of the output.</param>
/// <param name="HasBias">Whether <c>Path.bias</c> exists.</param>
/// <param name="IsTransposed">The file holds [in, out] (GPT-2's Conv1D) instead of [out, in].</param>
public sealed record LinearBlueprint(string Path, int InFeatures, int OutFeatures, bool HasBias = false, bool IsTransposed = false)
{
    /// <summary>Name of the weight.</summary>
    public string WeightName => Path + ".weight";

    /// <summary>Name of the bias.</summary>
    public string BiasName => Path + ".bias";

    /// <summary>The last part of the path, which target-module lists name.</summary>
    public string ShortName => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>Its tensors in a checkpoint.</summary>
    public IEnumerable<TensorBlueprint> Tensors
    {
        get
        {
            yield return new(WeightName, IsTransposed ? [InFeatures, OutFeatures] : [OutFeatures, InFeatures]);
            if (HasBias) yield return new(BiasName, [OutFeatures]);
        }
    }
}
