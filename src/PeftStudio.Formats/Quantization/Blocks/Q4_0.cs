namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>32 values in 18 bytes: f16 d, 16 bytes of nibbles (value j low, value j + 16 high). Value = d·(q − 8).</summary>
internal abstract class Q4_0 : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q4_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Codes.UnpackNibbles(block[2..], codes);
        Codes.Scale(codes, -8, Codes.ReadHalf(block), values);
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Symmetric.Quantize(values, importance, 8, codes, block);
        Codes.PackNibbles(codes, block[2..]);
    }
}
