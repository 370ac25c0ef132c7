using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Adapters;

/// <summary>The two factors of one adapted linear: <c>y += Scaling · (x·Aᵀ)·Bᵀ</c> (Hu et al. 2021, section 4.1).</summary>
/// <param name="Linear">The linear.</param>
/// <param name="Rank">R.</param>
/// <param name="Scaling">Factor on the update.</param>
/// <param name="Type">Element type in the file.</param>
public sealed record LoraFactors(LinearBlueprint Linear, int Rank, double Scaling, TensorType Type)
{
    /// <summary>Name of A [R, in] in the file.</summary>
    public string DownName => AdapterFolder.KeyOf(Linear.Path, "lora_A.weight");

    /// <summary>Name of B [out, R] in the file.</summary>
    public string UpName => AdapterFolder.KeyOf(Linear.Path, "lora_B.weight");

    /// <summary>Name of the base weight [out, in], which PEFT's files carry along for an adapted head.</summary>
    public string BaseName => AdapterFolder.KeyOf(Linear.Path, "base_layer.weight");

    /// <summary>Lists the factors of an adapter for a model and checks that every target has both, in the right shapes.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.AdapterDoesNotFit"/>, or an error of <see cref="AdapterTargets.Resolve"/>.</exception>
    public static IReadOnlyList<LoraFactors> Of(AdapterFolder adapter, ModelBlueprint blueprint)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        var targets = AdapterTargets.Resolve(blueprint, adapter.Configuration);
        var result = new List<LoraFactors>(targets.Linears.Count);
        foreach (var linear in targets.Linears)
        {
            var factors = new LoraFactors(linear, adapter.Configuration.RankOf(linear.Path), adapter.Configuration.ScalingOf(linear.Path), TensorType.F32);
            var down = Require(adapter, factors.DownName, [factors.Rank, linear.InFeatures]);
            Require(adapter, factors.UpName, [linear.OutFeatures, factors.Rank]);
            if (adapter.Weights.Tensors.ContainsKey(factors.BaseName)) Require(adapter, factors.BaseName, [linear.OutFeatures, linear.InFeatures]);
            result.Add(factors with { Type = down.Type });
        }

        var used = result.SelectMany(f => new[] { f.DownName, f.UpName, f.BaseName }).ToHashSet(StringComparer.Ordinal);
        var extra = adapter.Weights.Tensors.Keys.Where(k => !used.Contains(k)).Order(StringComparer.Ordinal).ToArray();
        if (extra.Length > 0)
        {
            throw new PeftStudioException(
                ErrorCodes.AdapterDoesNotFit, "adapter holds tensors that the model has no place for",
                $"{adapter.Path}: {string.Join(", ", extra.Take(4))}{(extra.Length > 4 ? $" and {extra.Length - 4} more" : string.Empty)}",
                $"{blueprint.Architecture} with {blueprint.Layers.Count} layers; nothing was loaded",
                "use the base model that the adapter was trained on: " + (adapter.Configuration.BaseModel ?? "the configuration does not name it"));
        }

        return result;
    }

    private static TensorInfo Require(AdapterFolder adapter, string name, long[] shape)
    {
        if (!adapter.Weights.Tensors.TryGetValue(name, out var info))
        {
            throw new PeftStudioException(
                ErrorCodes.AdapterDoesNotFit, "adapter lacks a tensor", $"'{name}' {TensorInfo.FormatShape(shape)} of {adapter.Path}",
                "no tensor of that name; nothing was loaded", "use the base model that the adapter was trained on, or save the adapter again");
        }

        if (info.Shape.SequenceEqual(shape) && TensorTypes.IsFloat(info.Type)) return info;
        throw new PeftStudioException(
            ErrorCodes.AdapterDoesNotFit, "adapter does not fit the model", $"'{name}' {TensorInfo.FormatShape(shape)}",
            $"{info.Type} {info.ShapeText} in {adapter.Path}; nothing was loaded",
            "use the base model that the adapter was trained on: " + (adapter.Configuration.BaseModel ?? "the configuration does not name it"));
    }
}
