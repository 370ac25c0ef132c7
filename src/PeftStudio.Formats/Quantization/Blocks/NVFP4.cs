using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 64 values in 36 bytes: four unsigned E4M3 scales, 8 bytes of nibbles for each 16 values (first 8 low, next 8 high).
/// Value = doubled(q)·scale/2 with <see cref="FourBitFloat"/>.
/// </summary>
internal abstract class NVFP4 : IBlockFormat
{
    private const int Width = 16;
    private const byte LargestScale = 0x7E; // 448; 0x7F is NaN in E4M3, and here zero

    public static GgmlType Type => GgmlType.NVFP4;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[Width];
        for (var g = 0; g < 4; g++)
        {
            Codes.UnpackNibbles(block.Slice(4 + (8 * g), 8), codes);
            FourBitFloat.Decode(codes);
            Codes.Scale(codes, 0, HalfScale(block[g]), values.Slice(g * Width, Width));
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[Width];
        for (var g = 0; g < 4; g++)
        {
            var group = values.Slice(g * Width, Width);
            block[g] = EncodeScale(MathF.Abs(Symmetric.LargestMagnitude(group)) / 6);
            var scale = HalfScale(block[g]);
            for (var i = 0; i < Width; i++) codes[i] = FourBitFloat.Nearest(group[i], scale);
            Codes.PackNibbles(codes, block.Slice(4 + (8 * g), 8));
        }
    }

    private static float HalfScale(byte bits) => bits is 0 or 0x7F ? 0 : Float8.FromE4M3((byte)(bits & 0x7F)) / 2;

    /// <summary>Rounds a scale to E4M3, halves up.</summary>
    private static byte EncodeScale(float scale)
    {
        if (!(scale > 0)) return 0;
        var bits = BitConverter.SingleToUInt32Bits(MathF.Min(scale, 448));
        var exponent = (int)(bits >> 23) - 127 + 7;
        if (exponent <= 0) return (byte)Math.Min(7, (int)((scale * 512) + 0.5f));

        // Adding the highest dropped bit to exponent and mantissa together carries by itself.
        var code = (exponent << 3) + (int)((bits >> 20) & 7) + (int)((bits >> 19) & 1);
        return (byte)Math.Min(code, LargestScale);
    }
}
