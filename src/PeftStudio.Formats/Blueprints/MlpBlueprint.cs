namespace PeftStudio.Formats.Blueprints;

/// <summary>Non-linear functions of feed-forward parts.</summary>
public enum Activation
{
    /// <summary>x·σ(x); <c>silu</c> and <c>swish</c> in configurations.</summary>
    Silu,

    /// <summary>x·Φ(x) with the error function; <c>gelu</c>.</summary>
    Gelu,

    /// <summary>The tanh form of gelu; <c>gelu_new</c>, <c>gelu_pytorch_tanh</c>.</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0)².</summary>
    ReluSquared,
}

/// <summary>Gated feed-forward part: <c>down(act(gate(x)) ⊙ up(x))</c>.</summary>
public sealed record MlpBlueprint
{
    /// <summary>Gate projection, E → F.</summary>
    public required LinearBlueprint Gate { get; init; }

    /// <summary>Up projection, E → F.</summary>
    public required LinearBlueprint Up { get; init; }

    /// <summary>Down projection, F → E.</summary>
    public required LinearBlueprint Down { get; init; }

    /// <summary>Function of the gate.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Every linear in order of use.</summary>
    public IEnumerable<LinearBlueprint> Linears => [Gate, Up, Down];
}
