using System.Text.Json.Serialization;

namespace PeftStudio.Training.Checkpoints;

/// <summary>
/// <c>trainer_state.json</c> of a checkpoint: where the run stands and what it has logged. Names are those of Hugging Face's Trainer
/// where it has the field; tensors lie beside it in safetensors files, never in a pickle.
/// </summary>
internal sealed record TrainingState
{
    /// <summary>Optimizer steps done.</summary>
    [JsonPropertyName("global_step")]
    public required int GlobalStep { get; init; }

    /// <summary>Steps of the whole run.</summary>
    [JsonPropertyName("max_steps")]
    public required int MaxSteps { get; init; }

    /// <summary>Passes over the data.</summary>
    [JsonPropertyName("epoch")]
    public required double Epoch { get; init; }

    /// <summary>Lowest held-out loss so far.</summary>
    [JsonPropertyName("best_metric")]
    public double? BestMetric { get; init; }

    /// <summary>Step of the lowest held-out loss.</summary>
    [JsonPropertyName("best_global_step")]
    public int? BestGlobalStep { get; init; }

    /// <summary>Training losses and evaluations in order.</summary>
    [JsonPropertyName("log_history")]
    public required IReadOnlyList<LogEntry> LogHistory { get; init; }

    /// <summary>Identifies model, data and every setting that decides the numbers.</summary>
    [JsonPropertyName("run_fingerprint")]
    public required string RunFingerprint { get; init; }

    /// <summary>Held-out loss before the first step.</summary>
    [JsonPropertyName("heldout_loss_before")]
    public double? HeldoutLossBefore { get; init; }

    /// <summary>Seconds of training so far.</summary>
    [JsonPropertyName("train_runtime")]
    public required double Seconds { get; init; }

    /// <summary>Tokens trained on so far.</summary>
    [JsonPropertyName("num_input_tokens_seen")]
    public required long Tokens { get; init; }
}

/// <summary>One line of the log: a training step or an evaluation.</summary>
internal sealed record LogEntry
{
    /// <summary>Steps done.</summary>
    [JsonPropertyName("step")]
    public required int Step { get; init; }

    /// <summary>Training loss of the step.</summary>
    [JsonPropertyName("loss")]
    public double? Loss { get; init; }

    /// <summary>Norm of the gradients.</summary>
    [JsonPropertyName("grad_norm")]
    public double? GradientNorm { get; init; }

    /// <summary>Rate of the step.</summary>
    [JsonPropertyName("learning_rate")]
    public double? LearningRate { get; init; }

    /// <summary>Held-out loss.</summary>
    [JsonPropertyName("eval_loss")]
    public double? EvaluationLoss { get; init; }
}

[JsonSourceGenerationOptions(
    WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
