namespace PeftStudio.Formats.Blueprints;

/// <summary>
/// One block. In order: <c>x += attention(AttentionInputNorm(x))</c>, then <c>x += feedForward(FeedForwardInputNorm(x))</c>;
/// a norm that is null is left out.
/// </summary>
public sealed record LayerBlueprint
{
    /// <summary>Module path, such as <c>model.layers.0</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Norm of the attention's input.</summary>
    public NormBlueprint? AttentionInputNorm { get; init; }

    /// <summary>The attention.</summary>
    public required AttentionBlueprint Attention { get; init; }

    /// <summary>Norm of the feed-forward's input.</summary>
    public NormBlueprint? FeedForwardInputNorm { get; init; }

    /// <summary>The feed-forward part.</summary>
    public required MlpBlueprint FeedForward { get; init; }

    /// <summary>Every norm that is there.</summary>
    public IEnumerable<NormBlueprint> Norms => new[] { AttentionInputNorm, FeedForwardInputNorm }.OfType<NormBlueprint>();

    /// <summary>Every linear in order of use.</summary>
    public IEnumerable<LinearBlueprint> Linears => Attention.Linears.Concat(FeedForward.Linears);

    /// <summary>Its tensors in a checkpoint.</summary>
    public IEnumerable<TensorBlueprint> Tensors => Norms.SelectMany(n => n.Tensors).Concat(Linears.SelectMany(l => l.Tensors));
}
