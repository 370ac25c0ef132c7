namespace PeftStudio.Formats.Blueprints;

/// <summary>Token embedding: the row of each id, times an optional constant.</summary>
public sealed record EmbeddingBlueprint
{
    /// <summary>Module path, such as <c>model.embed_tokens</c>.</summary>
    public required string Path { get; init; }

    /// <summary>V, rows of the table.</summary>
    public required int Rows { get; init; }

    /// <summary>E, columns of the table.</summary>
    public required int Width { get; init; }

    /// <summary>Constant that the output is multiplied with; 1 for none.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Row whose look-ups give no gradient (<c>padding_idx</c>), so that training in full leaves it alone; null for none.</summary>
    public int? PaddingRow { get; init; }

    /// <summary>Name of the table.</summary>
    public string WeightName => Path + ".weight";

    /// <summary>Its tensors in a checkpoint.</summary>
    public IEnumerable<TensorBlueprint> Tensors => [new(WeightName, [Rows, Width])];
}
