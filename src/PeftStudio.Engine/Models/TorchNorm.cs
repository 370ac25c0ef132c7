using PeftStudio.Formats.Blueprints;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>A norm of the blueprint, computed in float32 with the order of casts that its kind names.</summary>
internal sealed class TorchNorm(NormBlueprint blueprint, Tensor weight, Tensor? bias)
{
    internal Tensor Weight => weight;

    internal Tensor? Bias => bias;

    /// <summary>Normalises the last axis.</summary>
    /// <param name="x">[N, E].</param>
    /// <returns>[N, E] in the type of <paramref name="x"/>.</returns>
    internal Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (blueprint.Kind == NormKind.Layer)
        {
            return nn.functional.layer_norm(x, [blueprint.Width], weight, bias, blueprint.Epsilon).MoveToOuterDisposeScope();
        }

        var wide = x.to(ScalarType.Float32);
        var normal = wide * rsqrt(wide.pow(2).mean([-1L], keepdim: true) + (double)blueprint.Epsilon);
        var result = blueprint.Kind switch
        {
            NormKind.Rms => normal.to(x.dtype) * weight,
            NormKind.RmsCastLast => (normal * weight.to(ScalarType.Float32)).to(x.dtype),
            NormKind.RmsOnePlus => (normal * (weight.to(ScalarType.Float32) + 1)).to(x.dtype),
            _ => throw new ArgumentOutOfRangeException(nameof(x), blueprint.Kind, "unknown norm"),
        };
        return result.MoveToOuterDisposeScope();
    }
}
