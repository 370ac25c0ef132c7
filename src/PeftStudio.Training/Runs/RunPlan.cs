using System.Globalization;
using PeftStudio.Training.Data;

namespace PeftStudio.Training.Runs;

/// <summary>What a run will do, in numbers.</summary>
public sealed record RunPlan
{
    /// <summary>Optimizer steps of the whole run.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>Optimizer steps of one pass over the data.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>Steps over which the rate rises.</summary>
    public required int WarmupSteps { get; init; }

    /// <summary>Steps between checkpoints.</summary>
    public required int SaveEvery { get; init; }

    /// <summary>Steps already done when the run was resumed.</summary>
    public int StartStep { get; init; }

    /// <summary>Rows to train on.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>Rows that are held out.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Linears that the adapter changes.</summary>
    public required int AdaptedLinears { get; init; }

    /// <summary>Parameters that are trained.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>Parameters of the base model.</summary>
    public required long ModelParameters { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{TotalSteps} steps over {TrainingRows} rows ({ValidationRows} held out), {TrainedParameters:N0} of {ModelParameters + TrainedParameters:N0} parameters trained in {AdaptedLinears} linears")
        + (StartStep > 0 ? $", continuing after step {StartStep}" : string.Empty);

    internal static RunPlan Make(TrainingOptions options, BatchSampler sampler, TokenizedDataset data, int linears, long trained, long model)
    {
        var total = options.Steps ?? (int)Math.Ceiling(options.Epochs * sampler.StepsPerEpoch);
        return new()
        {
            TotalSteps = total,
            StepsPerEpoch = sampler.StepsPerEpoch,
            WarmupSteps = options.WarmupSteps ?? Optimization.LearningRateSchedule.StepsOfRatio(options.WarmupRatio, total),
            SaveEvery = options.SaveSteps ?? Math.Max(1, Math.Min(500, total / 4)),
            TrainingRows = data.Training.Count,
            ValidationRows = data.Validation.Count,
            AdaptedLinears = linears,
            TrainedParameters = trained,
            ModelParameters = model,
        };
    }
}
