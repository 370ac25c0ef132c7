namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>32 values in 20 bytes: f16 d, f16 m, nibbles as in <see cref="Q4_0"/>. Value = d·q + m.</summary>
internal abstract class Q4_1 : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q4_1;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Codes.UnpackNibbles(block[4..], codes);
        Codes.ScaleAdd(codes, Codes.ReadHalf(block), Codes.ReadHalf(block[2..]), values);
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Asymmetric.Quantize(values, importance, 15, codes, block);
        Codes.PackNibbles(codes, block[4..]);
    }
}
