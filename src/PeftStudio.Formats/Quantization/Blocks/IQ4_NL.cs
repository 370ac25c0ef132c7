namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>32 values in 18 bytes: f16 d, nibbles as in <see cref="Q4_0"/>. Value = d·level(q) with <see cref="UnevenLevels"/>.</summary>
internal abstract class IQ4_NL : IBlockFormat
{
    public static GgmlType Type => GgmlType.IQ4_NL;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Codes.UnpackNibbles(block[2..], codes);
        UnevenLevels.Decode(codes);
        Codes.Scale(codes, 0, Codes.ReadHalf(block), values);
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        var scale = UnevenLevels.FindScale(values, importance, Importance.SumOfSquares(values) * (2f / 32));
        Codes.WriteHalf(block, scale);
        var inverse = scale == 0 ? 0f : 1 / scale;
        Span<sbyte> codes = stackalloc sbyte[32];
        for (var i = 0; i < codes.Length; i++) codes[i] = UnevenLevels.Nearest(inverse * values[i]);
        Codes.PackNibbles(codes, block[2..]);
    }
}
