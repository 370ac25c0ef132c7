namespace PeftStudio.Formats.Blueprints;

/// <summary>Which elements of a head are rotated together.</summary>
public enum RopeLayout
{
    /// <summary>Pairs (i, i + d/2): <c>rotate_half</c>.</summary>
    Half,

    /// <summary>Pairs (2i, 2i + 1).</summary>
    Interleaved,
}

/// <summary>Rotary position embedding (Su et al. 2021) over the first <see cref="Dimensions"/> elements of each head.</summary>
public sealed record RopeBlueprint
{
    /// <summary>d, number of rotated elements of a head; even.</summary>
    public required int Dimensions { get; init; }

    /// <summary>θ, the base of the frequencies.</summary>
    public required double Theta { get; init; }

    /// <summary>Which elements are rotated together.</summary>
    public RopeLayout Layout { get; init; } = RopeLayout.Half;

    /// <summary>How frequencies are stretched for contexts beyond the trained one.</summary>
    public RopeScaling Scaling { get; init; } = RopeScaling.None;
}
