namespace PeftStudio.Training.Reports;

/// <summary>What a loss plot shows. Either list may be empty.</summary>
public sealed record LossCurve
{
    /// <summary>Title above the plot, such as the model and the run.</summary>
    public required string Title { get; init; }

    /// <summary>Training loss, in the order of steps.</summary>
    public required IReadOnlyList<LossPoint> Training { get; init; }

    /// <summary>Loss on the held-out rows, in the order of steps.</summary>
    public IReadOnlyList<LossPoint> HeldOut { get; init; } = [];
}
