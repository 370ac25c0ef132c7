using PeftStudio.Engine.Models;
using PeftStudio.Engine.Objectives;
using PeftStudio.Training.Data;
using PeftStudio.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Training;

/// <summary>What one optimizer step gave.</summary>
/// <param name="Loss">Mean over the labels of all its micro-batches.</param>
/// <param name="GradientNorm">Norm of all gradients before clipping.</param>
/// <param name="LearningRate">Rate of the first group in this step.</param>
/// <param name="TrainedTokens">Labels that counted.</param>
internal readonly record struct StepResult(double Loss, double GradientNorm, double LearningRate, long TrainedTokens);

/// <summary>
/// The arithmetic of training, without data, files or threads: any set of trainable parameters, the causal loss over an accumulated batch,
/// clipping, one optimizer step. Order as in Hugging Face's Trainer: forward and backward of each micro-batch, clip, step, zero the gradients.
/// </summary>
internal sealed class Trainer(CausalModel model, Optimizer optimizer, LearningRateSchedule schedule, double? maxGradientNorm, double labelSmoothing = 0)
{
    /// <summary>Optimizer steps done.</summary>
    internal int StepsDone => (int)optimizer.StepCount;

    /// <summary>One optimizer step over some micro-batches.</summary>
    /// <param name="batches">The micro-batches; each loss is a sum divided by the labels of all of them.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.LossNotFinite"/>: parameters and optimizer are as before the step.</exception>
    internal StepResult Step(IReadOnlyList<Batch> batches)
    {
        model.Training = true;
        var count = batches.Sum(b => (long)b.TrainedTokens);
        var loss = 0.0;
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            using var part = Loss(batch, Math.Max(1, count), labelSmoothing);
            part.backward();
            loss += part.item<float>();
        }

        var norm = GradientClipping.Clip(optimizer.Parameters.Select(p => p.Tensor), maxGradientNorm);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            optimizer.ZeroGradients();
            throw NotFinite(loss, norm);
        }

        var factor = schedule.Factor(StepsDone);
        optimizer.Step(factor);
        optimizer.ZeroGradients();
        return new(loss, norm, optimizer.Groups[0].LearningRate * factor, count);
    }

    /// <summary>Held-out loss: the mean of each batch, averaged over batches weighted by their rows, as the Trainer reports it.</summary>
    /// <param name="batches">Batches of the held-out rows.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    internal double Evaluate(IEnumerable<Batch> batches, CancellationToken cancellationToken = default)
    {
        model.Training = false;
        using var quiet = no_grad();
        var (sum, rows) = (0.0, 0L);
        foreach (var batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            sum += Loss(batch, Math.Max(1, batch.TrainedTokens), labelSmoothing).item<float>() * (double)batch.Rows;
            rows += batch.Rows;
        }

        return rows == 0 ? double.NaN : sum / rows;
    }

    private Tensor Loss(Batch batch, long count, double smoothing)
    {
        long[] shape = [batch.Rows, batch.Length];
        var mask = batch.AttentionMask.AsSpan().Contains(0) ? tensor(batch.AttentionMask).view(shape) : null;
        return CausalLoss.Compute(model, tensor(batch.InputIds).view(shape), mask, tensor(batch.Labels).view(shape), count, smoothing);
    }

    private PeftStudioException NotFinite(double loss, double norm) => new(
        ErrorCodes.LossNotFinite, "loss is no longer a finite number", $"optimizer step {StepsDone + 1}",
        FormattableString.Invariant($"loss {loss}, gradient norm {norm}; the step was not made, checkpoints written before are intact"),
        "start a new run with half the learning rate or a lower clipping norm; if it fails at the first step already, the model's weights or a row are broken");
}
