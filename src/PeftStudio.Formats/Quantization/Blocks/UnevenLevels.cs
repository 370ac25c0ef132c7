namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>The sixteen unevenly spaced levels of IQ4_NL and IQ4_XS, and the search for the scale of 32 values.</summary>
internal static class UnevenLevels
{
    /// <summary>Level of each code.</summary>
    internal static ReadOnlySpan<sbyte> Levels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Replaces codes by levels.</summary>
    internal static void Decode(Span<sbyte> codes)
    {
        for (var i = 0; i < codes.Length; i++) codes[i] = Levels[codes[i]];
    }

    /// <summary>Code of the level nearest to a value; a tie goes to the upper one.</summary>
    internal static sbyte Nearest(float value)
    {
        if (value <= Levels[0]) return 0;
        if (value >= Levels[15]) return 15;
        var (below, above) = (0, 15);
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            if (value < Levels[middle]) above = middle;
            else below = middle;
        }

        return (sbyte)(value - Levels[above - 1] < Levels[above] - value ? above - 1 : above);
    }

    /// <summary>Scale of 32 values with the smallest weighted error among fifteen trials; weights are x² without importance.</summary>
    internal static float FindScale(ReadOnlySpan<float> values, Importance importance, float variance)
    {
        var largest = Symmetric.LargestMagnitude(values);
        if (MathF.Abs(largest) < ScaleSearch.Negligible) return 0;
        Span<float> weights = stackalloc float[values.Length];
        if (importance.IsGiven) importance.Combine(values, variance, weights);
        else for (var i = 0; i < values.Length; i++) weights[i] = values[i] * values[i];

        // The first trial runs from 1/d with d = −max/level, which is not always the number that level/−max gives.
        var d = -largest / Levels[0];
        var (numerator, denominator) = Try(values, weights, 1 / d);
        d = numerator / denominator;
        var best = d * numerator;
        for (var t = -7; t <= 7; t++)
        {
            (numerator, denominator) = Try(values, weights, (t + Levels[0]) / largest);
            if (!(denominator > 0) || !(numerator * numerator > best * denominator)) continue;
            d = numerator / denominator;
            best = d * numerator;
        }

        return d;
    }

    private static (float Numerator, float Denominator) Try(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse)
    {
        float numerator = 0, denominator = 0;
        for (var i = 0; i < values.Length; i++)
        {
            float level = Levels[Nearest(inverse * values[i])];
            numerator += weights[i] * level * values[i];
            denominator += weights[i] * level * level;
        }

        return (numerator, denominator);
    }
}
