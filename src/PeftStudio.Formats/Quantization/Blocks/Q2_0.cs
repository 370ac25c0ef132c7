namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>64 values in 18 bytes: f16 d, four 2-bit codes a byte from the low bits up. Value = d·(q − 1).</summary>
internal abstract class Q2_0 : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q2_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = Codes.ReadHalf(block);
        for (var i = 0; i < values.Length; i++) values[i] = (((block[2 + (i / 4)] >> (2 * (i % 4))) & 3) - 1) * d;
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        var d = MathF.Abs(Symmetric.LargestMagnitude(values));
        var inverse = d == 0 ? 0f : 1 / d;
        Codes.WriteHalf(block, d);
        block[2..].Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var code = Math.Clamp((int)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero) + 1, 0, 3);
            block[2 + (i / 4)] |= (byte)(code << (2 * (i % 4)));
        }
    }
}
