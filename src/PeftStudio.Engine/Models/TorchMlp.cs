using PeftStudio.Formats.Blueprints;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>Gated feed-forward part.</summary>
internal sealed class TorchMlp(MlpBlueprint blueprint, TorchLinear gate, TorchLinear up, TorchLinear down)
{
    /// <summary><c>down(act(gate(x)) ⊙ up(x))</c>.</summary>
    /// <param name="x">[N, E].</param>
    /// <param name="training">Whether dropout of patches applies.</param>
    /// <returns>[N, E].</returns>
    internal Tensor Forward(Tensor x, bool training)
    {
        using var scope = NewDisposeScope();
        var opened = Activate(gate.Forward(x, training)) * up.Forward(x, training);
        return down.Forward(opened, training).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor x) => blueprint.Activation switch
    {
        Activation.Silu => nn.functional.silu(x),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.GeluTanh => 0.5 * x * (1 + tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3))))),
        Activation.Relu => nn.functional.relu(x),
        Activation.ReluSquared => nn.functional.relu(x).square(),
        _ => throw new ArgumentOutOfRangeException(nameof(x), blueprint.Activation, "unknown activation"),
    };
}
