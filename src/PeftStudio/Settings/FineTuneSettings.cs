using System.Globalization;
using PeftStudio.Training.Runs;

namespace PeftStudio;

/// <summary>Every setting of a fine-tuning: the one list that configuration, fluent code, command lines and run records share.</summary>
public static class FineTuneSettings
{
    internal const string Model = "Model";
    internal const string Dataset = "Dataset";
    internal const string ValidationDataset = "ValidationDataset";
    internal const string Output = "Output";
    internal const string Rank = "Lora:Rank";
    internal const string Alpha = "Lora:Alpha";
    internal const string Dropout = "Lora:Dropout";
    internal const string TargetModules = "Lora:TargetModules";
    internal const string ExcludeModules = "Lora:ExcludeModules";
    internal const string LayersToTransform = "Lora:LayersToTransform";
    internal const string UseRsLora = "Lora:UseRsLora";
    internal const string Initialization = "Lora:Initialization";
    internal const string RankPattern = "Lora:RankPattern";
    internal const string AlphaPattern = "Lora:AlphaPattern";
    internal const string LearningRate = "Training:LearningRate";
    internal const string Steps = "Training:Steps";
    internal const string Epochs = "Training:Epochs";
    internal const string BatchSize = "Training:BatchSize";
    internal const string GradientAccumulation = "Training:GradientAccumulation";
    internal const string WarmupSteps = "Training:WarmupSteps";
    internal const string WarmupRatio = "Training:WarmupRatio";
    internal const string Schedule = "Training:Schedule";
    internal const string Optimizer = "Training:Optimizer";
    internal const string WeightDecay = "Training:WeightDecay";
    internal const string MaxGradientNorm = "Training:MaxGradientNorm";
    internal const string LabelSmoothing = "Training:LabelSmoothing";
    internal const string MaxLength = "Training:MaxLength";
    internal const string ValidationPart = "Training:ValidationPart";
    internal const string Precision = "Training:Precision";
    internal const string SaveSteps = "Training:SaveSteps";
    internal const string KeepCheckpoints = "Training:KeepCheckpoints";
    internal const string Seed = "Training:Seed";

    private static readonly TrainingOptions Training = new();
    private static readonly Formats.Adapters.LoraConfiguration Lora = new();

    /// <summary>All settings in the order in which a person would read them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new(Model, null, "folder of the base model: config.json, safetensors, tokenizer.json"),
        new(Dataset, null, "file to train on: JSONL, JSON, CSV, TSV, Parquet or plain text, also gzipped"),
        new(ValidationDataset, null, "file of held-out rows; without it a part of the dataset is held out"),
        new(Output, null, "folder of the run; a new one below 'runs' unless given"),
        new(Rank, Text(Lora.Rank), "rank of the adapter, 1 to 256"),
        new(Alpha, Text(Lora.Alpha), "numerator of the adapter's scaling, 1 to 512"),
        new(Dropout, Text(Lora.Dropout), "share of the adapter's input dropped in training, 0 to less than 1"),
        new(TargetModules, null, "modules to adapt: names with commas between, 'all-linear', or 'regex:' and a pattern; the family's default unless given"),
        new(ExcludeModules, null, "modules to leave alone: names with commas between, or 'regex:' and a pattern"),
        new(LayersToTransform, null, "numbers of the layers to adapt, with commas between; all unless given"),
        new(UseRsLora, "false", "scale by alpha / sqrt(rank) instead of alpha / rank"),
        new(Initialization, Lora.Initialization.ToString(), "start of the factors: Default, Gaussian or Random"),
        new(RankPattern, null, "ranks of single modules: pattern=rank with ; between"),
        new(AlphaPattern, null, "alphas of single modules: pattern=alpha with ; between"),
        new(LearningRate, Text(Training.LearningRate), "peak learning rate, 1e-6 to 1e-2 (to 1 for models under ten million parameters)"),
        new(Steps, null, "optimizer steps; overrides epochs"),
        new(Epochs, Text(Training.Epochs), "passes over the data, more than 0 to 100"),
        new(BatchSize, Text(Training.BatchSize), "rows of a micro-batch, 1 to 128"),
        new(GradientAccumulation, Text(Training.GradientAccumulation), "micro-batches of an optimizer step, 1 to 128"),
        new(WarmupSteps, null, "steps over which the rate rises, 0 to 1000; overrides the ratio"),
        new(WarmupRatio, Text(Training.WarmupRatio), "share of all steps over which the rate rises, 0 to 1"),
        new(Schedule, Training.Schedule.ToString(), "shape of the rate: Linear, Cosine, Constant or ConstantWithWarmup"),
        new(Optimizer, Training.Optimizer.ToString(), "AdamW or Sgd"),
        new(WeightDecay, Text(Training.WeightDecay), "weight decay, 0 to 1"),
        new(MaxGradientNorm, Text(Training.MaxGradientNorm), "largest norm of all gradients together, more than 0"),
        new(LabelSmoothing, Text(Training.LabelSmoothing), "share of the loss that goes to all tokens alike, 0 to less than 1"),
        new(MaxLength, null, "longest row in tokens; 1024 or the model's context, whichever is less, unless given"),
        new(ValidationPart, null, "part of the rows that is held out, 0 to 0.5; 0.05 of a plain text and 0.1 of rows unless given"),
        new(Precision, Training.Precision.ToString(), "type of base weights and activations: Float32 or BFloat16"),
        new(SaveSteps, null, "steps between checkpoints; the smaller of 500 and a quarter of the run unless given"),
        new(KeepCheckpoints, Text(Training.KeepCheckpoints), "latest checkpoints that are kept, at least 1"),
        new(Seed, Text(Training.Seed), "seed of start values, dropout and order of rows"),
    ];

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
