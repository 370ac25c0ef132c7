namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// Scales and minima of Q4_K and Q5_K: eight of each, 6 bits, in 12 bytes, with one f16 factor for the scales and one for the minima before them.
/// </summary>
internal static class SixBitScales
{
    internal const int Groups = 8;
    internal const int Width = 32;

    /// <summary>Bytes of both factors and the codes.</summary>
    internal const int Bytes = 16;

    /// <summary>Scale and minimum of a group: value = scale·q − minimum.</summary>
    internal static (float Scale, float Minimum) Of(ReadOnlySpan<byte> header, int group)
    {
        var codes = header.Slice(4, 12);
        var (scale, minimum) = group < 4
            ? (codes[group] & 63, codes[group + 4] & 63)
            : ((codes[group + 4] & 15) | ((codes[group - 4] >> 6) << 4), (codes[group + 4] >> 4) | ((codes[group] >> 6) << 4));
        return (Codes.ReadHalf(header) * scale, Codes.ReadHalf(header[2..]) * minimum);
    }

    /// <summary>Finds scales, minima and codes of a block; writes the header and gives the codes, 0 to the search's levels.</summary>
    internal static void Quantize(ReadOnlySpan<float> values, Importance importance, AsymmetricSearch plain, Span<sbyte> codes, Span<byte> header)
    {
        Span<float> scales = stackalloc float[Groups], minima = stackalloc float[Groups], weights = stackalloc float[Width], sums = stackalloc float[Groups];
        var variance = importance.IsGiven ? 2 * Importance.SumOfSquares(values) / GgmlTypes.SuperBlock : 0;
        var search = importance.IsGiven ? AsymmetricSearch.Weighted(plain.Levels) : plain;
        for (var g = 0; g < Groups; g++)
        {
            var group = values.Slice(g * Width, Width);
            if (importance.IsGiven) importance.Slice(g * Width, Width).Combine(group, variance, weights);
            else FavourLarge(group, weights);
            foreach (var weight in weights) sums[g] += weight;
            scales[g] = ScaleSearch.Asymmetric(group, weights, search, codes.Slice(g * Width, Width), out minima[g]);
        }

        Span<sbyte> scaleCodes = stackalloc sbyte[Groups], minimumCodes = stackalloc sbyte[Groups];
        Codes.WriteHalf(header, EncodeScales(scales, importance.IsGiven ? sums : default, scaleCodes));
        Codes.WriteHalf(header[2..], EncodeScales(minima, importance.IsGiven ? sums : default, minimumCodes));
        Pack(scaleCodes, minimumCodes, header.Slice(4, 12));
        for (var g = 0; g < Groups; g++)
        {
            var (scale, minimum) = Of(header, g);
            if (scale == 0) continue;
            for (var i = g * Width; i < (g + 1) * Width; i++)
            {
                codes[i] = (sbyte)Math.Clamp(ScaleSearch.Nearest((values[i] + minimum) / scale), 0, plain.Levels);
            }
        }
    }

    /// <summary>Weights of a group without importance: root mean square + |x|.</summary>
    private static void FavourLarge(ReadOnlySpan<float> group, Span<float> weights)
    {
        var typical = MathF.Sqrt(Importance.SumOfSquares(group) / Width);
        for (var i = 0; i < Width; i++) weights[i] = typical + MathF.Abs(group[i]);
    }

    private static float EncodeScales(ReadOnlySpan<float> scales, ReadOnlySpan<float> weights, Span<sbyte> codes)
    {
        if (!weights.IsEmpty) return ScaleSearch.Positive(scales, weights, 63, codes);
        var largest = 0f;
        foreach (var scale in scales) largest = MathF.Max(largest, scale);
        var inverse = largest > 0 ? 63f / largest : 0f;
        for (var g = 0; g < Groups; g++) codes[g] = (sbyte)Math.Min(63, ScaleSearch.Nearest(inverse * scales[g]));
        return largest / 63f;
    }

    private static void Pack(ReadOnlySpan<sbyte> scales, ReadOnlySpan<sbyte> minima, Span<byte> packed)
    {
        for (var g = 0; g < 4; g++)
        {
            packed[g] = (byte)(scales[g] + ((scales[g + 4] >> 4) << 6));
            packed[g + 4] = (byte)(minima[g] + ((minima[g + 4] >> 4) << 6));
            packed[g + 8] = (byte)((scales[g + 4] & 15) | ((minima[g + 4] & 15) << 4));
        }
    }
}
