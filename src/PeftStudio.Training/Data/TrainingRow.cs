namespace PeftStudio.Training.Data;

/// <summary>One row as the model sees it. <see cref="Labels"/> are not shifted: the loss compares the logits at t with the label at t + 1.</summary>
public sealed class TrainingRow
{
    /// <summary>The label of a token that is not trained.</summary>
    public const int Ignored = -100;

    /// <summary>Token ids [T], at least one.</summary>
    public required int[] InputIds { get; init; }

    /// <summary>Labels [T], <see cref="Ignored"/> where a token is not trained; null when every token is.</summary>
    public int[]? Labels { get; init; }

    /// <summary>
    /// Tokens that the loss counts: labels from the second position on that are not <see cref="Ignored"/>. Nothing predicts the first token.
    /// </summary>
    public int TrainedTokens => Labels is null ? InputIds.Length - 1 : Labels.AsSpan(1).Length - Labels.AsSpan(1).Count(Ignored);
}
