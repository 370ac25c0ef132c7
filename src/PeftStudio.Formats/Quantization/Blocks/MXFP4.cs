namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>32 values in 17 bytes: exponent e, nibbles as in <see cref="Q4_0"/>. Value = doubled(q)·2^(e − 128) with <see cref="FourBitFloat"/>.</summary>
internal abstract class MXFP4 : IBlockFormat
{
    public static GgmlType Type => GgmlType.MXFP4;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Codes.UnpackNibbles(block[1..], codes);
        FourBitFloat.Decode(codes);
        Codes.Scale(codes, 0, HalfScale(block[0]), values);
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        var magnitude = MathF.Abs(Symmetric.LargestMagnitude(values));
        block[0] = magnitude > 0 ? (byte)(MathF.Floor(MathF.Log2(magnitude)) - 2 + 127) : (byte)0;
        var scale = HalfScale(block[0]);
        Span<sbyte> codes = stackalloc sbyte[32];
        for (var i = 0; i < codes.Length; i++) codes[i] = FourBitFloat.Nearest(values[i], scale);
        Codes.PackNibbles(codes, block[1..]);
    }

    /// <summary>2^(e − 128): half of the E8M0 value, subnormal for e below 2.</summary>
    private static float HalfScale(byte exponent) => BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x00200000u << exponent : (uint)(exponent - 1) << 23);
}
