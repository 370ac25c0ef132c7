using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Objectives;

/// <summary>
/// Cross entropy behind a frozen head that makes its own gradient, a chunk of rows at a time: scores, log-sum-exp, softmax − target,
/// times the head. Only the gradient of the hidden states [N, E] is kept for the backward pass.
/// </summary>
internal sealed class FrozenHeadLoss : autograd.SingleTensorFunction<FrozenHeadLoss>
{
    /// <inheritdoc/>
    public override string Name => nameof(FrozenHeadLoss);

    /// <summary>Σ loss / count as a scalar with a graph to <paramref name="hidden"/>.</summary>
    /// <param name="hidden">[N, E].</param>
    /// <param name="head">[V, E], frozen.</param>
    /// <param name="targets">[N].</param>
    /// <param name="count">What the sum is divided by.</param>
    /// <param name="smoothing">ε of label smoothing.</param>
    /// <param name="chunk">Rows a piece.</param>
    internal static Tensor Apply(Tensor hidden, Tensor head, Tensor targets, long count, double smoothing, int chunk) =>
        apply(hidden, new Arguments(head, targets, count, smoothing, chunk, hidden.requires_grad && is_grad_enabled()));

    // Wrapped, so that the function has one differentiable input. Inside forward no tensor says whether it needs a gradient.
    private sealed record Arguments(Tensor Head, Tensor Targets, long Count, double Smoothing, int Chunk, bool NeedsGradient);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var hidden = (Tensor)vars[0];
        var (head, targets, count, smoothing, chunk, needsGradient) = (Arguments)vars[1];
        using var scope = NewDisposeScope();
        var total = zeros(1, ScalarType.Float32);
        var gradient = needsGradient ? empty_like(hidden) : null;
        for (var first = 0L; first < hidden.size(0); first += chunk)
        {
            using var piece = NewDisposeScope();
            var rows = Math.Min(chunk, hidden.size(0) - first);
            var wanted = targets.narrow(0, first, rows).unsqueeze(1);
            var scores = hidden.narrow(0, first, rows).matmul(head.t()).to(ScalarType.Float32); // [n, V]
            var logarithms = nn.functional.log_softmax(scores, 1);
            var loss = logarithms.gather(1, wanted).sum() * -(1 - smoothing);
            if (smoothing > 0) loss = loss - (logarithms.sum() * (smoothing / scores.size(1)));
            total.add_(loss);
            if (gradient is null) continue;

            // d/dz of (1−ε)·NLL + ε·mean(−log p) is softmax − (1−ε)·onehot − ε/V.
            var slope = logarithms.exp_();
            if (smoothing > 0) slope.sub_(smoothing / scores.size(1));
            slope.scatter_add_(1, wanted, full_like(wanted, -(1 - smoothing), ScalarType.Float32));
            gradient.narrow(0, first, rows).copy_(slope.mul_(1.0 / count).to(hidden.dtype).matmul(head));
        }

        // What is saved is taken over when this method has returned, so it must outlive the scope.
        if (gradient is not null) ctx.save_for_backward([gradient.MoveToOuterDisposeScope()]);
        return (total / count).squeeze().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var gradient = ctx.get_saved_variables()[0];
        return [gradient * grad_output.to(gradient.dtype), null!];
    }
}
