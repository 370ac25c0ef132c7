namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>Codes of the 32-value formats without a minimum (Q4_0, Q5_0): 2·levels codes around zero, the largest magnitude at −levels.</summary>
internal static class Symmetric
{
    /// <summary>Writes the scale to the block's start and gives the codes, 0 to 2·levels − 1.</summary>
    internal static void Quantize(ReadOnlySpan<float> values, Importance importance, int levels, Span<sbyte> codes, Span<byte> block)
    {
        if (importance.IsGiven)
        {
            Span<float> weights = stackalloc float[values.Length];
            importance.Combine(values, importance.RowMeanSquare, weights);
            Codes.WriteHalf(block, ScaleSearch.Symmetric(values, weights, levels, codes));
            return;
        }

        var d = LargestMagnitude(values) / -levels;
        var inverse = d == 0 ? 0f : 1f / d;
        Codes.WriteHalf(block, d);
        for (var i = 0; i < values.Length; i++) codes[i] = (sbyte)Math.Min((2 * levels) - 1, (int)((values[i] * inverse) + (levels + 0.5f)));
    }

    /// <summary>The first value of largest magnitude, with its sign; 0 if all are zero.</summary>
    internal static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        var (largest, magnitude) = (0f, 0f);
        foreach (var value in values)
        {
            if (MathF.Abs(value) <= magnitude || float.IsNaN(value)) continue;
            (largest, magnitude) = (value, MathF.Abs(value));
        }

        return largest;
    }
}
