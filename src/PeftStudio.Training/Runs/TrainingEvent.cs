using System.Globalization;

namespace PeftStudio.Training.Runs;

/// <summary>Something that happened in a run. Events of a run are numbered without gaps from 0.</summary>
/// <param name="Sequence">Number of the event in its run.</param>
/// <param name="Time">When it happened.</param>
public abstract record TrainingEvent(long Sequence, DateTimeOffset Time)
{
    /// <summary>One readable line.</summary>
    public abstract override string ToString();

    /// <summary>Formats in invariant culture.</summary>
    protected static string Line(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>The run's state changed.</summary>
/// <param name="Sequence">Number of the event.</param>
/// <param name="Time">When it happened.</param>
/// <param name="State">The new state.</param>
/// <param name="Detail">Why, or what follows; may be empty.</param>
public sealed record StateChanged(long Sequence, DateTimeOffset Time, RunState State, string Detail) : TrainingEvent(Sequence, Time)
{
    /// <inheritdoc/>
    public override string ToString() => Detail.Length == 0 ? State.ToString() : $"{State}: {Detail}";
}

/// <summary>The model is loaded and the plan is made.</summary>
/// <param name="Sequence">Number of the event.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Plan">What will be done.</param>
public sealed record TrainingPlanned(long Sequence, DateTimeOffset Time, RunPlan Plan) : TrainingEvent(Sequence, Time)
{
    /// <inheritdoc/>
    public override string ToString() => Plan.ToString();
}

/// <summary>An optimizer step was made.</summary>
/// <param name="Sequence">Number of the event.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Metrics">Its figures.</param>
public sealed record StepCompleted(long Sequence, DateTimeOffset Time, StepMetrics Metrics) : TrainingEvent(Sequence, Time)
{
    /// <inheritdoc/>
    public override string ToString() => Metrics.ToString();
}

/// <summary>The held-out rows were evaluated.</summary>
/// <param name="Sequence">Number of the event.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Loss">Held-out loss in nats a token.</param>
public sealed record Evaluated(long Sequence, DateTimeOffset Time, int Step, double Loss) : TrainingEvent(Sequence, Time)
{
    /// <inheritdoc/>
    public override string ToString() => Line($"held-out loss {Loss:F3} after step {Step}");
}

/// <summary>A checkpoint is on disk.</summary>
/// <param name="Sequence">Number of the event.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Folder">Where it lies.</param>
public sealed record CheckpointSaved(long Sequence, DateTimeOffset Time, int Step, string Folder) : TrainingEvent(Sequence, Time)
{
    /// <inheritdoc/>
    public override string ToString() => Line($"checkpoint of step {Step} in {Folder}");
}

/// <summary>Something unusual that does not stop the run.</summary>
/// <param name="Sequence">Number of the event.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Text">What it is.</param>
public sealed record RunWarning(long Sequence, DateTimeOffset Time, string Text) : TrainingEvent(Sequence, Time)
{
    /// <inheritdoc/>
    public override string ToString() => "warning: " + Text;
}

/// <summary>Figures of one optimizer step.</summary>
public sealed record StepMetrics
{
    /// <summary>Steps done, this one included.</summary>
    public required int Step { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>Passes over the data so far, with fractions.</summary>
    public required double Epoch { get; init; }

    /// <summary>Training loss in nats a token.</summary>
    public required double Loss { get; init; }

    /// <summary>Norm of all gradients before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Rate the step ran with.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Tokens of the step, padding left out.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens a second of the last steps.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Resident memory of the process in MB.</summary>
    public required double MemoryMb { get; init; }

    /// <summary>Time since the run began to train, pauses left out.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Estimated time to the last step.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"step {Step}/{TotalSteps}  loss {Loss:F3}  lr {LearningRate:0.##e+0}  {TokensPerSecond:F0} tok/s  {MemoryMb:F0} MB  {Remaining:m\\:ss} left");
}
