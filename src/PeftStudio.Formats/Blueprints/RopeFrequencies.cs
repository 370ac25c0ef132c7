namespace PeftStudio.Formats.Blueprints;

/// <summary>Inverse frequencies of a rotary embedding, the one source of both interpreters.</summary>
/// <param name="InverseFrequencies">d/2 values; the angle of pair i at position p is p·f_i.</param>
/// <param name="AttentionFactor">Factor on cosine and sine.</param>
public sealed record RopeFrequencies(IReadOnlyList<float> InverseFrequencies, float AttentionFactor)
{
    /// <summary>Computes the frequencies that hold for a sequence.</summary>
    /// <param name="rope">The settings.</param>
    /// <param name="length">Largest position in the batch plus one; matters to rules that depend on the length.</param>
    public static RopeFrequencies Compute(RopeBlueprint rope, long length)
    {
        ArgumentNullException.ThrowIfNull(rope);
        var factor = rope.Scaling is RopeScaling.Yarn yarn ? (float)yarn.AttentionFactor : 1f;
        var theta = rope.Scaling is RopeScaling.Dynamic dynamic ? DynamicTheta(rope, dynamic, length) : rope.Theta;
        var result = new float[rope.Dimensions / 2];
        for (var i = 0; i < result.Length; i++)
        {
            var plain = 1.0 / Math.Pow(theta, 2.0 * i / rope.Dimensions);
            result[i] = (float)(rope.Scaling switch
            {
                RopeScaling.Linear linear => plain / linear.Factor,
                RopeScaling.Llama3 llama => StretchLongWaves(plain, llama),
                RopeScaling.Yarn y => Blend(plain, i, rope, y),
                _ => plain,
            });
        }

        return new(result, factor);
    }

    /// <summary>Whether the frequencies depend on the length, so that a table cannot be kept.</summary>
    public static bool DependOnLength(RopeBlueprint rope)
    {
        ArgumentNullException.ThrowIfNull(rope);
        return rope.Scaling is RopeScaling.Dynamic;
    }

    private static double DynamicTheta(RopeBlueprint rope, RopeScaling.Dynamic scaling, long length)
    {
        if (length <= scaling.MaxPositions) return rope.Theta;
        var growth = (scaling.Factor * length / scaling.MaxPositions) - (scaling.Factor - 1);
        return rope.Theta * Math.Pow(growth, rope.Dimensions / (rope.Dimensions - 2.0));
    }

    private static double StretchLongWaves(double frequency, RopeScaling.Llama3 scaling)
    {
        var wavelength = 2 * Math.PI / frequency;
        double original = scaling.OriginalMaxPositions;
        if (wavelength < original / scaling.HighFrequencyFactor) return frequency;
        if (wavelength > original / scaling.LowFrequencyFactor) return frequency / scaling.Factor;
        var share = ((original / wavelength) - scaling.LowFrequencyFactor)
            / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return frequency * (((1 - share) / scaling.Factor) + share);
    }

    private static double Blend(double frequency, int index, RopeBlueprint rope, RopeScaling.Yarn scaling)
    {
        var low = DimensionOf(scaling.BetaFast);
        var high = DimensionOf(scaling.BetaSlow);
        if (scaling.Truncate)
        {
            low = Math.Floor(low);
            high = Math.Ceiling(high);
        }

        low = Math.Max(low, 0);
        high = Math.Min(high, rope.Dimensions - 1);
        if (low == high) high += 0.001;
        var ramp = Math.Clamp((index - low) / (high - low), 0, 1);
        return (frequency / scaling.Factor * ramp) + (frequency * (1 - ramp));

        // The dimension whose wave makes this many rotations within the trained length.
        double DimensionOf(double rotations) =>
            rope.Dimensions * Math.Log(scaling.OriginalMaxPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(rope.Theta));
    }
}
