using PeftStudio.Engine;
using PeftStudio.Training.Optimization;

namespace PeftStudio.Training.Runs;

/// <summary>Optimizers by the names of configurations.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,

    /// <summary>Stochastic gradient descent without momentum.</summary>
    Sgd,
}

/// <summary>The hyper-parameters of a run. Defaults and ranges are those of the product's configuration format; each is checked before work starts.</summary>
public sealed record TrainingOptions
{
    /// <summary>Peak learning rate, 1e-6 to 1 (above 1e-2 only for models under ten million parameters).</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Optimizer steps; overrides <see cref="Epochs"/>. At least 1.</summary>
    public int? Steps { get; init; }

    /// <summary>Passes over the data, more than 0 to 100.</summary>
    public double Epochs { get; init; } = 3;

    /// <summary>Rows of a micro-batch, 1 to 128.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Micro-batches of an optimizer step, 1 to 128.</summary>
    public int GradientAccumulation { get; init; } = 4;

    /// <summary>Steps over which the rate rises, 0 to 1000; overrides <see cref="WarmupRatio"/>.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>Share of all steps over which the rate rises, 0 to 1.</summary>
    public double WarmupRatio { get; init; } = 0.05;

    /// <summary>Shape of the rate after the warm-up.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Linear;

    /// <summary>Optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Weight decay, 0 to 1.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Largest norm of all gradients together; more than 0.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Share of the loss that goes to all tokens alike, 0 to less than 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Longest row in tokens; null: 1,024 or the model's context, whichever is less.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Part of the rows that is held out, 0 to 0.5; null: 0.05 of a plain text, 0.1 of rows.</summary>
    public double? ValidationPart { get; init; }

    /// <summary>Element type of base weights and activations; the adapter is float32 always.</summary>
    public ComputeType Precision { get; init; } = ComputeType.Float32;

    /// <summary>Steps between checkpoints, and between evaluations; null: the smaller of 500 and a quarter of the run.</summary>
    public int? SaveSteps { get; init; }

    /// <summary>Latest checkpoints that are kept, at least 1; the best one stays besides.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Seed of the adapter's start values, of dropout and of the order of rows.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Checks every range at once.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidOptions"/>, naming each option, its value and its range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Check(LearningRate is >= 1e-6 and <= 1, nameof(LearningRate), LearningRate, "1e-6 to 1");
        Check(Steps is null or >= 1, nameof(Steps), Steps, "1 and more");
        Check(Epochs is > 0 and <= 100, nameof(Epochs), Epochs, "more than 0, to 100");
        Check(BatchSize is >= 1 and <= 128, nameof(BatchSize), BatchSize, "1 to 128");
        Check(GradientAccumulation is >= 1 and <= 128, nameof(GradientAccumulation), GradientAccumulation, "1 to 128");
        Check(WarmupSteps is null or (>= 0 and <= 1000), nameof(WarmupSteps), WarmupSteps, "0 to 1000");
        Check(WarmupRatio is >= 0 and <= 1, nameof(WarmupRatio), WarmupRatio, "0 to 1");
        Check(WeightDecay is >= 0 and <= 1, nameof(WeightDecay), WeightDecay, "0 to 1");
        Check(MaxGradientNorm > 0, nameof(MaxGradientNorm), MaxGradientNorm, "more than 0");
        Check(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0 to less than 1");
        Check(ValidationPart is null or (>= 0 and <= 0.5), nameof(ValidationPart), ValidationPart, "0 to 0.5");
        Check(MaxLength is null or >= 2, nameof(MaxLength), MaxLength, "2 and more");
        Check(SaveSteps is null or >= 1, nameof(SaveSteps), SaveSteps, "1 and more");
        Check(KeepCheckpoints >= 1, nameof(KeepCheckpoints), KeepCheckpoints, "1 and more");
        if (faults.Count == 0) return;
        throw new PeftStudioException(
            ErrorCodes.InvalidOptions, faults.Count == 1 ? "an option is outside its range" : $"{faults.Count} options are outside their ranges",
            string.Join("\n", faults), "nothing was started", "set each option to a value in its range");

        void Check(bool valid, string name, IFormattable? value, string range)
        {
            if (!valid) faults.Add($"{name} = {value?.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}; the range is {range}");
        }
    }
}
