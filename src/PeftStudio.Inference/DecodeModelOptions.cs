namespace PeftStudio.Inference;

/// <summary>How a model is loaded.</summary>
public sealed record DecodeModelOptions
{
    /// <summary>Element type of weights, activations and caches; float32 unless set.</summary>
    public ComputeType ComputeType { get; init; } = ComputeType.Float32;

    /// <summary>
    /// Threads of a forward pass, 1 to 256; null for one a processor. Results do not depend on it. Concurrent sessions share them:
    /// whoever finds them taken computes on its own thread.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>Most tokens of a session, at least 1; null for what the model was made for.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Updates that become part of the weights; none unless set. They cannot be taken out again.</summary>
    public IReadOnlyList<LinearDelta> Merged { get; init; } = [];
}
