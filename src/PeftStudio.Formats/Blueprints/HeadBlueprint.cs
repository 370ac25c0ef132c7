namespace PeftStudio.Formats.Blueprints;

/// <summary>Scores over the vocabulary: a linear of its own, or the token embedding used again.</summary>
public sealed record HeadBlueprint
{
    /// <summary>Module path of the head, such as <c>lm_head</c>; also when it is tied.</summary>
    public required string Path { get; init; }

    /// <summary>The linear, or null when the head is the token embedding (<c>tie_word_embeddings</c>).</summary>
    public LinearBlueprint? Linear { get; init; }

    /// <summary>Constant that the scores are multiplied with; 1 for none.</summary>
    public float LogitScale { get; init; } = 1;

    /// <summary>Whether the token embedding serves as head.</summary>
    public bool IsTied => Linear is null;

    /// <summary>Its tensors in a checkpoint.</summary>
    public IEnumerable<TensorBlueprint> Tensors => Linear?.Tensors ?? [];
}
