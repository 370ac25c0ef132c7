using PeftStudio.Engine.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Objectives;

/// <summary>
/// The causal language-model loss of Hugging Face's Trainer: logits at position t predict label t + 1, labels of −100 count for nothing,
/// cross entropy in float32, summed and divided by a count that the caller gives (the labels of a whole optimizer step).
/// </summary>
internal static class CausalLoss
{
    /// <summary>A label that is not trained.</summary>
    internal const long Ignored = -100;

    // Rows of scores that exist at one time when the head is frozen: the [tokens, V] tensor and its gradient never do.
    private const int ChunkRows = 256;

    /// <summary>Number of labels that are trained: every one but the first of each row, unless it is −100.</summary>
    /// <param name="labels">[B, T].</param>
    internal static long CountLabels(Tensor labels)
    {
        using var scope = NewDisposeScope();
        return labels.narrow(1, 1, labels.size(1) - 1).ne(Ignored).sum().item<long>();
    }

    /// <summary>Sum of the token losses divided by <paramref name="count"/>.</summary>
    /// <param name="model">Gives hidden states and scores.</param>
    /// <param name="inputIds">[B, T].</param>
    /// <param name="attentionMask">[B, T], or null.</param>
    /// <param name="labels">[B, T], −100 where nothing is trained.</param>
    /// <param name="count">What to divide by; at least 1.</param>
    /// <param name="labelSmoothing">ε: (1−ε)·NLL + ε·mean over the vocabulary of −log p.</param>
    /// <returns>A scalar with a graph, also when no label is trained.</returns>
    internal static Tensor Compute(
        CausalModel model, Tensor inputIds, Tensor? attentionMask, Tensor labels, long count, double labelSmoothing = 0)
    {
        using var scope = NewDisposeScope();
        long b = inputIds.size(0), t = inputIds.size(1);
        var hidden = model.ForwardHidden(inputIds, attentionMask);
        var shifted = labels.narrow(1, 1, t - 1).reshape(-1);
        var valid = shifted.ne(Ignored).nonzero().flatten();
        var targets = shifted.index_select(0, valid);
        var rows = hidden.view(b, t, -1).narrow(1, 0, t - 1).reshape(b * (t - 1), -1).index_select(0, valid); // [N, E]

        if (model.PlainHead is { requires_grad: false } head && targets.size(0) > 0)
        {
            return FrozenHeadLoss.Apply(rows, head, targets, count, labelSmoothing, ChunkRows).MoveToOuterDisposeScope();
        }

        var loss = nn.functional.cross_entropy(
            model.Score(rows).to(ScalarType.Float32), targets, reduction: nn.Reduction.Sum, label_smoothing: labelSmoothing);
        return (loss / count).MoveToOuterDisposeScope();
    }
}
