using System.Globalization;
using PeftStudio.Engine;
using PeftStudio.Training.Optimization;
using PeftStudio.Training.Runs;

namespace PeftStudio;

/// <summary>Describes the training. Ranges and defaults stand at <see cref="TrainingOptions"/>.</summary>
public sealed class TrainingBuilder
{
    private readonly SettingLayers _settings;

    internal TrainingBuilder(SettingLayers settings) => _settings = settings;

    /// <summary>Optimizer steps; overrides epochs.</summary>
    public TrainingBuilder Steps(int steps) => Set(FineTuneSettings.Steps, steps);

    /// <summary>Passes over the data.</summary>
    public TrainingBuilder Epochs(double epochs) => Set(FineTuneSettings.Epochs, epochs);

    /// <summary>Peak learning rate.</summary>
    public TrainingBuilder LearningRate(double rate) => Set(FineTuneSettings.LearningRate, rate);

    /// <summary>Rows of a micro-batch, and micro-batches of an optimizer step.</summary>
    public TrainingBuilder Batch(int size, int accumulation = 1) =>
        Set(FineTuneSettings.BatchSize, size).Set(FineTuneSettings.GradientAccumulation, accumulation);

    /// <summary>Longest row in tokens.</summary>
    public TrainingBuilder MaxLength(int tokens) => Set(FineTuneSettings.MaxLength, tokens);

    /// <summary>Shape of the rate, and the share of all steps over which it rises.</summary>
    public TrainingBuilder Schedule(ScheduleKind kind, double warmupRatio = 0.05) =>
        Set(FineTuneSettings.Schedule, kind.ToString()).Set(FineTuneSettings.WarmupRatio, warmupRatio);

    /// <summary>Optimizer and weight decay.</summary>
    public TrainingBuilder Optimizer(OptimizerKind kind, double weightDecay = 0.01) =>
        Set(FineTuneSettings.Optimizer, kind.ToString()).Set(FineTuneSettings.WeightDecay, weightDecay);

    /// <summary>Largest norm of all gradients together.</summary>
    public TrainingBuilder MaxGradientNorm(double norm) => Set(FineTuneSettings.MaxGradientNorm, norm);

    /// <summary>Element type of base weights and activations.</summary>
    public TrainingBuilder Precision(ComputeType type) => Set(FineTuneSettings.Precision, type.ToString());

    /// <summary>Part of the rows that is held out.</summary>
    public TrainingBuilder HoldOut(double part) => Set(FineTuneSettings.ValidationPart, part);

    /// <summary>Steps between checkpoints.</summary>
    public TrainingBuilder SaveEvery(int steps) => Set(FineTuneSettings.SaveSteps, steps);

    /// <summary>Seed of start values, dropout and order of rows.</summary>
    public TrainingBuilder Seed(int seed) => Set(FineTuneSettings.Seed, seed);

    private TrainingBuilder Set(string key, IFormattable value) => Set(key, value.ToString(null, CultureInfo.InvariantCulture));

    private TrainingBuilder Set(string key, string value)
    {
        _settings.Set(key, value, SettingOrigin.Code);
        return this;
    }
}
