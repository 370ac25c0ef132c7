namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 256 values in 84 bytes: 16 bytes of scale (low nibble) and minimum (high nibble) for each 16 values, 64 bytes of 2-bit codes, f16 d, f16 dmin.
/// Value = d·scale·q − dmin·minimum.
/// </summary>
internal abstract class Q2_K : IBlockFormat
{
    private const int Groups = 16;
    private const int Width = 16;

    public static GgmlType Type => GgmlType.Q2_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        TwoBits.Unpack(block.Slice(16, 64), codes);
        var (d, dmin) = (Codes.ReadHalf(block[80..]), Codes.ReadHalf(block[82..]));
        for (var g = 0; g < Groups; g++)
        {
            Codes.ScaleAdd(codes.Slice(g * Width, Width), d * (block[g] & 15), -(dmin * (block[g] >> 4)), values.Slice(g * Width, Width));
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        Span<float> scales = stackalloc float[Groups], minima = stackalloc float[Groups], weights = stackalloc float[Width], sums = stackalloc float[Groups];
        var variance = importance.IsGiven ? Importance.SumOfSquares(values) / GgmlTypes.SuperBlock : 0;
        var search = importance.IsGiven ? AsymmetricSearch.Weighted(3) : new(3, -0.5f, 0.1f, 15, AbsoluteError: true);
        for (var g = 0; g < Groups; g++)
        {
            var group = values.Slice(g * Width, Width);
            if (importance.IsGiven) importance.Slice(g * Width, Width).Combine(group, variance, weights);
            else for (var i = 0; i < Width; i++) weights[i] = MathF.Abs(group[i]);
            foreach (var weight in weights) sums[g] += weight;
            scales[g] = ScaleSearch.Asymmetric(group, weights, search, codes.Slice(g * Width, Width), out minima[g]);
        }

        Span<sbyte> scaleCodes = stackalloc sbyte[Groups], minimumCodes = stackalloc sbyte[Groups];
        var d = Codes.WriteHalf(block[80..], EncodeScales(scales, importance.IsGiven ? sums : default, scaleCodes));
        var dmin = Codes.WriteHalf(block[82..], EncodeScales(minima, importance.IsGiven ? sums : default, minimumCodes));
        for (var g = 0; g < Groups; g++)
        {
            block[g] = (byte)(scaleCodes[g] + (minimumCodes[g] << 4));
            var scale = d * scaleCodes[g];
            if (scale == 0) continue;
            var minimum = dmin * minimumCodes[g];
            for (var i = g * Width; i < (g + 1) * Width; i++) codes[i] = (sbyte)Math.Clamp(ScaleSearch.Nearest((values[i] + minimum) / scale), 0, 3);
        }

        TwoBits.Pack(codes, block.Slice(16, 64));
    }

    /// <summary>Sixteen scales or minima as 4-bit codes; returns their common factor.</summary>
    private static float EncodeScales(ReadOnlySpan<float> scales, ReadOnlySpan<float> weights, Span<sbyte> codes)
    {
        if (!weights.IsEmpty) return ScaleSearch.Positive(scales, weights, 15, codes);
        var largest = 0f;
        foreach (var scale in scales) largest = MathF.Max(largest, scale);
        if (!(largest > 0)) return 0;
        var inverse = 15f / largest;
        for (var g = 0; g < Groups; g++) codes[g] = (sbyte)ScaleSearch.Nearest(inverse * scales[g]);
        return largest / 15f;
    }
}
