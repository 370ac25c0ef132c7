namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>32 values in 24 bytes: f16 d, f16 m, codes as in <see cref="Q5_0"/>. Value = d·q + m.</summary>
internal abstract class Q5_1 : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q5_1;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Q5_0.Unpack(block[4..], codes);
        Codes.ScaleAdd(codes, Codes.ReadHalf(block), Codes.ReadHalf(block[2..]), values);
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Asymmetric.Quantize(values, importance, 31, codes, block);
        Q5_0.Pack(codes, block[4..]);
    }
}
