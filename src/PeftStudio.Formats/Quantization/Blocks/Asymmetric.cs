namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>Codes of the 32-value formats with a minimum (Q4_1, Q5_1): evenly spaced from the smallest to the largest value.</summary>
internal static class Asymmetric
{
    /// <summary>Writes scale and minimum to the block's start and gives the codes, 0 to <paramref name="levels"/>.</summary>
    internal static void Quantize(ReadOnlySpan<float> values, Importance importance, int levels, Span<sbyte> codes, Span<byte> block)
    {
        if (importance.IsGiven)
        {
            Span<float> weights = stackalloc float[values.Length];
            importance.Combine(values, importance.RowMeanSquare, weights);
            var scale = ScaleSearch.Asymmetric(values, weights, AsymmetricSearch.Weighted(levels), codes, out var minimum);
            Codes.WriteHalf(block, scale);
            Codes.WriteHalf(block[2..], -minimum);
            return;
        }

        var (min, max) = Range(values);
        var d = (max - min) / levels;
        var inverse = d == 0 ? 0f : 1f / d;
        Codes.WriteHalf(block, d);
        Codes.WriteHalf(block[2..], min);
        for (var i = 0; i < values.Length; i++) codes[i] = (sbyte)Math.Min(levels, (int)(((values[i] - min) * inverse) + 0.5f));
    }

    private static (float Min, float Max) Range(ReadOnlySpan<float> values)
    {
        var (min, max) = (float.MaxValue, -float.MaxValue);
        foreach (var value in values)
        {
            if (value < min) min = value;
            if (value > max) max = value;
        }

        return (min, max);
    }
}
