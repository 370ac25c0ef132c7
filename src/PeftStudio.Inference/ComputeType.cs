namespace PeftStudio.Inference;

/// <summary>Element type of weights, activations and caches. Sums are float32 either way.</summary>
public enum ComputeType
{
    /// <summary>Everything in float32.</summary>
    Float32,

    /// <summary>Everything in bfloat16, rounded where the reference implementation rounds: half the memory, and up to twice as fast.</summary>
    BFloat16,
}
