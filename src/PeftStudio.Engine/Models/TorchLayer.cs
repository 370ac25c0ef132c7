using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>One block: attention and feed-forward, each behind its norm, each added to the residual stream.</summary>
internal sealed class TorchLayer(TorchNorm? attentionNorm, TorchAttention attention, TorchNorm? feedForwardNorm, TorchMlp feedForward)
{
    /// <summary>The block's output.</summary>
    /// <param name="x">[B·T, E].</param>
    /// <param name="sequence">Masks and rotary tables.</param>
    /// <returns>[B·T, E].</returns>
    internal Tensor Forward(Tensor x, Sequence sequence)
    {
        using var scope = NewDisposeScope();
        var middle = x + attention.Forward(attentionNorm?.Forward(x) ?? x, sequence);
        return (middle + feedForward.Forward(feedForwardNorm?.Forward(middle) ?? middle, sequence.Training)).MoveToOuterDisposeScope();
    }
}
