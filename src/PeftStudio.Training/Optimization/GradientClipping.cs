using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Training.Optimization;

/// <summary>Clipping by the norm over all gradients, as <c>torch.nn.utils.clip_grad_norm_</c>.</summary>
internal static class GradientClipping
{
    /// <summary>Scales all gradients by min(1, max / (norm + 1e-6)).</summary>
    /// <param name="parameters">Parameters; those without a gradient are left out.</param>
    /// <param name="maximum">Largest norm; null only measures.</param>
    /// <returns>The norm before clipping.</returns>
    internal static double Clip(IEnumerable<Tensor> parameters, double? maximum)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0) return 0;
        var norm = stack([.. gradients.Select(g => g.norm())]).norm().item<float>();
        if (maximum is { } limit && double.IsFinite(norm) && limit / (norm + 1e-6) < 1)
        {
            foreach (var gradient in gradients) gradient.mul_(limit / (norm + 1e-6));
        }

        return norm;
    }
}
