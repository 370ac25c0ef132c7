namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 256 values in 110 bytes: 32 bytes of third bits (bit k of byte l belongs to value 32·k + l), 64 bytes of 2-bit codes, 12 bytes of
/// 6-bit scales for each 16 values, f16 d. Value = d·(scale − 32)·(q − 4) with q of 3 bits.
/// </summary>
internal abstract class Q3_K : IBlockFormat
{
    private const int Groups = 16;
    private const int Width = 16;

    public static GgmlType Type => GgmlType.Q3_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        TwoBits.Unpack(block.Slice(32, 64), codes);
        for (var i = 0; i < codes.Length; i++) codes[i] |= (sbyte)(((block[i % 32] >> (i / 32)) & 1) << 2);
        var d = Codes.ReadHalf(block[108..]);
        for (var g = 0; g < Groups; g++)
        {
            Codes.Scale(codes.Slice(g * Width, Width), -4, d * ScaleOf(block.Slice(96, 12), g), values.Slice(g * Width, Width));
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock], scaleCodes = stackalloc sbyte[Groups];
        Span<float> scales = stackalloc float[Groups], weights = stackalloc float[Width], sums = stackalloc float[Groups];
        var variance = importance.IsGiven ? 2 * Importance.SumOfSquares(values) / GgmlTypes.SuperBlock : 0;
        for (var g = 0; g < Groups; g++)
        {
            var group = values.Slice(g * Width, Width);
            var part = codes.Slice(g * Width, Width);
            if (!importance.IsGiven)
            {
                scales[g] = ScaleSearch.SymmetricByDescent(group, 4, part);
                continue;
            }

            importance.Slice(g * Width, Width).Combine(group, variance, weights);
            foreach (var weight in weights) sums[g] += weight;
            scales[g] = ScaleSearch.Symmetric(group, weights, 4, part);
        }

        var d = Codes.WriteHalf(block[108..], EncodeScales(scales, importance.IsGiven ? sums : default, scaleCodes));
        PackScales(scaleCodes, block.Slice(96, 12));
        block[..32].Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var scale = d * (scaleCodes[i / Width] - 32);
            if (scale != 0) codes[i] = (sbyte)(Math.Clamp(ScaleSearch.Nearest(values[i] / scale), -4, 3) + 4);
            block[i % 32] |= (byte)((codes[i] >> 2) << (i / 32));
        }

        TwoBits.Pack(codes, block.Slice(32, 64));
    }

    /// <summary>Sixteen signed scales as 6-bit codes around 32; returns their common factor.</summary>
    private static float EncodeScales(ReadOnlySpan<float> scales, ReadOnlySpan<float> weights, Span<sbyte> codes)
    {
        if (!weights.IsEmpty) return ScaleSearch.Symmetric(scales, weights, 32, codes);
        var largest = Symmetric.LargestMagnitude(scales);
        if (largest == 0)
        {
            // Nothing is stored then, and a stored zero reads as −32.
            codes.Clear();
            return 0;
        }

        var inverse = -32f / largest;
        for (var g = 0; g < Groups; g++) codes[g] = (sbyte)(Math.Clamp(ScaleSearch.Nearest(inverse * scales[g]), -32, 31) + 32);
        return 1 / inverse;
    }

    /// <summary>Low four bits in bytes 0 to 7 (two scales a byte), upper two bits in bytes 8 to 11 (four scales a byte).</summary>
    private static void PackScales(ReadOnlySpan<sbyte> codes, Span<byte> packed)
    {
        packed.Clear();
        for (var g = 0; g < Groups; g++)
        {
            packed[g % 8] |= (byte)((codes[g] & 15) << (4 * (g / 8)));
            packed[8 + (g % 4)] |= (byte)((codes[g] >> 4) << (2 * (g / 4)));
        }
    }

    private static int ScaleOf(ReadOnlySpan<byte> packed, int g) =>
        (((packed[g % 8] >> (4 * (g / 8))) & 15) | (((packed[8 + (g % 4)] >> (2 * (g / 4))) & 3) << 4)) - 32;
}
