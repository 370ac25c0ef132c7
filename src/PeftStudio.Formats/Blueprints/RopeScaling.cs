namespace PeftStudio.Formats.Blueprints;

/// <summary>Stretching of rotary frequencies; one nested record a rule of <c>rope_scaling</c>.</summary>
public abstract record RopeScaling
{
    private RopeScaling()
    {
    }

    /// <summary>No stretching.</summary>
    public static RopeScaling None { get; } = new Default();

    /// <summary>Frequencies as they are.</summary>
    public sealed record Default : RopeScaling;

    /// <summary>Frequencies divided by a factor.</summary>
    /// <param name="Factor">The divisor.</param>
    public sealed record Linear(double Factor) : RopeScaling;

    /// <summary>θ grows with the length beyond the trained one (dynamic NTK). Cached keys keep the angles they were rotated with.</summary>
    /// <param name="Factor">Growth factor.</param>
    /// <param name="MaxPositions">Trained length.</param>
    public sealed record Dynamic(double Factor, int MaxPositions) : RopeScaling;

    /// <summary>Llama 3.1's rule: long waves divided by the factor, short ones kept, a ramp between.</summary>
    /// <param name="Factor">Divisor of long waves.</param>
    /// <param name="LowFrequencyFactor">Waves longer than original/low are divided.</param>
    /// <param name="HighFrequencyFactor">Waves shorter than original/high are kept.</param>
    /// <param name="OriginalMaxPositions">Trained length.</param>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions) : RopeScaling;

    /// <summary>YaRN (Peng et al. 2023): a ramp between stretched and plain frequencies, and a factor on the attention.</summary>
    /// <param name="Factor">Stretching factor.</param>
    /// <param name="OriginalMaxPositions">Trained length.</param>
    /// <param name="BetaFast">Rotations at the ramp's fast end.</param>
    /// <param name="BetaSlow">Rotations at the ramp's slow end.</param>
    /// <param name="Truncate">Whether the ramp's ends are rounded to whole dimensions.</param>
    /// <param name="AttentionFactor">Factor on cosine and sine.</param>
    public sealed record Yarn(
        double Factor, int OriginalMaxPositions, double BetaFast, double BetaSlow, bool Truncate, double AttentionFactor) : RopeScaling;
}
