using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>One block: attention and feed-forward part with their norms, each added to the residual stream.</summary>
/// <param name="width">E.</param>
/// <param name="attentionNorm">Norm of the attention's input, or null.</param>
/// <param name="attention">The attention.</param>
/// <param name="feedForwardNorm">Norm of the feed-forward's input, or null.</param>
/// <param name="feedForward">The feed-forward part.</param>
internal sealed unsafe class Layer<T>(int width, Norm<T>? attentionNorm, Attention<T> attention, Norm<T>? feedForwardNorm, FeedForward<T> feedForward)
    where T : unmanaged, IElement<T>
{
    /// <summary>Runs all rows of a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="hidden">The residual stream [rows, E], changed in place.</param>
    internal void Run(Pass<T> pass, T* hidden)
    {
        var branch = pass.Branch.Reserve((nint)pass.Rows * width);
        attention.Run(pass, Normed(pass, attentionNorm, hidden), branch);
        Residual.Add(pass, hidden, branch, width);
        feedForward.Run(pass, Normed(pass, feedForwardNorm, hidden), branch);
        Residual.Add(pass, hidden, branch, width);
    }

    private T* Normed(Pass<T> pass, Norm<T>? norm, T* hidden)
    {
        if (norm is null) return hidden;
        var normed = pass.Normed.Reserve((nint)pass.Rows * width);
        norm.Run(pass, hidden, normed);
        return normed;
    }
}
