using PeftStudio.Engine.Adapters;
using PeftStudio.Formats.Blueprints;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>A linear with room for one patch; the unit that adapters attach to.</summary>
internal sealed class TorchLinear(LinearBlueprint blueprint, Tensor weight, Tensor? bias)
{
    internal LinearBlueprint Blueprint => blueprint;

    /// <summary>[out, in].</summary>
    internal Tensor Weight => weight;

    internal Tensor? Bias => bias;

    /// <summary>The patch that is applied, or null for the bare linear.</summary>
    internal ILinearPatch? Patch { get; set; }

    /// <summary>y = x·Wᵀ + b, then the patch.</summary>
    /// <param name="x">[N, in].</param>
    /// <param name="training">Whether dropout of a patch applies.</param>
    /// <returns>[N, out].</returns>
    internal Tensor Forward(Tensor x, bool training)
    {
        var y = nn.functional.linear(x, weight, bias);
        if (Patch is null) return y;
        var patched = Patch.Apply(x, y, training);
        y.Dispose();
        return patched;
    }
}
