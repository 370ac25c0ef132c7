using PeftStudio.Formats.Adapters;

namespace PeftStudio.Training.Runs;

/// <summary>Everything that a run needs to know, resolved.</summary>
public sealed record RunRequest
{
    /// <summary>Folder of the base model.</summary>
    public required string Model { get; init; }

    /// <summary>File of the dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>File of held-out rows; null splits <see cref="Dataset"/>.</summary>
    public string? ValidationDataset { get; init; }

    /// <summary>Folder of the run: the adapter, its record, plot and checkpoints are written below it.</summary>
    public required string Output { get; init; }

    /// <summary>The adapter.</summary>
    public required LoraConfiguration Lora { get; init; }

    /// <summary>The hyper-parameters.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Whether to go on from the latest checkpoint below <see cref="Output"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>Every setting with its origin, for the run's record.</summary>
    public IReadOnlyList<ResolvedSetting> Settings { get; init; } = [];
}
