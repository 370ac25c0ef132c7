namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 256 values in 144 bytes: <see cref="SixBitScales"/>, 128 bytes of nibbles (each 32 bytes hold 64 values, the first 32 low).
/// Value = scale·q − minimum.
/// </summary>
internal abstract class Q4_K : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q4_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[64];
        for (var pair = 0; pair < 4; pair++)
        {
            Codes.UnpackNibbles(block.Slice(SixBitScales.Bytes + (32 * pair), 32), codes);
            for (var part = 0; part < 2; part++)
            {
                var (scale, minimum) = SixBitScales.Of(block, (2 * pair) + part);
                Codes.ScaleAdd(codes.Slice(32 * part, 32), scale, -minimum, values.Slice((64 * pair) + (32 * part), 32));
            }
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        SixBitScales.Quantize(values, importance, new(15, -1f, 0.1f, 20), codes, block[..SixBitScales.Bytes]);
        for (var pair = 0; pair < 4; pair++)
        {
            Codes.PackNibbles(codes.Slice(64 * pair, 64), block.Slice(SixBitScales.Bytes + (32 * pair), 32));
        }
    }
}
