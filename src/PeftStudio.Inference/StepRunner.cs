using System.Buffers;
using System.Runtime.InteropServices;
using PeftStudio.Inference.Network;

namespace PeftStudio.Inference;

/// <summary>Checks steps before anything is computed, runs them, and lengthens their sessions when all is done.</summary>
internal static class StepRunner
{
    internal static void Run(DecodeModel model, ReadOnlySpan<SequenceStep> steps, Span<float> logits, CancellationToken cancellationToken)
    {
        if (steps.IsEmpty) return;
        var work = ArrayPool<SequenceWork>.Shared.Rent(steps.Length);
        var begun = 0;
        try
        {
            var wanted = 0L;
            foreach (ref readonly var step in steps)
            {
                ArgumentNullException.ThrowIfNull(step.Session, nameof(steps));
                step.Session.Begin();
                begun++;
                work[begun - 1] = Check(model, step);
                wanted += step.LogitCount;
            }

            ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, wanted * model.Blueprint.VocabularySize, nameof(logits));
            cancellationToken.ThrowIfCancellationRequested();
            model.Network.Forward(work.AsSpan(0, steps.Length), logits, cancellationToken);
            foreach (ref readonly var step in steps) step.Session.Lengthen(step.Ids.Span);
        }
        finally
        {
            for (var i = 0; i < begun; i++) steps[i].Session.End();
            ArrayPool<SequenceWork>.Shared.Return(work, clearArray: true);
        }
    }

    private static SequenceWork Check(DecodeModel model, in SequenceStep step)
    {
        var session = step.Session;
        if (session.Model != model) throw new ArgumentException("The session belongs to another model.", nameof(step));
        ArgumentOutOfRangeException.ThrowIfZero(step.Ids.Length, nameof(step));
        ArgumentOutOfRangeException.ThrowIfNegative(step.LogitCount, nameof(step));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step.LogitCount, step.Ids.Length, nameof(step));
        if (step.Ids.Length > model.ContextLength - session.Length)
        {
            throw InferenceErrors.ContextExceeded(session.Length, step.Ids.Length, 0, model.ContextLength);
        }

        var vocabulary = model.Blueprint.VocabularySize;
        for (var i = 0; i < step.Ids.Length; i++)
        {
            if ((uint)step.Ids.Span[i] >= (uint)vocabulary) throw InferenceErrors.TokenOutOfRange(step.Ids.Span[i], i, vocabulary);
        }

        var positions = Positions(step);
        return new(session.Cache, session.Length, step.Ids, positions, step.LogitCount, RopeLength(step, positions.Span), session.LoadedAdapter);
    }

    private static ReadOnlyMemory<int> Positions(in SequenceStep step)
    {
        if (step.Positions.IsEmpty) return step.Session.NextPositions(step.Ids.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(step.Positions.Length, step.Ids.Length, nameof(step));
        foreach (var position in step.Positions.Span) ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(step));
        return step.Positions;
    }

    private static long RopeLength(in SequenceStep step, ReadOnlySpan<int> positions)
    {
        if (step.RopeLength > 0) return step.RopeLength;
        var largest = 0;
        foreach (var position in positions) largest = Math.Max(largest, position);
        return largest + 1L;
    }
}
