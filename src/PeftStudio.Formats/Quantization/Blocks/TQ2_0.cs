namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>256 values of −d, 0, d in 66 bytes: 64 bytes of <see cref="TwoBits"/>, f16 d. Value = d·(q − 1).</summary>
internal abstract class TQ2_0 : IBlockFormat
{
    public static GgmlType Type => GgmlType.TQ2_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        TwoBits.Unpack(block[..64], codes);
        Codes.Scale(codes, -1, Codes.ReadHalf(block[64..]), values);
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        var d = MathF.Abs(Symmetric.LargestMagnitude(values));
        var inverse = d == 0 ? 0f : 1 / d;
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        for (var i = 0; i < codes.Length; i++) codes[i] = Digit(values[i] * inverse);
        TwoBits.Pack(codes, block[..64]);
        Codes.WriteHalf(block[64..], d);
    }

    /// <summary>0, 1 or 2 for a value between −1 and 1, halves away from zero.</summary>
    internal static sbyte Digit(float value) => (sbyte)(MathF.Round(value, MidpointRounding.AwayFromZero) + 1);
}
